"""Buttons below what Kaia says that change nothing in the cluster: ratings, a close-out's; pure."""

from typing import Any

from bot.languages import ENGLISH, Phrases
from bot.slack.hearing.presses import BROADCAST, EXPORT, RATING
from bot.slack.wording.post import ACTIONS, RATING_BLOCK, plain_text

GOOD = "good"
BAD = "bad"
_TURN_CHARACTERS = 300


def rating_of(turn: str, say: Phrases = ENGLISH) -> tuple[dict[str, Any], ...]:
    """Whether the answer of this turn helped; nothing where no press could say which turn."""
    if not turn or len(turn) > _TURN_CHARACTERS:
        return ()
    element = {
        "type": "feedback_buttons",
        "action_id": RATING,
        "positive_button": _rating(say.helpful, f"{GOOD}:{turn}", say.rate_helpful),
        "negative_button": _rating(say.not_helpful, f"{BAD}:{turn}", say.rate_not_helpful),
    }
    return ({"type": RATING_BLOCK, "elements": [element]},)


def _rating(label: str, value: str, read_out: str) -> dict[str, Any]:
    return {"text": plain_text(label), "value": value, "accessibility_label": read_out}


def closing_of(turn: str) -> tuple[dict[str, Any], ...]:
    """Posts what stands above to the channel, or puts the incident as a scenario below it."""
    read_out = "Post this summary to the channel, for everybody there"
    posts = _button(BROADCAST, "Post to the channel", read_out, turn)
    read_out = "Put the incident as a scenario into this thread, in a file"
    exports = _button(EXPORT, "Export as a scenario", read_out, turn)
    return ({"type": ACTIONS, "block_id": "kaia_closing", "elements": [posts, exports]},)


def _button(action: str, label: str, read_out: str, turn: str) -> dict[str, Any]:
    button: dict[str, Any] = {
        "type": "button",
        "action_id": action,
        "text": plain_text(label),
        "accessibility_label": read_out,
    }
    if turn and len(turn) <= _TURN_CHARACTERS:
        button["value"] = turn
    return button
