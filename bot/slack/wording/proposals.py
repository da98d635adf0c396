"""A proposal as people see it before they decide: all of it, or no buttons below it; pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from bot.dialogue import Proposal
from bot.plaintext import clean
from bot.slack.hearing.presses import APPROVE, REJECT
from bot.slack.wording.parts import split
from bot.slack.wording.text import code, safe_markdown

NOBODY: Mapping[str, str] = MappingProxyType({})
WITHOUT_BUTTONS = (
    "Slack did not take the buttons for this change, so it cannot be approved here, and nothing"
    " of it runs. Ask me for it again, or run the command yourself."
)

_TOO_LONG_TO_APPROVE = (
    "This command is too long to be shown whole, and nobody should approve what they cannot read:"
    " there are no buttons for it. Ask me for a smaller change, or run the command yourself."
)
_COMMAND_BYTES = 6_000
_SECTION_BYTES = 900
_REASON_BYTES = 400
_VERDICT_BYTES = 300
# Slack takes 300 characters in a dialog; what it escapes may count several times.
_DIALOG_CHARACTERS = 270
_NAME_CHARACTERS = 80
_MORE = "…"


def offered(proposal: Proposal, cluster: str, names: Mapping[str, str]) -> str:
    """What it is and until when somebody may decide about it. Safe Markdown."""
    until = datetime.fromtimestamp(proposal.expires, UTC)
    says = f"Nothing has been changed yet. It can be approved until {until:%H:%M:%S} UTC"
    whole = "" if is_shown_whole(proposal.command) else f"\n\n{_TOO_LONG_TO_APPROVE}"
    return f"{described(proposal, cluster, names)}\n\n{says} ({until:%Y-%m-%d}).{whole}"


def described(proposal: Proposal, cluster: str, names: Mapping[str, str]) -> str:
    """What it is, whether or not it is still open. Safe Markdown."""
    asker = names.get(proposal.asked_by) or proposal.asked_by
    asked = [f"Asked by {_name(asker)}", f"cluster {_name(cluster)}" if cluster else ""]
    sections = (
        "**Proposed change**",
        f"```\n{_command(proposal.command)}\n```",
        f"**Now:** {_line(proposal.present, _SECTION_BYTES)}",
        f"**Effect:** {_line(proposal.effect, _SECTION_BYTES)}",
        f"**Undo:** {_line(proposal.undo, _SECTION_BYTES)}",
        f"**Reason, in the model's words:** {_line(proposal.reason, _REASON_BYTES)}",
        " · ".join(part for part in asked if part),
    )
    return "\n\n".join(sections)


def verdict_of(verdict: str) -> str:
    """What was decided. Safe Markdown."""
    return _line(verdict, _VERDICT_BYTES)


def is_shown_whole(command: str) -> bool:
    """What people read is letter by letter what would run."""
    read = _command(command).replace("&lt;", "<").replace("&gt;", ">")
    return read == command and "\n" not in command


def buttons_of(proposal: Proposal, cluster: str) -> tuple[dict[str, Any], ...]:
    """Approve and Reject; none where the command cannot be shown as it would run."""
    if not is_shown_whole(proposal.command):
        return ()
    where = f" on the cluster {cluster}" if cluster else ""
    approve = _button(
        APPROVE,
        proposal.id,
        "Approve",
        _dialog("Run this change?", f"This runs{where}:", proposal.command, "Approve and run"),
    )
    reject = _button(
        REJECT,
        proposal.id,
        "Reject",
        _dialog("Reject this change?", "This will not run:", proposal.command, "Reject"),
    )
    elements = [approve | {"style": "primary"}, reject]
    return ({"type": "actions", "block_id": "kaia_proposal", "elements": elements},)


def _button(action: str, value: str, label: str, dialog: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": action,
        "value": value,
        "text": _plain_text(label),
        "confirm": dialog,
    }


def _dialog(title: str, above: str, command: str, does: str) -> dict[str, Any]:
    text = f"{above}\n{command}"
    if len(text) > _DIALOG_CHARACTERS:
        below = "… (the message shows all of it)"
        text = f"{text[: _DIALOG_CHARACTERS - len(below)]}{below}"
    return {
        "title": _plain_text(title),
        "text": _plain_text(text),
        "confirm": _plain_text(does),
        "deny": _plain_text("Go back"),
    }


def _plain_text(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def _command(command: str) -> str:
    """What stands inside of its fence."""
    fenced = safe_markdown("\n".join(("```", command.replace("```", "'''"), "```")))
    return _cut(fenced[4:-4], _COMMAND_BYTES)


def _name(name: str) -> str:
    return safe_markdown(code(name[:_NAME_CHARACTERS]))


def _line(text: str, most: int) -> str:
    """On one line, so that nobody's words look like another of the parts, or swallow one."""
    return _cut(safe_markdown(" ".join(clean(text).split())), most) or "not said"


def _cut(text: str, most: int) -> str:
    first, *more = split(text, most)
    return f"{first}{_MORE}" if more else first
