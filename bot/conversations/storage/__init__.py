"""What is kept: the tables, where they are, and every statement on them; it runs no turn."""
