"""What of a text its writer says: no names, code, quotations, links, nor lines of a log; pure."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

_LONGEST = 40_000
_MOST_LINES = 60
_LONGEST_LINE = 2_000
_NOT_SAID = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|^[ \t]*(?:>|&gt;)[^\n]*$|\w{2,10}://\S+|:[a-z0-9_+'-]+:|@\S+"
    r"|[\u201c\u201e\u00ab\"][^\u201c\u201d\u00bb\"\n]{0,500}[\u201d\u201c\u00bb\"]",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_LOGGED = re.compile(
    r"\W{0,2}\d{4}[-/]\d\d[-/]\d\d[T ]|\W{0,2}\d\d:\d\d:\d\d|\d+(?:\.\d+){3} - "
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d+ \d\d:"
    r"|[IWEF]\d{4} \d\d:"  # klog
    r"|\W{0,2}(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE|PANIC)\b"
    r"|(?:level|time|ts|msg|err)=|.*\blevel=\w"
    r"|[{\[]\s*[\"{]|\"[\w.-]+\"\s*:"  # JSON
    r"|(?i:fatal|panic|warn|warning|error|exception|caused by)\b[^:\n]{0,40}: "
    r"|(?:Warning|Normal) +[A-Z]\w+ "  # events
    r"|\[(?:FIRING|RESOLVED)\b|Error from server"
    r"|Traceback \(|File [\"']|at [\w.$<>]+\(|\.\.\. \d+ more|goroutine \d"
    r"|[\w.$]+(?:Error|Exception): "
    r"|.*\S {3,}\S+ {3,}\S|.*\t.*\t"  # a table
)


def own_lines(text: str) -> Iterator[str]:
    """In lower case; a bounded number of them."""
    plain = unicodedata.normalize("NFC", text[:_LONGEST]).replace("\u2019", "'")
    lines = (line.strip()[:_LONGEST_LINE] for line in _NOT_SAID.sub(" ", plain).splitlines())
    own = (line.casefold() for line in lines if line and not _LOGGED.match(line))
    yield from islice(own, _MOST_LINES)
