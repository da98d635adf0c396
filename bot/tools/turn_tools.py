"""What the model may call in one turn, and what the turn leaves behind; it makes no tool."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import structlog

from bot.cluster.api import ClusterApi
from bot.cluster.report import ref_words
from bot.cluster.scene import NotRead
from bot.cluster.telling import scope_words
from bot.dialogue import Proposal, Receipt, Tool, ToolResult
from bot.errors import ClusterError
from bot.languages import ENGLISH, Phrases
from bot.languages.places import scope_in, why_in
from bot.tools.changed import take
from bot.tools.changes import ProposeTool
from bot.tools.concluding import Conclusion, conclusion
from bot.tools.keeping import LOOKED, Keeping
from bot.tools.kubectl import KubectlTool
from bot.tools.lead import lead
from bot.tools.ledger import Ledger
from bot.tools.restarting import RESTARTS, Sample, kept_with, sampled
from bot.tools.runbooks import Runbooks, Subject, quoted, select
from bot.tools.telling import relevant, where_of
from bot.tools.triage import TriageTool
from bot.tools.verdict import Verdict, judge

_log = structlog.get_logger()

_RUNBOOK_SHARE = 0.4
"""Of what one result may take."""
_GAPS = 6
"""Told below an answer by name; a look's receipt has all of them."""
_FOUND = 3
"""Findings of a look that nothing was concluded from."""
_CAUSE_CHARS = 200


