"""A run as one HTML file: everything is in it, it asks for nothing, and it reads without script."""

from bot.evaluation.page.document import written

__all__ = ["written"]
