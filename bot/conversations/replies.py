"""Pure: what Kaia says by herself, without a model: help, status, stopped, a receipt again."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.conversations.records import Learnt, Outlook, Stopped, Turn
from bot.conversations.spans import spoken_seconds
from bot.dialogue import Answer, Failure, Input, Notice
from bot.languages import ENGLISH, Phrases, speaking

_QUOTED = 80
_NAMED = 40

HELP = """\
Ask me about the cluster in your own words. I look with `kubectl`, read-only, and say what I found.

- Replies in this thread go on without a mention; while you talk with each other I only listen.
- `instead …` drops what I am doing here for something else.
- `stop` ends what I am doing here and drops what waits.
- `status` says what I am doing here.
- `show 3` shows command 3 with its output, `rerun 3` runs it again and says what differs.
- `what changed?` compares the cluster with how it was when this conversation began.
- `watch deployment/web until ready` says once when that is so, or gets worse; `unwatch` ends it.
- `chart` draws pods by state, restarts and events.
- `summary` sums up; `what did you send` shows what the model was given.
- `export` gives the incident as a scenario, in a file: the cluster as it was, for any model to try.
- Text files and voice clips are read with what you write.
- `forget` deletes what I keep of this conversation.
- `Thanks!` closes the conversation with a close-out for the ticket; a mention opens it again."""

NOT_AT_WORK = "You're welcome! Nothing is open here; mention me with a question whenever you like."

NO_CLUSTER_THEN = (
    "I have no picture of the cluster from the beginning of this conversation to compare with:"
    " ask me a question about it first."
)

NO_WATCHES = (
    "I can watch things only where I can say something later on: in Slack. Ask me about it again in"
    " a while."
)

CANNOT_BE_KEPT = (
    "My answer is ready, but my store cannot be written right now, so I do not show it yet: what is"
    " not kept could come twice. It comes by itself once the store is back; you need not ask again."
)


def greeting(about: str) -> Notice:
    return Notice(f"Hello! {about.strip()}\n\n{HELP}".strip())


def help_notice(about: str) -> Notice:
    return Notice(f"{HELP}\n\n{about.strip()}".strip())


def with_repetition(learnt: Learnt, turn: Turn) -> Learnt:
    """One line where an earlier attempt had ended in the middle of the work."""
    if turn.attempt <= 1:
        return learnt
    say = speaking(getattr(learnt.outcome, "language", ""))
    line = say.restarted if turn.crashes else say.interrupted
    match learnt.outcome:
        case Answer() as answer:
            return replace(learnt, outcome=replace(answer, remarks=(*answer.remarks, line)))
        case Notice() as notice:
            told = replace(notice, markdown=f"{notice.markdown}\n\n{line}")
            return replace(learnt, outcome=told)
        case Failure() as failure:
            sentence = f"{failure.sentence.rstrip()} {line}"
            return replace(learnt, outcome=replace(failure, sentence=sentence))
        case _:
            return learnt


def spoken(said: Input) -> str:
    """For the model: who says it, in front of what is said."""
    return f"{speaker_of(said.speaker, said.speaker_name)}: {said.text}"


def speaker_of(person: str, name: str) -> str:
    """For the model: `Ann (U1)`."""
    plain = plain_name(name)
    return f"{plain} ({person})" if plain and plain != person else person


def plain_name(name: str) -> str:
    """A display name is free text: nothing of it may look like another speaker or a new line."""
    kept = "".join(sign if _is_of_a_name(sign) else " " for sign in name)
    return " ".join(kept.split())[:_NAMED].strip()


def _is_of_a_name(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN" or sign in "-'._"


def stopped_notice(stopped: Stopped) -> Notice:
    match stopped.running, stopped.waiting:
        case (), 0:
            return Notice("Nothing is running in this thread.")
        case (), waiting:
            return Notice(f"Stopped. {_waiting_dropped(waiting)}. Ask again when you like.")
        case _, 0:
            return Notice("Stopped. Ask again when you like.")
        case _, waiting:
            return Notice(f"Stopped. {_waiting_dropped(waiting)} too. Ask again when you like.")


def _waiting_dropped(waiting: int) -> str:
    return (
        "1 waiting question was dropped"
        if waiting == 1
        else f"{waiting} waiting questions were dropped"
    )


def status_notice(outlook: Outlook, *, doing: str, is_open: bool, now: float) -> Notice:
    """`doing` is the step under way, or nothing."""
    waiting = _waits(outlook.waiting)
    if outlook.running is None:
        return Notice(_idle(is_open) if not waiting else f"About to begin. {waiting}")
    turn = outlook.running
    since = f"{clock_time(turn.started)} ({spoken_seconds(now - turn.started)})"
    parts = [
        f"Working on {_named(turn.said)} since {since}.",
        f"Right now: {quoted(doing)}." if doing else "",
        waiting or "Nothing waits behind it.",
        "`stop` ends it.",
    ]
    return Notice(" ".join(part for part in parts if part))


def _idle(is_open: bool) -> str:
    if is_open:
        return "Nothing is running here. The conversation is open: go on without a mention."
    return "Nothing is running here, and no conversation is open. Mention me to begin one."


def _waits(waiting: Sequence[Input]) -> str:
    if not waiting:
        return ""
    first = ", ".join(map(_named, waiting[:3]))
    more = f" and {len(waiting) - 3} more" if len(waiting) > 3 else ""
    verb = "waits" if len(waiting) == 1 else "wait"
    return f"{len(waiting)} {verb}: {first}{more}."


def _named(said: Input) -> str:
    if said.decision is None:
        return quoted(said.text)
    return f"a press on {'Approve' if said.decision.approves else 'Reject'}"


def quoted(text: str) -> str:
    """One short line of it, that cannot end the quotation or format what follows."""
    line = " ".join(text.split()).replace("`", "'")
    return f"`{line if len(line) <= _QUOTED else line[: _QUOTED - 1] + '…'}`"


def clock_time(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%H:%M:%S} UTC"


PARKED = (
    "I am being restarted, so your question went back in line: I begin it again in a moment. You"
    " need not ask again."
)

STORE_AWAY = (
    "My store does not answer right now, so I had to break off. Your question is kept: I go on with"
    " it by myself once the store is back. You need not ask again."
)


def waits_for(others: int, running: int, say: Phrases = ENGLISH) -> str:
    """A question waits for what is before it in its thread, or for a place."""
    if others:
        return say.waits_for_one if others == 1 else say.waits_for_others.format(count=others)
    return say.waits_for_turn if running == 1 else say.waits_for_turns.format(count=running)
