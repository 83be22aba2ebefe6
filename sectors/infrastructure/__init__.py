"""Roads, works, drought and water: dashboard item 5."""
