"""Who speaks where in a document, by rule."""
