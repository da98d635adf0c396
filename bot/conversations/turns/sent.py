"""The exact input of the model, for whoever asks what was sent. It asks no model, and says plainly
where what it shows is not certain to be what was sent.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from bot.conversations.records import Call, Conversation, Sent
from bot.conversations.seams import Rebuild, Rebuilt
from bot.dialogue import Attachment, Notice, Tool
from bot.plaintext import clean

_NOTHING = (
    "Nothing was sent to a model in this conversation. Questions that fixed rules answer are sent"
    " nowhere; `show 1` shows the first command with its output."
)
_NO_SUCH = "No model was asked in question {turn} of this conversation. {which}"
_EQUAL = "Every hash kept with a request equals that of what the file shows."
_UNEQUAL = (
    "**{count} of them cannot be shown exactly as sent**: the file says which, and why. What it"
    " shows there is what is still kept."
)
_HEAD = """\
# What was sent to the model, question {turn}

Put together again from what is kept of the conversation, by the code that makes the requests. Each
request was kept as a SHA-256 hash; where the hash of what stands here equals it, this is exactly
what was sent. Secrets were taken out before anything was sent: where one stood, the text has the
mark that the model saw. Addresses, headers and keys are no part of it."""
_HIDDEN = (
    "In this file one more text was hidden as a secret that the model itself had worded: there the"
    " file differs from what was sent, although the hashes are equal."
)
_UNSEEN = (
    "Signs that cannot be seen, and what a terminal would obey, were left out of this file: there"
    " it differs from what was sent, although the hashes are equal."
)
_BUILT_IN = "builtin"
"""Label of the rules that are no model: nothing leaves the process."""


class Keeps(Protocol):
    async def sent(self, thread: str) -> tuple[Sent, ...]: ...


async def sent_notice(
    store: Keeps,
    thread: str,
    conversation: Conversation,
    rebuild: Rebuild,
    *,
    tools: Sequence[Tool],
    redact: Callable[[str], str],
    turn: int | None = None,
) -> Notice:
    """Of the latest question a model was asked in, or of that number. Raises StoreError."""
    asked = tuple(filter(None, map(_by_models, await store.sent(thread))))
    if not asked:
        return Notice(_NOTHING)
    number = len(asked) if turn is None else turn
    if not 1 <= number <= len(asked):
        return Notice(_NO_SUCH.format(turn=number, which=_which(len(asked))))
    sent = asked[number - 1]
    requests = rebuild(conversation.state, sent.calls, tools)
    return _notice(number, sent, requests, redact)


def _by_models(sent: Sent) -> Sent | None:
    calls = tuple(call for call in sent.calls if call.label != _BUILT_IN)
    return replace(sent, calls=calls) if calls else None


def _which(count: int) -> str:
    return f"There are questions 1 to {count}." if count > 1 else "There is only question 1."


def _notice(
    number: int, sent: Sent, requests: Sequence[Rebuilt], redact: Callable[[str], str]
) -> Notice:
    redacted = [redact(each.text) for each in requests]
    bodies = [clean(body) for body in redacted]
    differs = " ".join(_differences([each.text for each in requests], redacted, bodies))
    heads = ("\n".join(_head(*each)) for each in zip(_numbers(sent), requests, strict=True))
    parts = [
        _HEAD.format(turn=number),
        *([differs] if differs else []),
        *(f"{head}\n\n{body}" for head, body in zip(heads, bodies, strict=True)),
    ]
    unequal = sum(bool(each.problems) for each in requests)
    told = _UNEQUAL.format(count=unequal) if unequal else _EQUAL
    labels = ", ".join(dict.fromkeys(f"`{call.label}`" for call in sent.calls))
    markdown = (
        f"For question {number}, at {_spoken(sent.at)}, {_counted(len(requests))} went to {labels}."
        f" {told} {differs}"
    )
    # Of a .txt nothing is changed on its way: what is Markdown in it is shown as it was sent.
    return Notice(markdown.rstrip(), Attachment(f"sent-{number}.txt", "\n\n".join(parts) + "\n"))


def _differences(
    texts: Sequence[str], redacted: Sequence[str], bodies: Sequence[str]
) -> Iterator[str]:
    if [*texts] != [*redacted]:
        yield _HIDDEN
    if [*redacted] != [*bodies]:
        yield _UNSEEN


def _numbers(sent: Sent) -> Iterator[tuple[int, Call, float]]:
    for number, call in enumerate(sent.calls, 1):
        yield number, call, call.recipe.get("at", sent.at)


def _head(numbered: tuple[int, Call, float], rebuilt: Rebuilt) -> Iterator[str]:
    number, call, at = numbered
    yield f"## Request {number}: {call.label}, {_spoken(at)}\n"
    yield f"- hash kept with it: {call.digest}"
    yield f"- hash of what stands here: {rebuilt.digest}"
    if not rebuilt.problems:
        yield "- they are equal: this is what was sent"
        return
    yield "- THEY DIFFER: what stands here is not exactly what was sent"
    yield from (f"- {problem}" for problem in rebuilt.problems)


def _spoken(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _counted(number: int) -> str:
    return f"{number} request" + ("" if number == 1 else "s")
