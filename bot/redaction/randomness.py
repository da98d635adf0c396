"""How random a run of characters is, against the words people write; it finds nothing in texts.

Each pair of neighbouring characters has a cost: how much less likely it is in a name or word than
in random text. Twenty characters of a name cost less than nothing, twenty of a key thirty.
"""

import functools
import math
import operator
import re
import string
from itertools import accumulate

WINDOW_CHARS = 20
"""What is judged at a time: the shortest random run that is taken for a secret."""

# A row for each letter, and in it a digit for each that may follow: four is as often as chance,
# less is oftener. Counted in the 168,000 words and names of a large body of API code and prose.
_LETTERS = (
    "84337748486233948232566668", "27562776348267377446288848",
    "37562773494368168452488859", "25641567278456468446488759",
    "46336558788442755223756458", "37663378197377278354388869",
    "47671754388464459235488868", "17761888398657278562588858",
    "46344548897441258533859695", "37651789598777259818477989",
    "46660648288464568636385868", "27641778297387369744368849",
    "25661788398555338846488868", "38333437486675458722558868",
    "55437668575331449244355688", "28652875497388248253488858",
    "87778788799267878656078998", "27451658395655368434558959",
    "48472774396577336732477859", "27571783298678358344487848",
    "54553569499332639232789898", "17670778299777479767898879",
    "27662774197673279247887889", "57372687398747628761878648",
    "65545768588432518633875777", "38770888398679378776598955",
)  # fmt: skip

# Of the kinds of two neighbours: lower case, upper case, digit, and what separates.
_KINDS = {
    "ll": -1, "uu": 0, "ul": 1, "lu": 2, "ld": 2, "dl": 2, "du": 2, "ud": 2, "dd": -1,
    "ls": 0, "sl": 0, "su": -1, "us": 0, "sd": 0, "ds": 0, "ss": -1,
}  # fmt: skip

# The least that is random, by how many numbers there are in the window: words have few.
# Measured: of random runs of 20 characters one in a thousand costs less, of 24 one in ten
# thousand; of 28,000 names of 20 and more characters one in two thousand costs as much.
_LEAST_MIXED = (5, 4, 3, -6)
_LEAST_IN_ONE_CASE = (math.inf, -3, -6, -6)


def _cost(first: str, second: str) -> int:
    kinds = _kind(first) + _kind(second)
    letters = 0
    if kinds in {"ll", "uu", "ul"}:
        row = _LETTERS[string.ascii_lowercase.index(first.lower())]
        letters = int(row[string.ascii_lowercase.index(second.lower())]) - 4
    return _KINDS[kinds] + letters


def _kind(char: str) -> str:
    if char in string.digits:
        return "d"
    if char not in string.ascii_letters:
        return "s"
    return "l" if char.islower() else "u"


_CHARS = string.ascii_letters + string.digits + "+/_-="
_COSTS = {first + second: _cost(first, second) for first in _CHARS for second in _CHARS}
_KINDS_OF_CHARS = str.maketrans({char: _kind(char) for char in _CHARS})
_NUMBER_BEGINS = re.compile("(?<!d)d")


def random_part(run: str) -> tuple[int, int] | None:
    """From the first to the last window of `run` that is random; letters, digits, `+/_-=` only."""
    sums = [0, *accumulate(map(_COSTS.__getitem__, map(operator.add, run, run[1:])))]
    kinds = _NUMBER_BEGINS.sub("n", run.translate(_KINDS_OF_CHARS))
    least = _LEAST_MIXED[-1]
    windows = range(len(run) - WINDOW_CHARS + 1)
    candidates = [at for at in windows if sums[at + WINDOW_CHARS - 1] - sums[at] >= least]

    def is_random(at: int) -> bool:
        return sums[at + WINDOW_CHARS - 1] - sums[at] >= _least(kinds[at : at + WINDOW_CHARS])

    first = next(filter(is_random, candidates), -1)
    if first < 0:
        return None
    last = next(filter(is_random, reversed(candidates)))
    return first, last + WINDOW_CHARS


@functools.lru_cache(maxsize=4096)
def _least(kinds: str) -> float:
    """The least cost of what is random, for a window with these kinds of characters."""
    numbers = min(3, kinds.count("n") + kinds.startswith("d"))
    if kinds.count("u") > 1 and kinds.count("l") > 1:
        return _LEAST_MIXED[numbers]
    return math.inf if "s" in kinds else _LEAST_IN_ONE_CASE[numbers]
