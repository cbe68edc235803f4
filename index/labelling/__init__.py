"""Sources.toml: read, checked, changed."""
