"""Who prepares documents: a thread, processes, a cluster."""
