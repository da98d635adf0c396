"""What a kubectl tool gave back, read from its text; pure, and no text can break it."""

import re
from dataclasses import dataclass
from enum import Enum

from bot.dialogue import unfence

_RECEIPT = re.compile(r"\Areceipt (\d{1,9}):")
_AGAIN = re.compile(r"\Anot run again: receipt (?P<number>\d{1,9}) answers it: (?P<words>[^\n]*)")
_NO_CLUSTER = re.compile(r"no cluster can be seen\.?\s*(.*?)\s*(?:Say so,.*)?\Z", re.DOTALL)


class Kind(Enum):
    OK = "ok"
    NOT_FOUND = "not found"
    FORBIDDEN = "forbidden"
    REFUSED = "refused"
    NO_CLUSTER = "no cluster"
    NO_ANSWER = "no answer"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Seen:
    kind: Kind
    number: int | None = None
    """The receipt's; None where nothing was run."""
    words: str = ""
    """How it ended, or why nothing ran."""
    data: str = ""
    """What the cluster said."""

    @property
    def cited(self) -> str:
        return f" [{self.number}]" if self.number is not None else ""


def read(text: str) -> Seen:
    if again := _AGAIN.match(text):
        words = again["words"]
        return Seen(_kind(words, is_run=True), int(again["number"]), words, unfence(text))
    found = _RECEIPT.match(text)
    number = int(found[1]) if found else None
    head, _, rest = text.partition("\n")
    words = rest.partition("\n")[0] if number is not None else head
    if number is None and (none := _NO_CLUSTER.search(text)):
        return Seen(Kind.NO_CLUSTER, words=none[1])
    if "refused, not run" in head:
        return Seen(Kind.REFUSED, number, head.partition("not run:")[2].strip())
    return Seen(_kind(words, is_run=number is not None), number, words, unfence(text))


def _kind(words: str, *, is_run: bool) -> Kind:
    table = (
        (not is_run, Kind.FAILED),
        (words.startswith("exit 0"), Kind.OK),
        ("forbidden" in words, Kind.FORBIDDEN),
        ("not found" in words, Kind.NOT_FOUND),
        ("did not answer" in words or "credentials" in words, Kind.NO_ANSWER),
    )
    return next((kind for applies, kind in table if applies), Kind.FAILED)
