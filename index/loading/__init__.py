"""Files into documents, sentences and passages."""
