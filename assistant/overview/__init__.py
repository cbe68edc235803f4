"""A corpus at a glance."""
