"""The composition root: builds everything, starts it, closes it in reverse; it decides nothing."""
