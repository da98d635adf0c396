"""The bytes that kubectl printed as clean text without secrets or half lines; it runs nothing."""

import re
from dataclasses import replace

from bot.cluster import processes
from bot.plaintext import clean
from bot.redaction import Redacted, Redactor
from bot.tools.bare_values import hide
from bot.tools.folds import unfold

# Lines of client-go's own log on stderr: noise before the error, and other noise each release.
_KLOG_LINE = re.compile(r"^[EWIF]\d{4} \d\d:\d\d:\d\d.*\n?", re.MULTILINE)


def purify(
    argv: tuple[str, ...],
    stdout: bytes,
    stderr: bytes,
    redactor: Redactor,
    bare: frozenset[str] = frozenset(),
) -> tuple[Redacted, Redacted]:
    """`bare` are secrets that nothing in the output tells."""
    out, err = (clean(raw.decode("utf-8", "replace")) for raw in (stdout, stderr))
    if "--output=yaml" in argv:
        out = unfold(out)
    without_noise = _KLOG_LINE.sub("", err)
    # First: of a secret in several words the redaction may see one, and the others stay.
    out, count = hide(out, bare, redactor.key)
    found = redactor.redact_counted(out)
    return replace(found, count=found.count + count), redactor.redact_counted(without_noise)


def without_partial_lines(
    argv: tuple[str, ...], finished: processes.Finished
) -> tuple[bytes, bytes, bool]:
    """Half a secret is not recognised as one, so a line that was cut is left out."""
    stdout, stderr = finished.stdout, finished.stderr
    if finished.ending != "exited":
        return _whole_lines(stdout), _whole_lines(stderr), True
    limits = [a.partition("=")[2] for a in argv if a.startswith("--limit-bytes=")]
    if any(limit.isdigit() and len(stdout) >= int(limit) for limit in limits):
        return _whole_lines(stdout), stderr, True
    return stdout, stderr, False


def _whole_lines(raw: bytes) -> bytes:
    return raw[: raw.rfind(b"\n") + 1]
