"""What an answer says before how things are: unknown names, counts, what Kaia never does; pure."""

from collections.abc import Iterator

from bot.agents.builtin.facts import Facts, Missing
from bot.languages import Phrases
from bot.languages.places import place_in

_UNNAMED = "name"


def preface(facts: Facts, number: int) -> Iterator[str]:
    if "secrets" in facts.asks_for:
        yield facts.say.no_secrets
    if "changes" in facts.asks_for:
        yield facts.say.ask_what_changed
    yield from _unknown(facts, number)
    if facts.intent in {"other", "where"}:
        yield from _counts(facts, number)


def is_all_there_is(facts: Facts) -> bool:
    """Whoever asks for a Secret and for nothing else wants to hear of nothing else."""
    return "secrets" in facts.asks_for and facts.intent == "other" and not facts.asked


def _unknown(facts: Facts, number: int) -> Iterator[str]:
    for each in facts.unknown:
        say = facts.say
        is_unnamed = each.kind == _UNNAMED
        form = say.sentence_nothing_is_called if is_unnamed else say.sentence_none_is_called
        where = place_in(say, each.where)
        told = form.format(kind=each.kind, name=each.name, where=where, number=number)
        yield told + maybe(each, say)


def maybe(missing: Missing, say: Phrases) -> str:
    """What was meant, perhaps."""
    likely = say.either.join(f"`{name}`" for name in missing.likely)
    return say.did_you_mean.format(names=likely) if likely else ""


def _counts(facts: Facts, number: int) -> Iterator[str]:
    say = facts.say
    for kind, names in facts.names.items():
        if kind != "Pod":
            told = ", ".join(f"`{name}`" for name in names) or say.none
            yield say.listed.format(kind=kind, count=len(names), names=told, number=number)
    if "Pod" in facts.names:
        states = ", ".join(f"{count} {state}" for state, count in facts.pods.items())
        total = sum(facts.pods.values())
        form = say.one_pod_is if total == 1 else say.pods_are
        told = f": {states}" if states else ""
        yield form.format(count=total, states=told, number=number)
