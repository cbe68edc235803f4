"""What was found, shown without a model: quotes, silence, echoes."""
