"""Names that are nearly the same, and how labels differ; pure."""

import difflib
from collections.abc import Iterable, Mapping


def did_you_mean(name: str, known: Iterable[str], most: int = 2) -> tuple[str, ...]:
    """Names like this one, the likeliest first."""
    return tuple(difflib.get_close_matches(name, sorted({*known} - {name}), n=most, cutoff=0.6))


def spoken_hint(likely: Iterable[str]) -> str:
    """` Did you mean …?` with its leading space, or nothing."""
    names = [f"`{each}`" for each in likely]
    return f" Did you mean {' or '.join(names)}?" if names else ""


def differing(wanted: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """Of the wanted labels those that `found` has otherwise or not at all, with its value."""
    return {k: found.get(k, "") for k, v in wanted.items() if found.get(k) != v}
