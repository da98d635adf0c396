"""The first look as a tool: what is wrong in a namespace, said by checks and not by a model."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace

import structlog

from bot.cluster.api import NotReadable
from bot.dialogue import Parameter, Receipt, Step, ToolResult, fence
from bot.errors import ClusterError
from bot.languages import ENGLISH, Phrases
from bot.tools.kubectl import OnStep
from bot.tools.ledger import Ledger
from bot.tools.looking import Focus, Look, Looker
from bot.tools.telling import command_of, for_model, for_receipt

_log = structlog.get_logger()

_FENCE_CHARS = 80
_MOST_SECONDS = 45.0
_TOO_SLOW = (
    f"not run to its end: the look took longer than {_MOST_SECONDS:g} s, as the cluster answers"
    " slowly. Nothing follows from this about what runs. Name one namespace, or look with kubectl."
)


class TriageTool:
    """As one turn's model sees it; remembers what it saw for the turn's verdict."""

    name = "triage"
    manual = (
        "Looks at a whole namespace at once with fixed checks and returns findings: the object, "
        "the cause, the fields it rests on, what is fine and what could not be read. It has been "
        "run for the question already; run it for another namespace or object."
    )
    parameters = (Parameter("where", "a namespace, NAMESPACE/NAME, a name, or: all"),)

    def __init__(
        self,
        looker: Looker,
        ledger: Ledger,
        *,
        on_step: OnStep,
        budget_chars: int,
        turns: asyncio.Semaphore,
        namespace: str = "",
        earlier: Focus | None = None,
        say: Phrases = ENGLISH,
    ) -> None:
        """`turns` are shared by all conversations: a look at a large cluster takes memory."""
        self._looker = looker
        self._ledger = ledger
        self._on_step = on_step
        self._budget_chars = budget_chars
        self._turns = turns
        self._namespace = namespace
        self._earlier = earlier or Focus()
        self._say = say
        self.first: tuple[int, Look] | None = None
        """The receipt's number and the look at the question itself."""

    async def run(self, arguments: Mapping[str, str]) -> ToolResult:
        """Whatever goes wrong is in the result, as `dialogue` asks."""
        where = arguments.get("where")
        if set(arguments) != {"where"} or not isinstance(where, str):
            self._ledger.note_call()
            return ToolResult(
                'not run: this tool takes exactly one argument, "where", such as '
                '{"where": "shop"}.',
                is_error=True,
            )
        if self._ledger.is_spent:
            return ToolResult(
                f"not run: all {self._ledger.most_calls} commands of this turn are used."
                " Conclude with what was found, and say what was not checked.",
                is_error=True,
            )
        try:
            result, _ = await self._look(where)
        except asyncio.CancelledError:
            # AutoGen waits for ever for a tool that lets its cancellation out.
            return ToolResult("not run to its end: cancelled", is_error=True)
        return result

    async def first_look(self, question: str) -> ToolResult:
        """Before the model speaks: at what the question names, else at what is meant here.

        Unlike `run` it lets a cancellation out: nothing of AutoGen waits for it.
        """
        result, look = await self._look(question)
        if result.receipt is not None and look is not None:
            self.first = (result.receipt.number, look)
        return result

    def release(self) -> None:
        """Lets go of the objects that were read: a model may take minutes, and there are others."""
        if self.first is not None:
            number, look = self.first
            self.first = number, replace(look, scene=None)

    async def _look(self, text: str) -> tuple[ToolResult, Look | None]:
        started = time.time()
        try:
            await self._on_step(Step(self._say.looking))
            async with self._turns, asyncio.timeout(_MOST_SECONDS):
                look = await self._looker.look(
                    text, namespace=self._namespace, earlier=self._earlier
                )
        except (ClusterError, NotReadable) as error:
            self._ledger.note_call()
            return ToolResult(f"not run: no cluster can be seen. {error}", is_error=True), None
        except TimeoutError:
            self._ledger.note_call()
            return ToolResult(_TOO_SLOW, is_error=True), None
        return await self._tell(look, started), look

    async def _tell(self, look: Look, started: float) -> ToolResult:
        output = await asyncio.to_thread(for_receipt, look)
        receipt = Receipt(
            number=self._ledger.begin(),
            tool=self.name,
            command=command_of(look),
            verdict="read",
            exit_code=_exit_code(look),
            output=output,
            note="",
            started=started,
            seconds=time.time() - started,
            bytes=len(output.encode()),
        )
        self._ledger.add_recorded(receipt)
        _log.info(
            "triage.finished",
            receipt=receipt.number,
            exit_code=receipt.exit_code,
            findings=len(look.report.findings) if look.report else 0,
            seconds=round(receipt.seconds, 3),
        )
        head = f"receipt {receipt.number}: {receipt.command}"
        room = self._budget_chars - len(head) - _FENCE_CHARS
        facts = await asyncio.to_thread(for_model, look, room, self._say.code)
        return ToolResult(f"{head}\n{fence(facts)}", receipt=receipt)


def _exit_code(look: Look) -> int:
    if look.report is None or not look.report.could_look:
        return 2
    if look.report.faults:
        return 1
    # Of what was asked about by name, all was seen.
    return 2 if look.report.is_partial and not look.objects else 0
