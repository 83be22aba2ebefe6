"""Budget, revenue and oil and gas shares: dashboard item 2."""
