"""Measures what users wait for, beside the plainest program that could do the same."""
