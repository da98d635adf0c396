"""What is said, to people and to the model, of changes that may be proposed; pure."""

from bot.settings import Settings, Writes


def for_people(settings: Settings) -> str:
    """Behind a sentence that says that Kaia only reads."""
    if settings.writes == "off":
        return ""
    return (
        f" I can propose changes {_places(settings.file.writes)}: one is made only once somebody"
        " who may approve it has."
    )


def for_the_model(settings: Settings) -> str:
    """The prompt says that Kaia only reads, which is so for every other tool."""
    if settings.writes == "off":
        return ""
    return (
        f"\nWith the tool propose_change you may propose changes {_places(settings.file.writes)},"
        " and nowhere else. It changes nothing: people decide about each, and with the next"
        " question you are told what became of it."
    )


def _places(writes: Writes) -> str:
    names = ", ".join(sorted(writes.namespaces))
    places = [f"in {names}" if names else "", "of nodes" if writes.nodes else ""]
    return " and ".join(filter(None, places))
