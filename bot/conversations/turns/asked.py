"""A question with what came beside it: what others said before, files, a voice clip."""

from dataclasses import dataclass, replace

from bot.conversations import replies
from bot.conversations.records import Learnt, Turn
from bot.conversations.words import Word
from bot.dialogue import Answer, Notice

_SPOKEN_WORD = (
    "A voice clip waits in line like a question. Please write `{word}`: that is enough, and I read"
    " it at once."
)


@dataclass(frozen=True, slots=True)
class Asked:
    turn: Turn
    """What was said in it is what was written, and spoken in a clip."""
    context: str = ""
    """What was said in the thread, not to Kaia; fenced."""
    files: str = ""
    """What shared files hold; fenced."""
    remarks: tuple[str, ...] = ()
    """For below the answer. Markdown."""

    def words(self, ruled: str, look: str) -> str:
        """For the model: `ruled` is what became of proposals, `look` what the checks see."""
        parts = (ruled, self.context, replies.spoken(self.turn.said), self.files, look)
        return "\n\n".join(filter(None, parts))

    def remarked(self, learnt: Learnt) -> Learnt:
        """The same, with the remarks below its answer."""
        if not isinstance(learnt.outcome, Answer) or not self.remarks:
            return learnt
        answer = replace(learnt.outcome, remarks=(*self.remarks, *learnt.outcome.remarks))
        return replace(learnt, outcome=answer)


def spoken_word(word: Word) -> Notice:
    """Heard in a clip, it came too late for what it is about."""
    return Notice(_SPOKEN_WORD.format(word=word))
