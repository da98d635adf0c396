"""What code answers alone: a command shown again or run again, what changed. It asks no model."""

import time
from collections.abc import Callable

from bot.conversations import replies
from bot.conversations.records import Conversation, Learnt, Turn
from bot.conversations.seams import Toolbox, TurnTools
from bot.conversations.storage.store import Store
from bot.conversations.turns import printed
from bot.conversations.turns.differences import differing
from bot.conversations.turns.progress import Progress
from bot.conversations.turns.question import Questions
from bot.conversations.words import is_changes_asked, receipt_asked_for, rerun_asked_for
from bot.dialogue import Audience, Notice, Receipt, Step
from bot.errors import ClusterError


class Errands:
    def __init__(
        self,
        store: Store,
        questions: Questions,
        toolbox: Toolbox,
        *,
        cluster: Callable[[], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._questions = questions
        self._toolbox = toolbox
        self._cluster = cluster
        self._clock = clock

    async def answer(
        self, turn: Turn, conversation: Conversation, audience: Audience, progress: Progress
    ) -> Notice | Learnt | None:
        """None where the message is no errand. A Notice leaves nothing behind."""
        text = turn.said.text
        if (number := receipt_asked_for(text)) is not None:
            return await self._show(turn, conversation, number)
        if (number := rerun_asked_for(text)) is not None:
            return await self._rerun(turn, conversation, audience, progress, number)
        if is_changes_asked(text):
            return await self._what_changed(conversation, audience)
        return None

    async def _show(self, turn: Turn, conversation: Conversation, number: int) -> Notice:
        receipt = await self._store.receipt(turn.said.thread.id, number)
        if receipt is None:
            return printed.no_such_receipt(number, conversation.next_receipt - 1)
        return printed.receipt_notice(receipt, cluster=self._cluster())

    async def _rerun(
        self,
        turn: Turn,
        conversation: Conversation,
        audience: Audience,
        progress: Progress,
        number: int,
    ) -> Notice | Learnt:
        before = await self._store.receipt(turn.said.thread.id, number)
        if before is None:
            return printed.no_such_receipt(number, conversation.next_receipt - 1)
        await audience.begin()
        tools = progress.tools = self._questions.tools_for(turn, conversation, audience.step)
        result = await tools.rerun(before)
        after = result.receipt
        if after is None or after.verdict == "refused":
            why = after.note if after is not None else result.text
            return Learnt(printed.not_run_again(before, why), "open", receipts=_all(tools))
        notice = printed.rerun_notice(before, after, differing(before.output, after.output))
        return Learnt(notice, "open", receipts=_all(tools))

    async def _what_changed(self, conversation: Conversation, audience: Audience) -> Notice:
        before = conversation.notes.get("snapshot")
        if before is None:
            return Notice(replies.NO_CLUSTER_THEN)
        await audience.begin()
        await audience.step(Step("comparing the cluster with how it was"))
        try:
            return Notice(await self._toolbox.what_changed(before, self._clock()))
        except ClusterError as error:
            return Notice(str(error))


def _all(tools: TurnTools) -> tuple[Receipt, ...]:
    return tuple(tools.receipts)
