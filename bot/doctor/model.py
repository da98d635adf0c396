"""Whether the model that would be asked is there and fit for the work; it is not asked anything."""

from bot.agents.probe import probe
from bot.doctor.checks import Check
from bot.settings import Settings

_UNTIL_THEN = "Until then Kaia words its answers by built-in rules, as with KAIA_MODEL=builtin."


async def check_model(settings: Settings) -> Check:
    """That a model nobody has asked for is not there is no failure."""
    found = await probe(settings)
    sentence, advice = found.sentences[0], " ".join(found.sentences[1:])
    if found.is_usable:
        return Check("model", "warning" if advice else "ok", sentence, advice)
    is_asked_for = bool({"model", "ollama_host"} & settings.model_fields_set)
    more = f"{advice} {_UNTIL_THEN}".strip()
    return Check("model", "failed" if is_asked_for else "warning", sentence, more)
