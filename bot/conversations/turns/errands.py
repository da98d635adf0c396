"""What code answers alone: commands shown and run again, what changed, watches, summaries. It asks
no model.
"""

import time
from collections.abc import Callable

from bot.conversations import replies
from bot.conversations.records import Conversation, Learnt, Turn
from bot.conversations.seams import Rebuild, Redacts, Toolbox, TurnTools
from bot.conversations.storage.store import Store
from bot.conversations.turns import printed
from bot.conversations.turns.closing.closeout import Closing, broadcast
from bot.conversations.turns.closing.exports import NOT_HERE, Exports
from bot.conversations.turns.differences import differing
from bot.conversations.turns.pictures import Pictures
from bot.conversations.turns.progress import Progress
from bot.conversations.turns.question import Questions
from bot.conversations.turns.sent import sent_notice
from bot.conversations.turns.watching import Watching
from bot.conversations.words import (
    is_broadcast_asked,
    is_changes_asked,
    is_chart_asked,
    is_export_asked,
    is_sent_asked,
    is_summary_asked,
    receipt_asked_for,
    rerun_asked_for,
    sent_asked_for,
    unwatch_asked_for,
    watch_asked_for,
)
from bot.dialogue import Audience, Notice, Receipt, Step
from bot.errors import ClusterError


class Errands:
    def __init__(
        self,
        store: Store,
        questions: Questions,
        toolbox: Toolbox,
        closing: Closing,
        *,
        rebuild: Rebuild,
        redactor: Redacts,
        watching: Watching | None = None,
        pictures: Pictures | None = None,
        exports: Exports | None = None,
        cluster: Callable[[], str],
        namespace_for: Callable[[str], str | None] = lambda _channel: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._questions = questions
        self._toolbox = toolbox
        self._closing = closing
        self._rebuild = rebuild
        self._redactor = redactor
        self._watching = watching
        self._pictures = pictures
        self._exports = exports
        self._cluster = cluster
        self._namespace_for = namespace_for
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
        if is_summary_asked(text):
            return await self._closing.summary(turn, conversation, audience)
        if is_broadcast_asked(text):
            return broadcast(conversation)
        if is_export_asked(text) and not turn.said.is_machine:
            return await self._export(turn, conversation, audience)
        if is_sent_asked(text):
            return await self._sent(turn, conversation, audience)
        if self._pictures is not None and (which := is_chart_asked(text)) is not None:
            await audience.begin()
            await audience.step(Step("counting pods, restarts and events"))
            return await self._pictures.answer(turn, conversation, which)
        return await self._watch(turn, conversation)

    async def _export(self, turn: Turn, conversation: Conversation, audience: Audience) -> Notice:
        if self._exports is None:
            return Notice(NOT_HERE)
        return await self._exports.answer(turn, conversation, audience)

    async def _sent(self, turn: Turn, conversation: Conversation, audience: Audience) -> Notice:
        tools = self._questions.tools_for(turn, conversation, audience.step).tools
        thread = turn.said.thread.id
        return await sent_notice(
            self._store,
            thread,
            conversation,
            self._rebuild,
            tools=tools,
            redact=self._redactor.redact,
            turn=sent_asked_for(turn.said.text),
        )

    async def _watch(self, turn: Turn, conversation: Conversation) -> Notice | Learnt | None:
        begun, ended = watch_asked_for(turn.said.text), unwatch_asked_for(turn.said.text)
        if begun is None and ended is None:
            return None
        if self._watching is None:
            return Notice(replies.NO_WATCHES)
        if ended is not None:
            return await self._watching.unwatch(turn, conversation, ended)
        namespace = self._namespace_for(turn.said.thread.channel)
        return await self._watching.asked(turn, conversation, begun or "", namespace)

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
