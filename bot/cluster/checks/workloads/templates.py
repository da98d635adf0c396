"""How two versions of a pod template differ: images in full, else only which fields; pure."""

from collections.abc import Iterator

from bot.cluster.checks.quotation import listed
from bot.cluster.objects import Object, containers_of, part, text


def images_of(owner: Object) -> str:
    """`shop/app:2`, or several with commas."""
    spec = part(owner, "spec", "template", "spec")
    found = [text(each, "image") for each, is_init in containers_of(spec) if not is_init]
    return ", ".join(found)


def changes(old: Object, new: Object) -> str:
    """`image of `app` shop/app:1 → shop/app:2`; of other fields only the names, never values."""
    before, after = part(old, "spec", "template", "spec"), part(new, "spec", "template", "spec")
    images = [*_images(before, after)]
    fields = [*dict.fromkeys(_fields(before, after))]
    changed = [f"changed: {listed(fields, most=6)}"] if fields else []
    return "; ".join((*images, *changed))


def _images(before: Object, after: Object) -> Iterator[str]:
    for name, old, new in _pairs(before, after):
        if text(old, "image") != text(new, "image"):
            yield f"image of `{name}` {text(old, 'image')} → {text(new, 'image')}"


def _fields(before: Object, after: Object) -> Iterator[str]:
    known = _pairs(before, after)
    for name, old, new in known:
        for key in sorted({*old, *new} - {"image"}):
            if old.get(key) != new.get(key):
                yield f"containers[{name}].{key}"
    names = {name for name, _, _ in known}
    for side, word in ((after, "new container"), (before, "container gone")):
        for each, _ in containers_of(side):
            if text(each, "name") not in names:
                yield f"{word} {text(each, 'name')}"
    for key in sorted({*before, *after} - {"containers", "initContainers"}):
        if before.get(key) != after.get(key):
            yield key


def _pairs(before: Object, after: Object) -> list[tuple[str, Object, Object]]:
    """Containers that both versions have."""
    old = {text(each, "name"): each for each, _ in containers_of(before)}
    new = {text(each, "name"): each for each, _ in containers_of(after)}
    return [(name, old[name], new[name]) for name in old if name in new]
