"""Pods that do not run as they should: from the image to the probe. Pure, as all checks are."""
