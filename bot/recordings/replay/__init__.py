"""A recording served on loopback, so that kubectl reads it as it reads a cluster."""
