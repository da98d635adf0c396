"""What the page tells somebody who has just opened it; whoever starts the playground says it."""

from dataclasses import dataclass

QUESTIONS = (
    "which pods are not healthy?",
    "is everything well in kube-system?",
    "is any node in trouble?",
)
"""Good ones of any cluster."""


@dataclass(frozen=True, slots=True)
class Welcome:
    banner: str = ""
    """Stands above everything while the page is open; none where it is empty."""
    questions: tuple[str, ...] = QUESTIONS
    """Proposed where nothing has been said yet, without the mention before them."""
