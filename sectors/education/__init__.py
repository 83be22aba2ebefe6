"""School participation and out-of-school children: dashboard item 3."""
