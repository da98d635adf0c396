"""Puts an answer together: the model's words, and around them what code says in their language.

It asks no model and looks at nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.conversations.records import Conversation
from bot.conversations.seams import Redacts, TeamRun, TurnTools
from bot.conversations.sound import sound_text
from bot.conversations.turns.citations import Cited, checked
from bot.dialogue import Answer, Receipt
from bot.languages import Phrases

_MOST_EARLIER = 5
"""Commands of earlier questions that are told one by one."""


@dataclass(frozen=True, slots=True)
class Found:
    run: TeamRun
    source: str
    caveat: str = ""


def cited_in(
    found: Found, tools: TurnTools, conversation: Conversation, redactor: Redacts, say: Phrases
) -> Cited:
    """Its words; numbers of earlier turns exist too, and may be cited."""
    words = redactor.redact(sound_text(found.run.answer))
    earlier = range(1, conversation.next_receipt)
    return checked(words, {*earlier, *(receipt.number for receipt in tools.receipts)}, say)


def of_before(cited: Cited, conversation: Conversation) -> tuple[int, ...]:
    """What it cites of earlier turns."""
    return tuple(sorted(each for each in cited.cited if each < conversation.next_receipt))


def answer_of(
    found: Found,
    cited: Cited,
    tools: TurnTools,
    earlier: Sequence[Receipt],
    cluster: str,
    say: Phrases,
) -> Answer:
    """`earlier`: receipts of other questions that it cites."""
    return Answer(
        markdown=cited.markdown,
        cluster=cluster,
        receipts=tuple(tools.receipts),
        source=found.source,
        caveat=found.caveat or (_partial(tools, say) if found.run.is_cut else ""),
        verdict=tools.verdict(cited.markdown, cited.cited, earlier).line,
        lead=tools.lead(cited.markdown, cited.cited, earlier),
        remarks=(*_told_before(earlier, tools.receipts, say), *tools.remarks()),
        proposals=tuple(tools.proposals),
        language=say.code,
        not_run=tuple(sorted(cited.not_run)),
    )


def _told_before(earlier: Sequence[Receipt], now: Sequence[Receipt], say: Phrases) -> Iterator[str]:
    """When they ran, and which ran again now: the cluster may have changed between."""
    ran = {(each.tool, each.command): each.number for each in now if each.verdict == "read"}
    again = {each.number: ran.get((each.tool, each.command), 0) for each in earlier}
    if old := [_when(each) for each in earlier if not again[each.number]]:
        yield say.commands_of_before.format(commands=", ".join(old[:_MOST_EARLIER]))
    twice = [
        say.command_again.format(earlier=_when(each), number=again[each.number])
        for each in earlier
        if again[each.number]
    ]
    if twice:
        yield say.commands_again.format(commands="; ".join(twice[:_MOST_EARLIER]))


def _when(receipt: Receipt) -> str:
    started = datetime.fromtimestamp(receipt.started, UTC)
    return f"[{receipt.number}] {started:%Y-%m-%d %H:%M} UTC"


def _partial(tools: TurnTools, say: Phrases) -> str:
    after = tools.next_command()
    hint = say.next_command.format(command=after) if after else ""
    return f"{say.partial}{hint}"
