"""States of an index copied elsewhere, and from there."""
