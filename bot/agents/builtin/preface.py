"""What an answer says before how things are: unknown names, counts, what Kaia never does; pure."""

from collections.abc import Iterator

from bot.agents.builtin.facts import Facts

_NO_SECRETS = "I never read Secrets, so I can show none."
_CHANGES = "Ask `what changed?`, with nothing else, for what is different since my last look."
_UNNAMED = "name"


def preface(facts: Facts, number: int) -> Iterator[str]:
    if "secrets" in facts.asks_for:
        yield _NO_SECRETS
    if "changes" in facts.asks_for:
        yield _CHANGES
    yield from _unknown(facts, number)
    if facts.intent in {"other", "where"}:
        yield from _counts(facts, number)


def is_all_there_is(facts: Facts) -> bool:
    """Whoever asks for a Secret and for nothing else wants to hear of nothing else."""
    return "secrets" in facts.asks_for and facts.intent == "other" and not facts.asked


def _unknown(facts: Facts, number: int) -> Iterator[str]:
    for each in facts.unknown:
        none = "Nothing" if each.kind == _UNNAMED else f"No {each.kind}"
        likely = " or ".join(f"`{name}`" for name in each.likely)
        hint = f" Did you mean {likely}?" if likely else ""
        yield f"{none} {each.where} is called `{each.name}` [{number}].{hint}"


def _counts(facts: Facts, number: int) -> Iterator[str]:
    for kind, names in facts.names.items():
        if kind != "Pod":
            told = ", ".join(f"`{name}`" for name in names) or "none"
            yield f"{kind}, {len(names)}: {told} [{number}]."
    if "Pod" in facts.names:
        states = ", ".join(f"{count} {state}" for state, count in facts.pods.items())
        total = sum(facts.pods.values())
        yield f"{total} pod{'' if total == 1 else 's'}{': ' if states else ''}{states} [{number}]."
