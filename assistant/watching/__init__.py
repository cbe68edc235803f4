"""Questions asked again, and what changed since."""
