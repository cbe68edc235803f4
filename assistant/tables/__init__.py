"""Perspectives side by side, point by point."""
