"""Residents and civil documents: dashboard item 4."""
