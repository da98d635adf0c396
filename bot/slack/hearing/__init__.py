"""What people say and press: judged, read, handed over."""
