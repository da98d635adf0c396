"""An SVG of what a page shows: its text as text, its boxes, its colours, light and dark.

It holds no script, no font and no picture, so that a README may show it. Fonts differ from one
reader to the next: each line of text is told how wide it is.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, unescape

from playwright.async_api import Page

_WALK = Path(__file__).with_name("drawing.js").read_text(encoding="utf-8")
_SANS = "system-ui,-apple-system,'Segoe UI','Noto Sans',sans-serif"
_MONO = "ui-monospace,'SF Mono','Cascadia Mono','DejaVu Sans Mono',monospace"
_LINE = re.compile(r"<text [^>]*>([^<]*)</text>")
_COLOURS = ("fill", "line")

Item = Mapping[str, Any]


async def drawn(page: Page, title: str) -> str:
    """What stands in the window now."""
    await page.emulate_media(color_scheme="light")
    light = await page.evaluate(_WALK)
    await page.emulate_media(color_scheme="dark")
    dark = await page.evaluate(_WALK)
    await page.emulate_media(color_scheme="light")
    return _svg(light, dark, title)


def texts_of(svg: str) -> list[str]:
    """The lines of what was drawn here, in the order in which they stand on the page."""
    return [unescape(each) for each in _LINE.findall(svg)]


def _svg(light: Mapping[str, Any], dark: Mapping[str, Any], title: str) -> str:
    colours = _Colours()
    pairs = zip(light["items"], dark["items"], strict=True)
    shapes = [_shape(one, colours.of(one, other)) for one, other in pairs]
    size = f"{light['width']} {light['height']}"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>text{{font-family:{_SANS}}}.m{{font-family:{_MONO}}}.b{{font-weight:600}}",
        *colours.rules(),
        "</style>",
        *shapes,
        "</svg>\n",
    ])  # fmt: skip


class _Colours:
    """A class for each use of a colour: `f3` fills with it, `l3` draws a line of it."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._used: set[str] = set()

    def of(self, light: Item, dark: Item) -> str:
        """The classes of a shape."""
        named = [self._name(light.get(use), dark.get(use), use[0]) for use in _COLOURS]
        bare = [] if light.get("fill") else ["n"]
        return " ".join([*filter(None, named), *bare])

    def _name(self, light: str | None, dark: str | None, use: str) -> str:
        if not light or not dark:
            return ""
        name = f"{use}{self._numbers.setdefault((light, dark), len(self._numbers))}"
        self._used.add(name)
        return name

    def rules(self) -> Iterator[str]:
        yield ".n{fill:none}"
        yield from self._rules(0)
        yield "@media (prefers-color-scheme:dark){"
        yield from self._rules(1)
        yield "}"

    def _rules(self, which: int) -> Iterator[str]:
        for pair, number in self._numbers.items():
            for use, meaning in (("f", "fill"), ("l", "stroke")):
                if f"{use}{number}" in self._used:
                    yield f".{use}{number}{{{meaning}:{_plain(pair[which])}}}"


def _shape(item: Item, classes: str) -> str:
    match item["kind"]:
        case "box":
            return _box(item, classes)
        case "dot":
            place = f'cx="{_short(item["x"])}" cy="{_short(item["y"])}" r="{_short(item["r"])}"'
            return f'<circle class="{classes}" {place}/>'
        case _:
            return _text(item, classes)


def _box(item: Item, classes: str) -> str:
    # A line is drawn half inside and half outside of its shape; a border is inside.
    half = 0.5 if item["line"] else 0
    x, y = _short(item["x"] + half), _short(item["y"] + half)
    width, height = _short(item["width"] - 2 * half), _short(item["height"] - 2 * half)
    round_ = f' rx="{_short(item["radius"])}"' if item["radius"] else ""
    return f'<rect class="{classes}" x="{x}" y="{y}" width="{width}" height="{height}"{round_}/>'


def _text(item: Item, classes: str) -> str:
    more = [name for name, key in (("m", "is_mono"), ("b", "is_bold")) if item[key]]
    place = f'x="{_short(item["x"])}" y="{_short(item["y"])}" font-size="{_short(item["size"])}"'
    wide = f'textLength="{_short(item["width"])}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<text class="{" ".join([classes, *more])}" {place} {wide}>{escape(item["text"])}</text>'
    )


def _plain(colour: str) -> str:
    """#112233, and #11223380 where it is half to be seen through."""
    numbers = [float(each) for each in re.findall(r"[\d.]+", colour.replace("srgb", ""))]
    most = 1 if colour.startswith("color(") else 255
    parts = [round(part / most * 255) for part in numbers[:3]]
    clear = [round(part * 255) for part in numbers[3:]]
    return "#" + "".join(f"{part:02x}" for part in (*parts, *clear))


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
