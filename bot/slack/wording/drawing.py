"""Figures as one small PNG, for a Slack without charts; without matplotlib there is none.

It runs in a thread of its own: it takes no part of matplotlib that is shared between threads.
"""

import importlib
import io
from collections.abc import Sequence
from typing import Any

from bot.dialogue import Figure
from bot.plaintext import clean

MOST_BYTES = 200_000
_LABEL_CHARACTERS = 40
_WIDTH_INCHES = 6.4
_LINE_INCHES = 0.26
_FRAME_INCHES = 0.9
_LINES_INCHES = 2.0
_MOST_BESIDE = 3
# Told apart without colours too.
_HATCHES = ("", "///", "...", "xx", "++", "oo")
_MARKERS = "os^Dv*"
_COLOURS = ("#b3541e", "#4a7ebb", "#5f8f4e", "#8064a2", "#7f7f7f", "#c0a030")


def png_of(figures: Sequence[Figure]) -> bytes:
    """Empty where matplotlib is not installed or nothing is to be drawn. Raises ValueError,
    RuntimeError, OSError where matplotlib cannot draw.
    """
    figures = [figure for figure in figures if figure.series and figure.series[0][1]]
    try:
        canvas_of = importlib.import_module("matplotlib.backends.backend_agg").FigureCanvasAgg
        sheet_of = importlib.import_module("matplotlib.figure").Figure
    except ImportError:
        return b""
    if not figures:
        return b""
    heights = list(map(_height, figures))
    sheet = sheet_of(figsize=(_WIDTH_INCHES, sum(heights)), dpi=110, layout="constrained")
    canvas_of(sheet)
    axes = sheet.subplots(len(figures), 1, squeeze=False, height_ratios=heights)
    for each, figure in zip(axes[:, 0], figures, strict=True):
        _draw(each, figure)
    drawn = io.BytesIO()
    sheet.savefig(drawn, format="png")
    return drawn.getvalue() if drawn.tell() <= MOST_BYTES else b""


def _height(figure: Figure) -> float:
    bars = len(figure.series[0][1]) * len(figure.series)
    return _FRAME_INCHES + (_LINES_INCHES if figure.is_over_time else _LINE_INCHES * bars)


def _draw(axes: Any, figure: Figure) -> None:
    (_draw_lines if figure.is_over_time else _draw_bars)(axes, figure)
    axes.set_title(_plain(figure.title), fontsize=10, loc="left", parse_math=False)
    axes.tick_params(axis="x", labelsize=8)
    if len(figure.series) > 1:
        above_right = {"loc": "lower right", "bbox_to_anchor": (1, 1), "borderaxespad": 0}
        columns = min(len(figure.series), _MOST_BESIDE)
        axes.legend(fontsize=8, ncols=columns, frameon=False, **above_right)


def _draw_lines(axes: Any, figure: Figure) -> None:
    """Steps: nobody knows when between two looks a number grew."""
    labels = [_plain(label) for label, _ in figure.series[0][1]]
    for number, (name, data) in enumerate(figure.series):
        axes.step(
            range(len(data)),
            [value for _, value in data],
            where="post",
            label=_plain(name),
            marker=_MARKERS[number % len(_MARKERS)],
            color=_COLOURS[number % len(_COLOURS)],
        )
    axes.set_xticks(list(range(len(labels))), labels, rotation=45, ha="right", parse_math=False)
    axes.set_ylim(bottom=0)
    axes.margins(y=0.12)
    axes.set_ylabel(_plain(figure.unit), fontsize=8, parse_math=False)


def _draw_bars(axes: Any, figure: Figure) -> None:
    """Lying bars from top to bottom, each with its number at its end."""
    labels = [_plain(label) for label, _ in figure.series[0][1]]
    thick = 0.8 / len(figure.series)
    for number, (name, data) in enumerate(figure.series):
        above = thick * (number - (len(figure.series) - 1) / 2)
        bars = axes.barh(
            [line + above for line in range(len(data))],
            [value for _, value in data],
            thick,
            label=_plain(name),
            hatch=_HATCHES[number % len(_HATCHES)],
            color=_COLOURS[number % len(_COLOURS)],
            edgecolor="white",
        )
        axes.bar_label(bars, [str(value or "") for _, value in data], padding=2, fontsize=8)
    axes.set_yticks(list(range(len(labels))), labels, fontsize=8, parse_math=False)
    axes.invert_yaxis()
    axes.margins(x=0.12, y=0.02)
    axes.set_xlabel(_plain(figure.unit), fontsize=8, parse_math=False)


def _plain(text: str) -> str:
    """Signs that the font has, and none that it would read as a formula."""
    line = " ".join(clean(text).split()).replace("…", "...").replace("$", "S")
    return line.encode("ascii", "replace").decode()[:_LABEL_CHARACTERS]
