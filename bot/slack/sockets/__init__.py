"""Socket Mode: connections that are opened, watched and replaced; what arrives goes to Bolt."""
