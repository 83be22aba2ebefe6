"""Poverty, aid and protection: dashboard item 1."""
