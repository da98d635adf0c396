"""How long a compaction takes, as far as this process is concerned."""

import sys
import time
from collections.abc import Sequence

from bot.tools.compaction import compact


def is_quick(text: str, argv: Sequence[str]) -> bool:
    """A megabyte in half a second of CPU; a disturbed measurement is taken again."""
    # Whoever measures coverage looks at every line, which takes several times as long.
    most_seconds = 0.5 if sys.gettrace() is None else 4
    return any(_seconds(text, argv) < most_seconds for _ in range(3))


def _seconds(text: str, argv: Sequence[str]) -> float:
    begun = time.process_time()
    compact(text, 6_000, argv)
    return time.process_time() - begun
