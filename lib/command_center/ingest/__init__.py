"""Where tables come in: read, hashed and checked, never changed on the way."""
