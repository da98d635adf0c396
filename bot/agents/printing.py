"""Pure: requests to a model as Markdown, each text unchanged in a fence that it cannot end."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.agents.sent import Dumped, Sent, same_at_first

_TICKS = re.compile("`{3,}")


def as_markdown(requests: Sequence[Sent]) -> tuple[str, ...]:
    """What a request has in common with the one before it is named there, not shown again."""
    return tuple(
        "\n\n".join(_parts(request, requests[number - 1] if number else None, number))
        for number, request in enumerate(requests)
    )


def _parts(request: Sent, before: Sent | None, number: int) -> Iterator[str]:
    as_before = f"As in request {number}."
    for title, now, then in (
        ("Options", request.options, before and before.options),
        ("Instructions", request.system, before and before.system),
        ("Tools", list(request.tools), before and list(before.tools)),
    ):
        yield f"### {title}\n\n{as_before if before and now == then else _in_fence(now)}"
    same = same_at_first(before.messages, request.messages) if before else 0
    if same:
        yield f"### Messages 1 to {same}\n\n{as_before}"
    for place, message in enumerate(request.messages[same:], same + 1):
        yield from _message(place, message)


def _message(place: int, message: Dumped) -> Iterator[str]:
    content = message["content"]
    match message["type"]:
        case "FunctionExecutionResultMessage":
            for result in content:
                title = f"result of {result['name']} ({result['call_id']})"
                yield _titled(place, title, result["content"])
        case "AssistantMessage":
            if message.get("thought"):
                yield _titled(place, "model, beside it", message["thought"])
            is_call = not isinstance(content, str)
            yield _titled(place, "model, calls" if is_call else "model", content)
        case _:
            yield _titled(place, "user", content)


def _titled(place: int, title: str, content: Any) -> str:
    return f"### Message {place}: {title}\n\n{_in_fence(content)}"


def _in_fence(content: Any) -> str:
    is_text = isinstance(content, str)
    text = content if is_text else json.dumps(content, indent=2, ensure_ascii=False)
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{'text' if is_text else 'json'}\n{text}\n{ticks}"
