"""Perspectives proposed for what has no label."""
