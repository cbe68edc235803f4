"""The ways in for other programs. Each door only translates: it calls `Assistant` and hands on what that returns."""
