"""What one turn does, from a claimed input to an outcome that has been shown."""
