"""What a sentence must pass before anybody reads it."""
