"""Shapes of the regions and the maps drawn from them.

Every shape is in the metric system of the regency's profile. Refuses to pass an approximate shape off as a
border: whatever was not installed from a boundary file is flagged.
"""
