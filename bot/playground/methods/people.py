"""users.* and bots.info: who is there."""

from bot.playground import wire
from bot.playground.calls import Call, Method, Refused, page_of
from bot.playground.objects import Json


def user_info(call: Call) -> Json:
    found = call.workspace.directory.people.get(call.arguments.need("user"))
    if found is None:
        raise Refused("user_not_found")
    return {"user": wire.person(found)}


def user_list(call: Call) -> Json:
    everybody = list(call.workspace.directory.people.values())
    found, cursor = page_of(everybody, call.arguments, otherwise=1000, most=1000)
    return {
        "members": [wire.person(person) for person in found],
        "cache_ts": int(call.workspace.clock.now()),
        "response_metadata": {"next_cursor": cursor},
    }


def bot_info(call: Call) -> Json:
    wanted = call.arguments.text("bot") or call.workspace.bot.bot_id
    for person in call.workspace.directory.people.values():
        if person.bot_id == wanted:
            return {"bot": wire.bot(person)}
    raise Refused("bot_not_found")


METHODS = {
    "users.info": Method(user_info, ("users:read",)),
    "users.list": Method(user_list, ("users:read",)),
    "bots.info": Method(bot_info, ("users:read",)),
}
