"""What Kaia posts and shows: calls of the Web API, each in its place in the line."""
