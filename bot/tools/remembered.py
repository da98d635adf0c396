"""What commands of a past conversation said: in a replay the same commands say it again."""

from collections.abc import Sequence
from typing import Any

from bot.plaintext import clean
from bot.recordings.incident import PastReceipt
from bot.redaction import Redactor
from bot.tools.policy import judge
from bot.tools.runner import Kubectl, Ran

_NOTHING = "No resources found"
"""kubectl says it beside its output."""


class Remembered:
    """Answers by the judged, rebuilt command line, whose words have one order and one spelling."""

    def __init__(self, receipts: Sequence[PastReceipt]) -> None:
        """Of commands that were run more than once the first counts: then it was as it was."""
        self._by_argv: dict[tuple[str, ...], PastReceipt] = {}
        for each in sorted(receipts, key=lambda one: one.number):
            verdict = judge(each.command)
            if verdict.kind == "read":
                self._by_argv.setdefault(verdict.argv, each)

    def __len__(self) -> int:
        return len(self._by_argv)

    def answer(self, argv: Sequence[str], redactor: Redactor) -> Ran | None:
        """None where it was not run then. What it said is redacted once more: files are not to be
        trusted.
        """
        receipt = self._by_argv.get(tuple(argv))
        if receipt is None:
            return None
        output = redactor.redact(clean(receipt.output))
        is_said_beside = receipt.exit_code != 0 or output.startswith(_NOTHING)
        stdout, stderr = ("", output) if is_said_beside else (output, "")
        note = redactor.redact(clean(receipt.note))
        return Ran(stdout, stderr, receipt.exit_code, note, 0.0, len(receipt.output.encode()))


class RememberingKubectl(Kubectl):
    """Asks the cluster only for what was not asked then."""

    def __init__(self, *given: Any, remembered: Remembered | None, **named: Any) -> None:
        """None where nothing is remembered: of a cluster that is no recording."""
        super().__init__(*given, **named)
        self._remembered = remembered or Remembered(())

    async def run(self, argv: Sequence[str], redactor: Redactor | None = None) -> Ran:
        known = self._remembered.answer(argv, redactor or self.redactor)
        return known if known is not None else await super().run(argv, redactor)
