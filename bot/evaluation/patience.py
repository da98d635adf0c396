"""Tells a model that answers badly from one that is gone: of the latter no run is made.

An attempt that the built-in wording had to answer says something of a model that sometimes gives
out, and nothing of one whose server, key or quota is not there at all.
"""

from collections.abc import Callable, Sequence

from bot.errors import EvaluationError
from bot.evaluation.results import Attempt

IN_A_ROW = 5
_GONE = (
    "{label} has answered none of the last {count} attempts, so nothing more is tried, and these"
    " are not kept. The last of them: {why} See to the model first; `kaia doctor` tells more."
)
_NEVER_THERE = (
    "{label} has answered in no attempt of this run, which says nothing of it: what was tried now"
    " is not kept. The last of them: {why} See to the model first; `kaia doctor` tells more."
)


class Patience:
    """Hands on attempts in the order in which they end, those without the model once it is back."""

    def __init__(
        self, label: str, keep: Callable[[Attempt], None], kept: Sequence[Attempt] = ()
    ) -> None:
        """`kept` are those that the run has already."""
        self._label = label
        self._keep = keep
        self._has_answered = not all(map(_without_the_model, kept))
        self._held: list[Attempt] = []

    def ended(self, attempt: Attempt) -> None:
        """Raises EvaluationError where the model is gone."""
        self._held.append(attempt)
        if not _without_the_model(attempt):
            self._has_answered = True
            self._hand_on()
        elif len(self._held) >= IN_A_ROW:
            raise self._gone(_GONE)

    def over(self) -> None:
        """Nothing more comes: what is held counts, unless nothing ever came of the model. Raises
        EvaluationError.
        """
        if self._held and not self._has_answered:
            raise self._gone(_NEVER_THERE)
        self._hand_on()

    def _hand_on(self) -> None:
        held, self._held = self._held, []
        for each in held:
            self._keep(each)

    def _gone(self, sentence: str) -> EvaluationError:
        why = _why(self._held[-1])
        return EvaluationError(sentence.format(label=self._label, count=len(self._held), why=why))


def _without_the_model(attempt: Attempt) -> bool:
    return any(each.sort == "other wording" for each in attempt.problems)


def _why(attempt: Attempt) -> str:
    return next(each.sentence for each in attempt.problems if each.sort == "other wording")