@dataclass(slots=True)
class TurnTools:
    """What the model may call in one turn, and what that leaves."""

    kubectl: KubectlTool
    triage: TriageTool
    ledger: Ledger
    api: ClusterApi
    runbooks: Runbooks
    budget_chars: int
    wants_snapshot: bool
    """The conversation has none yet."""
    earlier_samples: Sequence[Sample] = ()
    """Of restarts, at the looks of earlier turns."""
    propose: ProposeTool | None = None
    """None where changes are off: then the model knows of no tool that changes anything."""
    say: Phrases = ENGLISH
    """What people are told in."""
    keeping: Keeping | None = None
    """None where nothing is kept of what looks see."""
    snapshot: Mapping[str, Any] | None = field(default=None, init=False)
    """How the cluster was at this turn's look, as JSON."""
    sample: Sample | None = field(default=None, init=False)
    """How often pods had been restarted by then."""
    used_runbooks: tuple[str, ...] = field(default=(), init=False)
    """Titles of those that were quoted to the model."""

    @property
    def tools(self) -> tuple[Tool, ...]:
        both = (self.triage, self.kubectl)
        return (*both, self.propose) if self.propose else both

    @property
    def receipts(self) -> list[Receipt]:
        """In the order of their numbers; grows while the turn runs."""
        return self.ledger.receipts

    @property
    def proposals(self) -> list[Proposal]:
        """In the order in which they were made; grows while the turn runs."""
        return self.propose.proposals if self.propose else []

    async def first_look(self, question: str) -> str:
        """For the model, beside the question: what the checks see, and what the house says."""
        result = await self.triage.first_look(question)
        self._take_sample()
        await self._take_snapshot()
        if self.keeping is not None and self.triage.first is not None:
            self.keeping.begin(self.triage.first[1])
        guide = await self._guide()
        self.triage.release()
        return "\n\n".join(filter(None, (f"Kaia's first look, {result.text}", guide)))

    def _take_sample(self) -> None:
        scene = self.triage.first[1].scene if self.triage.first else None
        self.sample = sampled(scene) if scene is not None else None

    async def _take_snapshot(self) -> None:
        scene = self.triage.first[1].scene if self.triage.first else None
        if scene is None or not self.wants_snapshot:
            return
        try:
            self.snapshot = (await take(self.api, scene)).kept
        except ClusterError as error:
            _log.warning("snapshot.failed", reason=str(error))

    async def _guide(self) -> str:
        subjects = _subjects(self.triage)
        chosen = select(await self.runbooks.all(), subjects) if subjects else ()
        self.used_runbooks = tuple(each.title for each in chosen)
        return quoted(chosen, int(self.budget_chars * _RUNBOOK_SHARE)) if chosen else ""

    @property
    def notes(self) -> Mapping[str, Any]:
        """What the conversation should keep of this turn's look; empty where there was none."""
        if self.triage.first is None:
            return {}
        _, look = self.triage.first
        focus = {"focus": look.focus.to_json()}
        if self.sample is None:
            return focus
        return {**focus, RESTARTS: kept_with(self.earlier_samples, self.sample)}

    async def looked(self) -> Mapping[str, Any]:
        """The note of what the look saw; empty where it saw nothing wrong, or is kept already."""
        kept = await self.keeping.kept() if self.keeping is not None else None
        return {LOOKED: kept} if kept is not None else {}

    def end(self) -> None:
        """Nobody waits for what is still under way."""
        if self.keeping is not None:
            self.keeping.end()

    def found(self) -> str:
        """What the first look saw, for whoever gets no answer; nothing before it has ended."""
        number, look = self.triage.first or (0, None)
        if look is None or look.report is None:
            return ""
        faults = [each for each in relevant(look) if each.severity != "info"]
        causes = (f"{ref_words(each.about)}: {each.cause[:_CAUSE_CHARS]}" for each in faults)
        where = scope_in(self.say, scope_words(look.report))
        told = "; ".join(islice(causes, _FOUND)) or self.say.nothing_wrong.format(where=where)
        left = len(faults) - _FOUND
        more = self.say.findings_more.format(count=left) if left > 0 else ""
        return f"{told}{more} [{number}]"

    def verdict(
        self, answer: str, cited: Collection[int], earlier: Sequence[Receipt] = ()
    ) -> Verdict:
        """`earlier`: what it cites of other questions of the conversation."""
        number, look = self.triage.first or (0, None)
        return judge(
            look,
            answer,
            cited=cited,
            ran={*self._succeeded(self.receipts), number},
            earlier={*self._succeeded(earlier)},
            receipt=number,
            say=self.say,
        )

    def _succeeded(self, receipts: Iterable[Receipt]) -> Iterator[int]:
        # A look that found something ends with 1, as it does in a terminal.
        good = {self.triage.name: (0, 1)}
        return (each.number for each in receipts if each.exit_code in good.get(each.tool, (0,)))

    def lead(
        self, answer: str, cited: Collection[int], earlier: Sequence[Receipt] = ()
    ) -> tuple[str, ...]:
        """The cause in a line, and what to do next in a line; for the answer that is judged so."""
        number, look = self.triage.first or (0, None)
        verdict = self.verdict(answer, cited, earlier)
        ran = {each.command for each in self.receipts}
        return lead(look, verdict, receipt=number, ran=ran, is_proposed=bool(self.proposals))

    def conclusion(
        self, answer: str, cited: Collection[int], earlier: Sequence[Receipt] = ()
    ) -> Conclusion:
        """Of the answer that is judged so."""
        _, look = self.triage.first or (0, None)
        return conclusion(look, self.verdict(answer, cited, earlier))

    def remarks(self) -> tuple[str, ...]:
        """What code says below the answer: what was ruled out, what was not seen."""
        about_changes = self._about_changes()
        look = self.triage.first[1] if self.triage.first else None
        report = look.report if look else None
        if report is None:
            return about_changes
        remarks = [*about_changes]
        if self.used_runbooks:
            remarks.append(self.say.runbook.format(titles=", ".join(self.used_runbooks)))
        if report.fine:
            remarks.append(self.say.checked_and_fine.format(fine=", ".join(report.fine)))
        if report.not_read:
            remarks.append(self.say.not_checked.format(gaps=self._gaps(report.not_read)))
        return tuple(remarks)

    def _gaps(self, gaps: Sequence[NotRead]) -> str:
        told = ", ".join(f"{each.what} ({why_in(self.say, each.why)})" for each in gaps[:_GAPS])
        more = len(gaps) - _GAPS
        return told + (self.say.and_more.format(count=more) if more > 0 else "")

    def _about_changes(self) -> tuple[str, ...]:
        """Whatever a model says that it has done, code says what it did not."""
        if self.proposals:
            return (self.say.change_waits,)
        is_asked = any(each.tool == ProposeTool.name for each in self.receipts)
        return (self.say.nothing_proposed,) if is_asked else ()

    def next_command(self) -> str:
        """What would tell more, for an answer that is only a part of one."""
        look = self.triage.first[1] if self.triage.first else None
        found = relevant(look) if look else ()
        return next((each.next[0] for each in found if each.next), "")

    async def rerun(self, receipt: Receipt) -> ToolResult:
        """The same command again, judged again."""
        if receipt.tool == self.triage.name:
            return await self.triage.run({"where": where_of(receipt)})
        return await self.kubectl.run({"command": receipt.command})


def _subjects(triage: TriageTool) -> list[Subject]:
    look = triage.first[1] if triage.first else None
    if look is None or look.report is None:
        return []
    found = [
        Subject(
            each.about.namespace,
            each.about.kind,
            each.about.name,
            dict(look.report.labels.get(each.about, {})),
            each.reason,
        )
        for each in relevant(look)
    ]
    asked = [Subject(ref.namespace, ref.kind, ref.name, {}, "") for ref in look.objects]
    return [*found, *asked]
