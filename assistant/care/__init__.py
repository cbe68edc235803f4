"""A corpus corrected, followed and kept current."""
