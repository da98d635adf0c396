"""A judged change as a proposal that people can decide about; it asks and runs no change."""

import shlex
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogue import Proposal
from bot.plaintext import clean
from bot.redaction import Redactor
from bot.tools.changes.effects import effect
from bot.tools.changes.objections import objection
from bot.tools.changes.present import present
from bot.tools.changes.reading import read, read_around
from bot.tools.changes.seen import Asked, Seen, read_change
from bot.tools.changes.undoing import undo
from bot.tools.runner import Kubectl

EXPIRES_AFTER_SECONDS = 15 * 60
_LONGEST_REASON = 300


class NotProposed(Exception):
    """There is nothing to propose; `str()` of it says why."""


@dataclass(frozen=True, slots=True)
class Drafter:
    """Knows the cluster and the time."""

    kubectl: Kubectl
    redactor: Redactor
    clock: Callable[[], float]

    async def draft(self, argv: tuple[str, ...], reason: str, asked_by: str) -> Proposal:
        """Raises NotProposed, and ClusterError where the object cannot be read."""
        asked = read_change(argv)
        self._holds_no_secret(argv)
        seen = await read(self.kubectl, asked.target, asked.namespace)
        if seen is None:
            where = f" in namespace {asked.namespace}" if asked.namespace else ""
            raise NotProposed(f"There is no {asked.target.written}{where}.")
        seen = await read_around(self.kubectl, asked, seen)
        if why_not := objection(asked, seen):
            raise NotProposed(self._safe(why_not))
        return self._proposal(asked, seen, reason, asked_by)

    def _holds_no_secret(self, argv: tuple[str, ...]) -> None:
        """What people approve is exactly what runs, so nothing of it can be hidden from them."""
        command = shlex.join(argv)
        if self._safe(command) != command:
            raise NotProposed("The command holds what looks like a secret, and cannot be shown.")

    def _proposal(self, asked: Asked, seen: Seen, reason: str, asked_by: str) -> Proposal:
        return Proposal(
            id=str(uuid.uuid4()),  # the audit would take a token of random letters for a secret
            command=shlex.join(asked.argv),
            argv=asked.argv,
            change=asked.change,
            namespace=asked.namespace,
            target=asked.target.written,
            uid=seen.uid,
            fingerprint=seen.fingerprint(self.redactor.keyed(b"").redact),
            present=self._safe(present(seen)),
            effect=self._safe(effect(asked, seen)),
            undo=self._safe(undo(asked, seen)),
            reason=" ".join(self._safe(reason).split())[:_LONGEST_REASON],
            asked_by=asked_by,
            expires=self.clock() + EXPIRES_AFTER_SECONDS,
        )

    def _safe(self, text: str) -> str:
        return self.redactor.redact(clean(text))
