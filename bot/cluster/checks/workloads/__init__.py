"""What makes pods: whether it has as many as it wants, and what refuses them. Pure."""
