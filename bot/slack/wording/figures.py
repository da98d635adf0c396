"""Figures as Slack's own charts; pure. Their numbers stand as words in the message beside them."""

from collections.abc import Sequence
from typing import Any

from bot.dialogue import Figure
from bot.plaintext import clean

CHART = "data_visualization"
MOST_CHARTS = 2
"""Slack takes two to a message."""
_TITLE_CHARACTERS = 50
_LABEL_CHARACTERS = 20
_MOST_CATEGORIES = 20
_MOST_SERIES = 6
# A label is no Markdown and takes no entities: what could begin a mention or a link is exchanged.
_HARMLESS = str.maketrans({"<": "(", ">": ")", "&": "+", "[": "(", "]": ")", "`": "'"})


def charts_of(figures: Sequence[Figure]) -> tuple[dict[str, Any], ...]:
    """Of more than two those that have the most to look at, in their order."""
    drawable = [figure for figure in figures if _labels(figure)]
    by_size = sorted(range(len(drawable)), key=lambda place: -len(_labels(drawable[place])))
    return tuple(_chart(drawable[place]) for place in sorted(by_size[:MOST_CHARTS]))


def _labels(figure: Figure) -> tuple[str, ...]:
    return tuple(label for label, _ in figure.series[0][1]) if figure.series else ()


def _chart(figure: Figure) -> dict[str, Any]:
    categories = _distinct(_labels(figure)[:_MOST_CATEGORIES])
    series = figure.series[:_MOST_SERIES]
    names = _distinct([name for name, _ in series])
    return {
        "type": CHART,
        "title": _short(figure.title, _TITLE_CHARACTERS),
        "chart": {
            "type": "line" if figure.is_over_time else "bar",
            "series": [
                {"name": name, "data": _points(categories, [value for _, value in data])}
                for name, (_, data) in zip(names, series, strict=True)
            ],
            "axis_config": {
                "categories": categories,
                "y_label": _short(figure.unit, _TITLE_CHARACTERS),
            },
        },
    }


def _points(categories: Sequence[str], values: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {"label": label, "value": value} for label, value in zip(categories, values, strict=False)
    ]


def _distinct(names: Sequence[str]) -> list[str]:
    """Short enough for Slack, and no two alike: of long names the end tells them apart."""
    found: list[str] = []
    for name in names:
        short, count = _short(name, _LABEL_CHARACTERS), 1
        while short in found:
            count += 1
            mark = f" {count}"
            short = _short(name, _LABEL_CHARACTERS - len(mark)) + mark
        found.append(short)
    return found


def _short(text: str, most: int) -> str:
    """Of a long one the beginning and the end."""
    line = " ".join(clean(text).split()).translate(_HARMLESS).replace("://", ": //") or "unknown"
    if len(line) <= most:
        return line
    end = most // 3
    return f"{line[: most - end - 1]}…{line[-end:]}"
