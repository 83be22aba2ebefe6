"""Sector: $name_en."""
