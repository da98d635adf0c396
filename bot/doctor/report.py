"""The doctor's findings as lines; it decides nothing."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from bot.doctor.checks import Check
from bot.plaintext import clean

_INDENT = " " * 9


def report(checks: Sequence[Check], *, as_json: bool) -> str:
    """One JSON object a line, or a line for each check with its advice below it."""
    if as_json:
        return "\n".join(json.dumps(asdict(check)) for check in checks)
    return "\n".join(line for check in checks for line in _lines(check))


def _lines(check: Check) -> list[str]:
    sentence, advice = (clean(text).replace("\n", " ") for text in (check.sentence, check.advice))
    first = f"{check.state:<9}{check.name}: {sentence}"
    return [first, f"{_INDENT}→ {advice}"] if advice else [first]
