"""What a scenario that was made holds, and from when, in sentences; pure."""

from collections.abc import Iterator

from bot.recordings.incident.making import Incident, Made


def as_of(made: Made, incident: Incident) -> str:
    """How the cluster is in it: as it was, or as it is."""
    if incident.kept is None and made.is_read_now:
        return f"as it is now, at {made.at:%Y-%m-%d %H:%M} UTC"
    return f"as it was at {made.at:%Y-%m-%d %H:%M} UTC"


def counted(made: Made, incident: Incident) -> Iterator[str]:
    """What is in it, and how many of each."""
    for origin, count in made.counts.items():
        if count:
            yield f"{_many(count, 'object')} {origin.value}"
    answering = sum(each.answers for each in incident.receipts)
    outputs = _many(answering, "output")
    yield f"{outputs} of commands, which a replay by `kaia eval` gives again"


def lacking(made: Made, incident: Incident) -> Iterator[str]:
    """What a reader has to know about it, in whole sentences; nothing where it is whole."""
    if not made.is_read_now:
        yield "The cluster did not answer: only what was kept of the conversation is in it."
    if incident.kept is None and made.is_read_now:
        yield (
            "Of this conversation no look was kept: what is in it is the cluster as it is now, and"
            " may be mended already."
        )
    elif incident.kept is None:
        yield "No look was kept either: it holds what commands of the conversation said."
    if gaps := len(made.recorded.gaps):
        stand = "stands" if gaps == 1 else "stand"
        yield f"{_many(gaps, 'thing')} not read {stand} in `recording.json`."


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
