"""What a conversation has come to: gathered, and told to the thread and to the ticket."""
