"""Nutrition, mothers and infants, insurance and disease: dashboard item 7."""
