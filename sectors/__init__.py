"""One folder per sector; each is found by its sector.yml and imported by name, never by another."""
