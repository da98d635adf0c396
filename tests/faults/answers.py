"""What stands in the workspace for each question, and what is wrong with it, as it is now."""

import re
from collections.abc import Iterator, Sequence

from bot.playground import Workspace
from bot.playground.objects import Message
from bot.playground.transcript import readable
from tests.doubles import ledger
from tests.faults.crew import Killed
from tests.faults.people import Question

_PROMISED = re.compile(r"Answer to question (\d+)\b")
_GIVEN_UP = "I tried this three times"
_MOST_KILLS = 3


class Answers:
    """The messages that answer each question, by the turn in their metadata."""

    def __init__(
        self, workspace: Workspace, questions: Sequence[Question], killed: Sequence[Killed] = ()
    ) -> None:
        self._workspace = workspace
        self._questions = questions
        self._killed = killed
        self._by_number = dict(self._found())

    def _found(self) -> Iterator[tuple[int, list[Message]]]:
        channels = {question.channel for question in self._questions}
        by_turn = {name: ledger.answers_by_turn(self._workspace, name) for name in channels}
        for question in self._questions:
            turn = ledger.turn_of(self._workspace, question.channel, question.ts)
            yield question.number, by_turn[question.channel].get(turn, [])

    def to(self, question: Question) -> list[Message]:
        return self._by_number[question.number]

    @property
    def count(self) -> int:
        return sum(bool(each) for each in self._by_number.values())

    def lost(self) -> Iterator[str]:
        for question in self._questions:
            if not self.to(question) and not question.is_withdrawn:
                kept = "kept" if question.is_kept else "never kept"
                yield f"question {question.number} of {question.thread} ({question.ts}), {kept}"

    def doubled(self) -> Iterator[str]:
        """Parts posted twice, and the same words twice, whatever metadata they have."""
        yield from ledger.doubled(self._workspace)
        seen: dict[int, str] = {}
        for channel in {question.channel for question in self._questions}:
            for message in self._workspace.messages(channel):
                for number in self._promised(message):
                    if number in seen:
                        yield f"question {number} in {seen[number]} and {message.ts}"
                    seen[number] = message.ts

    def _promised(self, message: Message) -> set[int]:
        if message.app_id != self._workspace.directory.app_id:
            return set()
        return {int(each) for each in _PROMISED.findall(readable(self._workspace, message))}

    def out_of_order(self) -> Iterator[str]:
        """Only of what Kaia had for certain before the next was said: Slack promises no order."""
        for question in self._questions:
            mine = self.to(question)
            for before in question.after if mine else ():
                theirs = self.to(before)
                if theirs and float(theirs[0].ts) > float(mine[0].ts):
                    yield f"question {question.number} was answered before {before.number}"

    def in_other_words(self) -> Iterator[str]:
        for question in self._questions:
            if self.to(question) and not self._is_worded(question) and not self._is_spent(question):
                yield f"question {question.number}: {self._words(question)[:400]}"

    def given_up(self) -> int:
        return sum(self._is_spent(question) for question in self._questions)

    def _is_worded(self, question: Question) -> bool:
        return f"Answer to question {question.number}." in self._words(question)

    def _is_spent(self, question: Question) -> bool:
        """Given up in words, as is right for what was under way whenever a process died."""
        kills = [each for each in self._killed if _may_have_hit(each, question)]
        return _GIVEN_UP in self._words(question) and len(kills) >= _MOST_KILLS

    def _words(self, question: Question) -> str:
        return "\n".join(readable(self._workspace, message) for message in self.to(question))


def _may_have_hit(end: Killed, question: Question) -> bool:
    return not end.with_warning and end.at > question.said_at
