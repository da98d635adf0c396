"""What is told, put into meters and spans; a word that is on no list is put there as `other`."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.telemetry.meters import Meters
from bot.telemetry.seams import Activity, Doing, Happening
from bot.telemetry.spans import NO_SPANS, Spans
from bot.telemetry.words import OUTCOMES, Vocabulary, known, outcome_of


class Measured:
    """Implements `Telemetry`."""

    def __init__(
        self,
        meters: Meters,
        vocabulary: Vocabulary,
        spans: Spans = NO_SPANS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.meters = meters
        self._vocabulary = vocabulary
        self._spans = spans
        self._clock = clock

    @contextmanager
    def doing(self, what: Activity, word: str, turn: str = "") -> Iterator[Doing]:
        said, under_way, began = self._known(what, word), _Doing(), self._clock()
        with self._spans.span(what, said, turn) as span:
            try:
                yield under_way
            except BaseException as error:
                under_way.outcome = under_way.outcome or outcome_of(error)
                raise
            finally:
                outcome = known(under_way.outcome or "done", OUTCOMES[what])
                self.meters.took(what, said, outcome, self._clock() - began)
                span.ends(outcome, under_way.numbers)

    def count(self, what: Happening, word: str = "", by: float = 1) -> None:
        self.meters.count(what, self._known(what, word), by)

    def _known(self, what: Activity | Happening, word: str) -> str:
        return known(word, self._vocabulary.get(what, ()))


class _Doing:
    def __init__(self) -> None:
        self.outcome = ""
        self.numbers: dict[str, float] = {}

    def ends(self, outcome: str) -> None:
        self.outcome = outcome

    def notes(self, **numbers: float) -> None:
        self.numbers.update(numbers)
