"""Addresses that take an answer to a click: the `response_url` of an interaction."""

from aiohttp import web

from bot.playground.calls import Arguments, Call, Refused
from bot.playground.encodings import arguments_of
from bot.playground.methods import chat
from bot.playground.methods.contents import contents_of
from bot.playground.objects import Ephemeral, Json, ReplyAddress
from bot.playground.workspace import Workspace

_MOST_USES = 5


class Replies:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/actions/{address}", self.take)]

    async def take(self, request: web.Request) -> web.Response:
        """Changes, deletes or adds to the message that was clicked on."""
        try:
            address = self._address(request.match_info["address"])
            said = await arguments_of(request)
            self._answer(address, said)
        except Refused as refused:
            answer = {"ok": False, "error": refused.error} | refused.fields
            return web.json_response(answer, status=404)
        return web.Response(text="ok")

    def _address(self, name: str) -> ReplyAddress:
        address = self._workspace.reply_addresses.get(name)
        if address is None or address.expires < self._workspace.clock.now():
            raise Refused("expired_url")
        if address.uses >= _MOST_USES:
            raise Refused("used_url")
        address.uses += 1
        return address

    def _answer(self, address: ReplyAddress, said: Arguments) -> Json:
        place = {"channel": address.channel, "ts": address.message_ts, "user": address.user}
        call = Call("response_url", Arguments(said.values | place), self._workspace)
        whispered = self._whispered(address)
        if said.flag("delete_original"):
            return self._forget(whispered) if whispered else chat.delete(call)
        if said.flag("replace_original"):
            return self._rewrite(whispered, call) if whispered else chat.update(call)
        if said.text("response_type") == "in_channel":
            return chat.post(call)
        return chat.whisper(call, self._workspace.directory.channel(address.channel))

    def _whispered(self, address: ReplyAddress) -> Ephemeral | None:
        seen = self._workspace.whispers(address.user, address.channel)
        return next((one for one in seen if one.ts == address.message_ts), None)

    def _forget(self, whispered: Ephemeral) -> Json:
        self._workspace.ephemerals.remove(whispered)
        self._workspace.changes.notify()
        return {}

    def _rewrite(self, whispered: Ephemeral, call: Call) -> Json:
        contents = contents_of(call)
        if contents.is_empty:
            raise Refused("no_text")
        whispered.text, whispered.blocks = contents.text, contents.blocks or []
        self._workspace.changes.notify()
        return {}
