"""YAML and JSON within a budget: noise goes, then detail, then objects that are well; pure."""

from collections.abc import Iterable, Iterator, Sequence

from bot.tools.compaction.documents import Tree
from bot.tools.compaction.fields import without_managed_fields, without_noise
from bot.tools.compaction.forms import Form
from bot.tools.compaction.lines import Compacted, compact_lines
from bot.tools.compaction.listings import Item, Listing, read_listing
from bot.tools.compaction.notes import split_notes
from bot.tools.compaction.shrinking import STEPS, shrink

_REMARK_CHARS = 400
"""The longest remark on what was left out, its line feed included."""
_SHORTEST_ITEM_CHARS = 100
_MOST_ITEMS = 80
"""Objects that are looked into: more would not fit a small model's window anyway."""
_UNWELL_SHARE = 0.7
_NOTES_SHARE = 4

_AS_IT_IS, _WITHOUT_NOISE = 0, 1
_LEVELS = range(2 + len(STEPS))
"""From all but managedFields down to an outline."""


def compact_manifest(lines: Sequence[str], budget_chars: int, form: Form) -> Compacted:
    """Whole objects as far as possible; by lines where the text is none that kubectl prints."""
    try:
        return _compact(lines, budget_chars, form) or compact_lines(lines, budget_chars)
    except RecursionError:
        return compact_lines(lines, budget_chars)


def _compact(lines: Sequence[str], budget_chars: int, form: Form) -> Compacted | None:
    body, notes = split_notes(lines)
    listing = read_listing(body, form)
    if listing is None or budget_chars <= 2 * _REMARK_CHARS:
        return None
    told = compact_lines(notes, budget_chars // _NOTES_SHARE) if notes else None
    room_chars = budget_chars - _REMARK_CHARS - (len(told.text) + 1 if told else 0)
    trees, remarks = _fit(listing, room_chars)
    shown = listing.write(trees)
    count = len(shown)
    if _size(shown) > room_chars:
        chosen = compact_lines(shown, room_chars)
        shown, count = [chosen.text], chosen.shown_lines
    if form is Form.JSON:
        remarks = ["indentation", *remarks]
    text = "\n".join([*shown, *_remark(remarks), *([told.text] if told else [])])
    count += told.shown_lines if told else 0
    return Compacted(text[:budget_chars], min(count, len(lines)), len(lines), cut=True)


def _fit(listing: Listing, room_chars: int) -> tuple[list[Tree], list[str]]:
    """The objects as they fit, in their order, and what was left out of them."""
    items = _candidates(listing, room_chars)
    trees = [tree for item in items if (tree := item.read()) is not None]
    if len(trees) == len(listing.items):
        for level in _LEVELS:
            lowered, left_out = _lower(trees, level)
            if _size(listing.write(lowered)) <= room_chars:
                return lowered, left_out
    if not listing.is_list:
        return _lower(trees, _LEVELS[-1])
    return _fit_some(listing, items, room_chars)


def _candidates(listing: Listing, room_chars: int) -> list[Item]:
    """Those that are unwell, then the others, as many as could fit at all."""
    most = min(room_chars // _SHORTEST_ITEM_CHARS, _MOST_ITEMS)
    if len(listing.items) <= most:
        return list(listing.items)
    ranked = sorted(listing.items, key=lambda item: not item.is_unwell)
    return ranked[:most]


def _fit_some(
    listing: Listing, items: Sequence[Item], room_chars: int
) -> tuple[list[Tree], list[str]]:
    """The unwell ones first and in most detail; an object that cannot be read is counted."""
    trees = [(item.is_unwell, item.read()) for item in items]
    unwell = [tree for is_unwell, tree in trees if is_unwell and tree is not None]
    well = [tree for is_unwell, tree in trees if not is_unwell and tree is not None]
    room_chars -= _size(listing.write([]))
    kept, left_out = _fit_best(listing, unwell, room_chars * _UNWELL_SHARE)
    room_chars -= _size(listing.write(kept))
    outlines, more = _lower(well, _LEVELS[-1])
    kept += list(_take(listing, outlines, room_chars))
    rest = len(listing.items) - len(kept)
    names = _names(listing, kept) if rest else ""
    remark = [f"{rest} of {len(listing.items)} objects{names}"] if rest else []
    return kept, [*dict.fromkeys([*left_out, *more]), *remark]


def _fit_best(
    listing: Listing, trees: Sequence[Tree], room_chars: float
) -> tuple[list[Tree], list[str]]:
    """At the level at which all fit; else as many outlines as do."""
    lowered: list[Tree] = []
    left_out: list[str] = []
    for level in _LEVELS[_WITHOUT_NOISE:]:
        lowered, left_out = _lower(trees, level)
        if _size(listing.write(lowered)) <= room_chars:
            return lowered, left_out
    return list(_take(listing, lowered, room_chars)), left_out


def _take(listing: Listing, trees: Iterable[Tree], room_chars: float) -> Iterator[Tree]:
    frame_chars = _size(listing.write([]))
    for tree in trees:
        room_chars -= _size(listing.write([tree])) - frame_chars
        if room_chars < 0:
            return
        yield tree


def _lower(trees: Sequence[Tree], level: int) -> tuple[list[Tree], list[str]]:
    """The objects at one level of detail, and in words what they lack for it."""
    prune = without_managed_fields if level == _AS_IT_IS else without_noise
    pruned = [prune(tree) for tree in trees]
    left_out = sorted(set().union(*(lacks for _, lacks in pruned)))
    if level <= _WITHOUT_NOISE:
        return [tree for tree, _ in pruned], left_out
    step = STEPS[level - 2]
    shrunk = [shrink(tree, step) for tree, _ in pruned]
    if shrunk != [tree for tree, _ in pruned]:
        left_out.append("all but an outline" if step.is_outline else "the middle of long values")
    return shrunk, left_out


def _names(listing: Listing, kept: Sequence[Tree]) -> str:
    shown = {_name(tree) for tree in kept}
    names = [item.name for item in listing.items if item.name and item.name not in shown]
    said = ", ".join(names[:4])
    return f" (such as {said[:160]})" if said else ""


def _name(tree: Tree) -> str:
    metadata = tree.get("metadata") if isinstance(tree, dict) else None
    return str(metadata.get("name", "")) if isinstance(metadata, dict) else ""


def _remark(left_out: Sequence[str]) -> list[str]:
    """A comment of YAML; JSON has none, and a reader takes it for one all the same."""
    return [f"# left out: {', '.join(left_out)}"[: _REMARK_CHARS - 1]] if left_out else []


def _size(lines: Sequence[str]) -> int:
    return sum(map(len, lines)) + len(lines)
