"""The home tab as Slack's blocks, within its limits; pure."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from bot.dialogue import Home, RecentTalk, Thread
from bot.slack.wording.text import safe_mrkdwn

Block = dict[str, Any]

_MOST_LINES = 30
_MOST_RECENT = 20
_SECTION_CHARACTERS = 3_000
_QUESTION_CHARACTERS = 150
_LABEL_CHARACTERS = 75
_CHANNEL = re.compile(r"[A-Z0-9]{2,30}")
_STAMP = re.compile(r"\d{1,20}\.\d{1,10}")


def shown(home: Home, workspace_url: str) -> Block:
    """`workspace_url` as Slack's auth.test says it; nothing is linked but what lies below it."""
    blocks = [_header("Kaia"), *(_line(*line) for line in home.lines[:_MOST_LINES])]
    blocks += [{"type": "divider"}, _header("Your recent conversations")]
    blocks += [_talk(talk, workspace_url) for talk in home.recent[:_MOST_RECENT]]
    if not home.recent:
        blocks.append(_section("None yet."))
    return _view(blocks)


def refused(why: str) -> Block:
    """For whoever may not ask: that, and nothing else."""
    told = _cut(safe_mrkdwn(why)).strip() or "I have nothing to show here."
    return _view([_header("Kaia"), _section(told)])


def link_to(thread: Thread, workspace_url: str) -> str:
    """Where the thread begins, in the own workspace; nothing where that cannot be said."""
    parts = urlsplit(workspace_url)
    is_ours = parts.scheme == "https" and parts.netloc and "@" not in parts.netloc
    if not (is_ours and _CHANNEL.fullmatch(thread.channel) and _STAMP.fullmatch(thread.ts)):
        return ""
    return f"https://{parts.netloc}/archives/{thread.channel}/p{thread.ts.replace('.', '')}"


def _view(blocks: list[Block]) -> Block:
    return {"type": "home", "blocks": blocks}


def _header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": text}}


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _line(label: str, value: str) -> Block:
    return _section(_cut(f"*{safe_mrkdwn(_one_line(label, 100))}*\n{safe_mrkdwn(value)}"))


def _talk(talk: RecentTalk, workspace_url: str) -> Block:
    question = _one_line(talk.question, _QUESTION_CHARACTERS) or "(without words)"
    when = datetime.fromtimestamp(talk.updated, UTC)
    state = "open" if talk.is_open else "closed"
    said = f"{safe_mrkdwn(question)}\n{state}, last used {when:%Y-%m-%d %H:%M} UTC"
    section = _section(_cut(said))
    if url := link_to(talk.thread, workspace_url):
        section["accessory"] = {
            "type": "button",
            "action_id": "kaia_open_conversation",
            "text": {"type": "plain_text", "text": "Open"},
            "url": url,
            "accessibility_label": _one_line(f"Open: {question}", _LABEL_CHARACTERS),
        }
    return section


def _one_line(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _cut(text: str) -> str:
    """Never within an escaped sign, of which half would be shown."""
    if len(text) <= _SECTION_CHARACTERS:
        return text
    return re.sub(r"&[a-z]{0,4}$", "", text[: _SECTION_CHARACTERS - 1]) + "…"
