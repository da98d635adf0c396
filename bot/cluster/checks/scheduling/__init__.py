"""Pods that no node takes, and the arithmetic why. Pure, as all checks are."""
