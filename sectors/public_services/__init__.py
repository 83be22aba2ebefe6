"""Satisfaction, complaints and compliance: dashboard item 6."""
