"""`sources.toml`: read, checked, changed."""
