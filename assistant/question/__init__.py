"""What a question means, takes for granted and leads to."""
