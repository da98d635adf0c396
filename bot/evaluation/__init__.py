"""Recorded incidents asked of the whole engine with any model, and graded by code."""
