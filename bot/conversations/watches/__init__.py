"""What people want to hear of later: read from their words, kept in rows, followed, told once."""
