"""Agency news, mentions and response: dashboard item 9."""
