"""Pure: what each question of a conversation came to, kept in short for whoever looks back."""

from collections.abc import Mapping
from typing import Any

from bot.conversations.records import Turn
from bot.conversations.seams import Conclusion
from bot.dialogue import Answer
from bot.languages import speaking

FINDINGS = "findings"
_MOST = 50
_QUESTION_CHARS = 200


def noted(
    notes: Mapping[str, Any], turn: Turn, answer: Answer, conclusion: Conclusion
) -> list[dict[str, Any]]:
    """Those of before and this one, the oldest first; bounded. `at` is seconds since the epoch."""
    said = turn.said
    # So begins the remark on what an answer leaves out.
    unchecked = speaking(answer.language).not_checked.partition("{")[0]
    found = {
        "turn": said.id,
        "at": said.received,
        "by": said.speaker,
        "question": said.text[:_QUESTION_CHARS],
        "verdict": answer.verdict,
        "lead": list(answer.lead),
        "says": conclusion.says,
        "about": [list(each) for each in conclusion.about],
        "within": list(conclusion.within),
        "unchecked": [line for line in answer.remarks if line.startswith(unchecked)],
    }
    return [*notes.get(FINDINGS, ()), found][-_MOST:]
