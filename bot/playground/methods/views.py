"""views.*: windows and home tabs, kept as they were sent; nobody ever fills one in."""

from collections.abc import Iterator

from bot.playground import blocks as block_rules
from bot.playground import limits
from bot.playground.calls import Call, Method, Refused, bad_arguments
from bot.playground.directory import new_id
from bot.playground.elements import fault, kind_of, plain_text
from bot.playground.objects import Json

_DEFAULTS: Json = {
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "title": None,
    "close": None,
    "submit": None,
    "clear_on_close": False,
    "notify_on_close": False,
    "previous_view_id": None,
}


def _asked(call: Call, allowed: set[str]) -> Json:
    """Raises Refused for what Slack would not show."""
    view = call.arguments.mapping("view", "invalid_arguments") or {}
    if kind_of(view) not in allowed:
        raise bad_arguments(
            f"must be one of {', '.join(sorted(allowed))} [json-pointer:/view/type]"
        )
    if faults := list(_faults(view)):
        raise bad_arguments(*faults)
    return view


def _faults(view: Json) -> Iterator[str]:
    if kind_of(view) == "modal":
        yield from plain_text(view.get("title"), limits.VIEW_TITLE, "/view/title")
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        yield fault("missing required field: blocks", "/view")
        return
    yield from block_rules.for_view(blocks, "/view/blocks")


def _keep(call: Call, view: Json, view_id: str, **more: object) -> Json:
    place = call.workspace.directory
    kept = {
        **_DEFAULTS,
        "state": {"values": {}},
        "root_view_id": view_id,
        **view,
        **more,
        "id": view_id,
        "team_id": place.team_id,
        "app_id": place.app_id,
        "app_installed_team_id": place.team_id,
        "bot_id": place.bot.bot_id,
        "hash": f"{int(call.workspace.clock.now())}.{new_id('', 8)}",
    }
    call.workspace.views[view_id] = kept
    call.workspace.changes.notify()
    return {"view": kept}


def _trigger(call: Call) -> str:
    trigger = call.arguments.need("trigger_id")
    if trigger in call.workspace.exchanged_triggers:
        raise Refused("exchanged_trigger_id")
    if trigger not in {delivery.key for delivery in call.workspace.deliveries.all}:
        raise Refused("invalid_trigger_id")
    return trigger


def open_view(call: Call) -> Json:
    trigger, view = _trigger(call), _asked(call, {"modal"})
    call.workspace.exchanged_triggers.add(trigger)
    return _keep(call, view, new_id("V0"))


def push(call: Call) -> Json:
    """Puts a window upon the newest, however many there are."""
    trigger, view = _trigger(call), _asked(call, {"modal"})
    below = next((v for v in reversed(call.workspace.views.values()) if v["type"] == "modal"), None)
    if below is None:
        raise Refused("not_found")
    call.workspace.exchanged_triggers.add(trigger)
    above = {"root_view_id": below["root_view_id"], "previous_view_id": below["id"]}
    return _keep(call, view, new_id("V0"), **above)


def update(call: Call) -> Json:
    view = _asked(call, {"modal", "home"})
    old = _named(call)
    wanted = call.arguments.text("hash")
    if wanted and wanted != old["hash"]:
        raise Refused("hash_conflict")
    places = {name: old[name] for name in ("root_view_id", "previous_view_id")}
    return _keep(call, view, str(old["id"]), **places)


def _named(call: Call) -> Json:
    wanted, external = call.arguments.text("view_id"), call.arguments.text("external_id")
    if not (wanted or external):
        raise bad_arguments("missing required field: view_id")
    for view in call.workspace.views.values():
        if wanted == view["id"] or (external and external == view["external_id"]):
            return view
    raise Refused("not_found")


def publish(call: Call) -> Json:
    user = call.arguments.need("user_id")
    if user not in call.workspace.directory.people:
        raise Refused("user_not_found")
    if not call.workspace.grants.has_home:
        raise Refused("not_enabled")
    view = _asked(call, {"home"})
    return _keep(call, view, call.workspace.homes.setdefault(user, new_id("V0")))


METHODS = {
    "views.open": Method(open_view),
    "views.push": Method(push),
    "views.update": Method(update),
    "views.publish": Method(publish),
}
