"""What Kaia says as Slack messages: markdown blocks and their plain fallback; pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from bot.dialogue import (
    Answer,
    Attachment,
    Closed,
    Decided,
    Failure,
    Notice,
    Outcome,
    Proposal,
    Receipt,
)
from bot.slack.wording.parts import split
from bot.slack.wording.proposals import (
    NOBODY,
    WITHOUT_BUTTONS,
    buttons_of,
    described,
    offered,
    verdict_of,
)
from bot.slack.wording.text import code, safe_markdown, safe_mrkdwn

# Slack takes 12,000 characters of Markdown in a message, measured nearer to 11 kB in all.
MARKDOWN_BYTES = 11_000
# Slack recommends 4,000 characters and has refused as few.
TEXT_BYTES = 3_500
_FALLBACK_BYTES = 300
_NUMBERING_BYTES = 40
_COMMAND_CHARACTERS = 300
_BEGINNING_CHARACTERS = 200
_LEAST_QUOTED_BYTES = 500
_CUT = "\n…"


@dataclass(frozen=True, slots=True)
class Post:
    """One message: its blocks, and the text that phones, screen readers and others show."""

    text: str
    blocks: tuple[dict[str, Any], ...] = ()
    plain: str = ""
    """What is said where Slack refuses the blocks; empty: what the markdown in them says."""


def posts(
    outcome: Outcome,
    *,
    cluster: str,
    link_hosts: Collection[str] = frozenset(),
    is_attached: bool = False,
    names: Mapping[str, str] = NOBODY,
) -> tuple[Post, ...]:
    """The messages that show an outcome; more than one where it is long, or proposes changes.

    `is_attached`: its attachment, where it has one, is in the thread. `names` are of users.
    """
    markdown = safe_markdown(worded(outcome, cluster), link_hosts)
    if isinstance(outcome, Notice) and outcome.attachment is not None:
        markdown += _about_file(outcome.attachment, markdown, is_attached=is_attached)
    parts = split(markdown, MARKDOWN_BYTES - _FALLBACK_BYTES - _NUMBERING_BYTES)
    said = tuple(_post(part, place, len(parts)) for place, part in enumerate(parts, start=1))
    proposals = outcome.proposals if isinstance(outcome, Answer) else ()
    return (*said, *(_proposed(one, cluster, names) for one in proposals))


def _proposed(proposal: Proposal, cluster: str, names: Mapping[str, str]) -> Post:
    markdown = offered(proposal, cluster, names)
    buttons = buttons_of(proposal, cluster)
    without = markdown if not buttons else f"{markdown}\n\n{WITHOUT_BUTTONS}"
    return Post(_plain_start(markdown), (_markdown_block(markdown), *buttons), without)


def settled(decided: Decided, *, cluster: str, names: Mapping[str, str] = NOBODY) -> Post:
    """The message of a proposal that is open no more: what was decided stands for its buttons."""
    markdown = described(decided.proposal, cluster, names)
    verdict = verdict_of(decided.verdict)
    whole = f"{markdown}\n\n{verdict}"
    blocks = (_markdown_block(markdown), _markdown_block(verdict))
    return Post(_plain_start(f"{verdict}\n\n{markdown}"), blocks, whole)


def _about_file(attachment: Attachment, markdown: str, *, is_attached: bool) -> str:
    """Where the whole is; and as much of it as fits here, if it could not be attached."""
    name = code(attachment.name)
    if is_attached:
        return f"\n\nAll of it is in the file {name}."
    said = f"\n\nThe file {name} could not be attached."
    beginning = attachment.text.strip()[:_BEGINNING_CHARACTERS]
    if not beginning or safe_markdown(_unfenced(beginning)) in markdown:
        return said
    room = MARKDOWN_BYTES - _FALLBACK_BYTES - _NUMBERING_BYTES - len((markdown + said).encode())
    if room < _LEAST_QUOTED_BYTES:
        return said
    text = _unfenced(attachment.text[:MARKDOWN_BYTES])
    first = split(safe_markdown(f"```\n{text}\n```"), room - _NUMBERING_BYTES)[0]
    return f"{said} As much of it as fits:\n{first}"


def _unfenced(text: str) -> str:
    """Three backticks in a row would end the fence around it early."""
    return text.replace("```", "'''")


def _post(markdown: str, place: int, of: int) -> Post:
    numbered = markdown if of == 1 else f"{markdown}\n\n_Part {place} of {of}_"
    return Post(_plain_start(numbered), (_markdown_block(numbered),))


def _markdown_block(markdown: str) -> dict[str, Any]:
    return {"type": "markdown", "text": markdown}


def _plain_start(markdown: str) -> str:
    return _fallback(markdown, min(TEXT_BYTES, MARKDOWN_BYTES - len(markdown.encode())))


def _fallback(markdown: str, room: int) -> str:
    """As much as there is room for: screen readers read this and none of the blocks."""
    first, *more = split(_plain(markdown), room - len(_CUT.encode()))
    return first + _CUT if more else first


def _plain(markdown: str) -> str:
    """For `text`. What is safe already is escaped once, together with its `&`."""
    return safe_mrkdwn(markdown.replace("&lt;", "<").replace("&gt;", ">")).strip() or "(empty)"


def plain_posts(post: Post) -> tuple[Post, ...]:
    """The same message without blocks, for a Slack that refuses them."""
    markdown = post.plain or "\n".join(block["text"] for block in post.blocks) or post.text
    return tuple(Post(part) for part in split(_plain(markdown), TEXT_BYTES))


def worded(outcome: Outcome, cluster: str) -> str:
    """The Markdown of an outcome before it is made safe."""
    match outcome:
        case Answer():
            return _answer(outcome)
        case Notice():
            return outcome.markdown
        case Failure():
            place = f"Cluster {code(cluster)} · reference" if cluster else "Reference"
            return f"{outcome.sentence}\n\n{place} {code(outcome.reference)}"
        case Decided():
            return _sections(outcome.markdown, _place(cluster), _receipts(outcome.receipts))
        case Closed():
            return outcome.markdown
        case _:
            assert_never(outcome)


def _answer(answer: Answer) -> str:
    remarks = "\n".join(f"_{remark}_" for remark in answer.remarks)
    return _sections(
        answer.verdict,
        answer.caveat.strip(),
        answer.markdown.strip(),
        remarks,
        _origin(answer),
        _receipts(answer.receipts),
    )


def _sections(*sections: str) -> str:
    return "\n\n".join(_with_closed_fence(section) for section in sections if section)


def _receipts(receipts: tuple[Receipt, ...]) -> str:
    return "\n".join(_receipt(receipt) for receipt in receipts)


def _place(cluster: str) -> str:
    return f"Cluster {code(cluster)} · times are UTC" if cluster else ""


def _with_closed_fence(markdown: str) -> str:
    """A fence the model left open would swallow what code lists below it."""
    fence = ""
    for line in markdown.splitlines():
        mark = line.strip()[:3]
        if mark in {"```", "~~~"}:
            fence = mark if not fence else ("" if mark == fence else fence)
    return f"{markdown}\n{fence}" if fence else markdown


def _origin(answer: Answer) -> str:
    parts = [f"Cluster {code(answer.cluster)}"]
    parts += [f"worded by {code(answer.source)}"] if answer.source else []
    parts += ["times are UTC"]
    return " · ".join(parts)


def _receipt(receipt: Receipt) -> str:
    command = receipt.command
    if len(command) > _COMMAND_CHARACTERS:
        command = f"{command[:_COMMAND_CHARACTERS]}…"
    return f"- {receipt.number} {code(command)} {_ending(receipt)}"


def _ending(receipt: Receipt) -> str:
    note = " ".join(receipt.note.split())
    if receipt.verdict == "refused":
        return f"refused: {note}" if note else "refused"
    if receipt.exit_code is None:
        return note or "did not end"
    return f"exit {receipt.exit_code}, {note}" if note else f"exit {receipt.exit_code}"
