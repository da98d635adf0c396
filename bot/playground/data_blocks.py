"""The rules of the blocks that show data: tables, and charts; pure, and answers as Slack does."""

from collections.abc import Iterator
from typing import Any

from bot.playground import limits
from bot.playground.elements import fault, items, kind_of, required_list
from bot.playground.objects import Json

_CELLS = {"raw_text", "raw_number", "rich_text"}
_CHARTS = {"area", "bar", "line", "pie"}


def _short(value: Any, most: int, where: str) -> Iterator[str]:
    if not isinstance(value, str) or not value:
        yield fault("must be more than 0 characters", where)
    elif len(value) > most:
        yield fault(f"must be less than {most + 1} characters", where)


def _number(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield fault("must be a number", where)


def table(block: Json, where: str) -> Iterator[str]:
    yield from _rows(block.get("rows"), limits.TABLE_ROWS, f"{where}/rows")


def _rows(rows: Any, most: int, where: str) -> Iterator[str]:
    yield from required_list(rows, most, where)
    for number, row in enumerate(items(rows)):
        at = f"{where}/{number}"
        yield from required_list(row, limits.TABLE_COLUMNS, at)
        for column, cell in enumerate(items(row)):
            yield from _cell(cell, f"{at}/{column}")


def _cell(cell: Any, where: str) -> Iterator[str]:
    kind = kind_of(cell)
    if kind not in _CELLS:
        yield fault(f"unsupported type: {kind}", f"{where}/type")
    elif kind == "raw_number":
        yield from _number(cell.get("value"), f"{where}/value")


def data_table(block: Json, where: str) -> Iterator[str]:
    """A header and up to a hundred rows, as long as the header each."""
    if not isinstance(block.get("caption"), str) or not block["caption"]:
        yield fault("missing required field: caption", where)
    rows, at = block.get("rows"), f"{where}/rows"
    yield from _rows(rows, limits.DATA_TABLE_ROWS, at)
    found = [row for row in items(rows) if isinstance(row, list)]
    if len(found) == 1:
        yield fault("no fewer than 2 items allowed", at)
    if len({len(row) for row in found}) > 1:
        yield fault("all rows must have the same number of cells", at)
    for column, cell in enumerate(found[0] if found else ()):
        if kind_of(cell) == "rich_text":
            yield fault("unsupported type: rich_text", f"{at}/0/{column}/type")
    size = block.get("page_size", 5)
    if not isinstance(size, int) or not 1 <= size <= limits.DATA_TABLE_PAGE:
        yield fault(f"must be between 1 and {limits.DATA_TABLE_PAGE}", f"{where}/page_size")


def data_visualization(block: Json, where: str) -> Iterator[str]:
    """A chart with its title; the chart's own type says what it is made of."""
    yield from _short(block.get("title"), limits.CHART_TITLE, f"{where}/title")
    chart, at = block.get("chart"), f"{where}/chart"
    kind = kind_of(chart)
    if not isinstance(chart, dict):
        yield fault("missing required field: chart", where)
    elif kind not in _CHARTS:
        yield fault(f"unsupported type: {kind}", f"{at}/type")
    elif kind == "pie":
        yield from _points(chart.get("segments"), limits.CHART_SEGMENTS, f"{at}/segments")
    else:
        yield from _series_chart(chart, at)


def _points(points: Any, most: int, where: str) -> Iterator[str]:
    yield from required_list(points, most, where)
    for number, point in enumerate(items(points)):
        at = f"{where}/{number}"
        if not isinstance(point, dict):
            yield fault("must be an object", at)
            continue
        yield from _short(point.get("label"), limits.CHART_LABEL, f"{at}/label")
        yield from _number(point.get("value"), f"{at}/value")


def _series_chart(chart: Json, where: str) -> Iterator[str]:
    axes = chart.get("axis_config")
    categories = axes.get("categories") if isinstance(axes, dict) else None
    at = f"{where}/axis_config/categories"
    yield from required_list(categories, limits.CHART_CATEGORIES, at)
    for number, category in enumerate(items(categories)):
        yield from _short(category, limits.CHART_LABEL, f"{at}/{number}")
    for name in ("x_label", "y_label"):
        if isinstance(axes, dict) and axes.get(name) is not None:
            yield from _short(axes[name], limits.CHART_TITLE, f"{where}/axis_config/{name}")
    yield from _series(chart.get("series"), items(categories), f"{where}/series")


def _series(series: Any, categories: list[Any], where: str) -> Iterator[str]:
    yield from required_list(series, limits.CHART_SERIES, where)
    seen: list[Any] = []
    for number, one in enumerate(items(series)):
        at = f"{where}/{number}"
        if not isinstance(one, dict):
            yield fault("must be an object", at)
            continue
        yield from _short(one.get("name"), limits.CHART_LABEL, f"{at}/name")
        if one.get("name") in seen:
            yield fault("series names must be unique", f"{at}/name")
        seen.append(one.get("name"))
        yield from _points(one.get("data"), limits.CHART_CATEGORIES, f"{at}/data")
        labels = [p.get("label") for p in items(one.get("data")) if isinstance(p, dict)]
        if labels != categories:
            yield fault("data labels must match axis_config.categories", f"{at}/data")
