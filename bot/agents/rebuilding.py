"""Puts requests to a model together again from what is kept, and says where that is not certain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.agents.printing import as_markdown
from bot.agents.request import FORGOT, note_of, system_message
from bot.agents.sent import Dumped, Sent, digest_of, dumped, messages_in
from bot.agents.workbench import schema_of
from bot.dialogue import Tool

_OTHER_RELEASE = "Kaia's own instructions are not those of today's release."
_OTHER_SYSTEM = "What stands around Kaia's instructions is put together differently today."
_OTHER_TOOLS = "The tools, or their descriptions, are not those that are offered today."
_OTHER_MESSAGES = (
    "The messages are not kept as they were: the conversation has been shortened since, to fit the"
    " model's window, or its memory is another release's."
)
_NO_MEMORY = "Nothing of the conversation's memory is kept, or another release wrote it."
_OTHER = "Something else differs that is not kept by itself."


class Kept(Protocol):
    """`sent.Call`, as it comes back from where it was kept."""

    @property
    def digest(self) -> str: ...

    @property
    def prompt_digest(self) -> str: ...

    @property
    def recipe(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Rebuilt:
    text: str
    """Markdown, every text of the request in a fence of its own, as it is."""
    digest: str
    problems: tuple[str, ...]
    """Why it is not what was sent, in sentences; none where the hashes are equal."""


def rebuilt(
    calls: Sequence[Kept],
    *,
    saved: Mapping[str, Any] | None,
    prompt: str,
    tools: Sequence[Tool],
) -> tuple[Rebuilt, ...]:
    """All requests of one run, in order."""
    kept = messages_in(saved)
    whole = list(_whole(calls, kept, prompt, tools))
    texts = as_markdown(whole)
    return tuple(
        Rebuilt(text, sent.digest, tuple(_problems(call, sent, prompt, kept)))
        for call, sent, text in zip(calls, whole, texts, strict=True)
    )


def _whole(
    calls: Sequence[Kept], kept: Sequence[Dumped], prompt: str, tools: Sequence[Tool]
) -> Iterator[Sent]:
    schemas = {tool.name: schema_of(tool) for tool in tools}
    heard = kept
    for call in calls:
        recipe = call.recipe
        base = heard if recipe.get("from") == "before" else kept
        heard = (*base[: recipe.get("messages", 0)], *recipe.get("then", ()))
        system = system_message(prompt, recipe.get("situation", ""))
        yield Sent(
            system + FORGOT if recipe.get("forgot") else system,
            (*heard, *(dumped(note_of(name)) for name in recipe.get("notes", ()))),
            tuple(schemas[name] for name in recipe.get("tools", ()) if name in schemas),
            recipe.get("options", {}),
        )


def _problems(call: Kept, sent: Sent, prompt: str, kept: Sequence[Dumped]) -> Iterator[str]:
    if sent.digest == call.digest:
        return
    then, now = call.recipe.get("digests", {}), sent.digests
    differing = [name for name in now if now[name] != then.get(name)]
    if "system" in differing:
        is_other = digest_of(prompt) != call.prompt_digest
        yield _OTHER_RELEASE if is_other else _OTHER_SYSTEM
    if "tools" in differing:
        yield _OTHER_TOOLS
    if "messages" in differing:
        yield _OTHER_MESSAGES if kept else _NO_MEMORY
    if not differing:
        yield _OTHER
