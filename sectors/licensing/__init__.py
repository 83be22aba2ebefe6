"""Permits and investment: dashboard item 8."""
