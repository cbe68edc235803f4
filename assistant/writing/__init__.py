"""A model that writes, and all that it is told."""
