"""auth.test, api.test, apps.connections.open, team.info: who calls and how to connect."""

from bot.playground.calls import Call, Method
from bot.playground.objects import Json


def api_test(call: Call) -> Json:
    said = call.arguments.values
    if error := call.arguments.text("error"):
        return {"ok": False, "error": error, "args": said}
    return {"args": said} if said else {}


def auth_test(call: Call) -> Json:
    place = call.workspace.directory
    return {
        "url": f"https://{place.domain}.slack.com/",
        "team": place.team_name,
        "user": place.bot.name,
        "team_id": place.team_id,
        "user_id": place.bot.id,
        "bot_id": place.bot.bot_id,
        "is_enterprise_install": False,
    }


def team_info(call: Call) -> Json:
    place = call.workspace.directory
    return {"team": {"id": place.team_id, "name": place.team_name, "domain": place.domain}}


METHODS = {
    "auth.test": Method(auth_test, tokens=("bot", "app")),
    "team.info": Method(team_info, ("team:read",)),
}
