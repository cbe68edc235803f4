"""How well all of it works, in figures."""
