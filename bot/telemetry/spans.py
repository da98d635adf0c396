"""What a trace is made of, whoever takes it: kinds, ids, numbers. Here nobody does."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Final, Protocol

from bot.telemetry.seams import Activity


class Span(Protocol):
    def ends(self, outcome: str, numbers: Mapping[str, float]) -> None: ...


class Spans(Protocol):
    def span(self, what: Activity, word: str, turn: str) -> AbstractContextManager[Span]:
        """Below the one that is under way. `turn` begins a new one, or goes on with that of the
        replica on which the turn came in; without either there is nothing to be part of.
        """

    async def close(self) -> None:
        """Sends what is left, for two seconds at most."""


class _NoSpan:
    def ends(self, outcome: str, numbers: Mapping[str, float]) -> None:
        del outcome, numbers


class _NoSpans:
    @contextmanager
    def span(self, what: Activity, word: str, turn: str) -> Iterator[Span]:
        del what, word, turn
        yield NO_SPAN

    async def close(self) -> None: ...


NO_SPAN: Final = _NoSpan()
NO_SPANS: Final = _NoSpans()
