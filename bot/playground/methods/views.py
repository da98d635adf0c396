"""views.*: windows and home tabs, kept as they were sent."""

from bot.playground.calls import Call, Method, Refused, bad_arguments
from bot.playground.directory import new_id
from bot.playground.objects import Json


def _keep(call: Call, allowed: set[str]) -> Json:
    view = call.arguments.mapping("view", "invalid_arguments")
    if not view or view.get("type") not in allowed:
        raise bad_arguments(
            f"must be one of {', '.join(sorted(allowed))} [json-pointer:/view/type]"
        )
    place = call.workspace.directory
    kept = {
        **view,
        "id": new_id("V0"),
        "team_id": place.team_id,
        "app_id": place.app_id,
        "bot_id": place.bot.bot_id,
        "hash": new_id("", 12).lower(),
    }
    call.workspace.views[kept["id"]] = kept
    call.workspace.changes.notify()
    return {"view": kept}


def open_view(call: Call) -> Json:
    trigger = call.arguments.need("trigger_id")
    known = {delivery.key for delivery in call.workspace.deliveries.all}
    if trigger not in known:
        raise Refused("invalid_trigger_id")
    return _keep(call, {"modal"})


def publish(call: Call) -> Json:
    if call.arguments.need("user_id") not in call.workspace.directory.people:
        raise Refused("user_not_found")
    return _keep(call, {"home"})


METHODS = {"views.open": Method(open_view), "views.publish": Method(publish)}
