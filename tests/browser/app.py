"""A small Slack app over real sockets; its answer to a mention holds all that Kaia's may hold."""

import asyncio
from typing import Any

import aiohttp

from bot.playground import PlaygroundServer

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fc"
    "cfc0500f0004850180d2a0b4a50000000049454e44ae426082"
)
LONG = "kubectl get pods --namespace=shop --output=wide --selector=app.kubernetes.io/name=checkout"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def cell(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text}


ANSWER = f"**checkout is not ready.** Its image cannot be pulled.\n\n```\n{LONG}\n```"
TABLE = {
    "type": "data_table",
    "caption": "Pods by restarts",
    "rows": [
        [cell("Pod"), cell("Restarts"), cell("Why")],
        [cell("checkout-7d9f"), {"type": "raw_number", "value": 12}, cell("ImagePullBackOff")],
    ],
}
CHART = {
    "type": "data_visualization",
    "title": "Restarts over time",
    "chart": {
        "type": "bar",
        "series": [
            {
                "name": "checkout",
                "data": [{"label": "14:00", "value": 1}, {"label": "14:10", "value": 12}],
            }
        ],
        "axis_config": {"categories": ["14:00", "14:10"], "x_label": "time", "y_label": "restarts"},
    },
}
EVIDENCE = {
    "type": "container",
    "title": plain("Evidence"),
    "is_collapsible": True,
    "default_collapsed": True,
    "child_blocks": [{"type": "markdown", "text": "Two pods wait for their image."}],
}
RATING = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "kaia_rating",
            "positive_button": {"text": plain("Good"), "value": "good:1"},
            "negative_button": {"text": plain("Bad"), "value": "bad:1"},
        }
    ],
}
BLOCKS = [{"type": "markdown", "text": ANSWER}, TABLE, CHART, EVIDENCE, RATING]
HOME = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Kaia is well")},
        {"type": "section", "text": {"type": "mrkdwn", "text": "Model: *builtin*"}},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "kaia_again", "text": plain("Look again")}
            ],
        },
    ],
}


class SmallApp:
    def __init__(self, server: PlaygroundServer, http: aiohttp.ClientSession) -> None:
        self._server = server
        self._http = http
        self.heard: list[dict[str, Any]] = []

    async def call(self, method: str, *, token: str = "", **said: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token or self._server.bot_token}"}
        async with self._http.post(
            self._server.api_url + method, json=said, headers=headers
        ) as got:
            found: dict[str, Any] = await got.json()
        assert found["ok"], found
        return found

    async def run(self) -> None:
        """Acks and answers until it is cancelled."""
        opened = await self.call("apps.connections.open", token=self._server.app_token)
        async with self._http.ws_connect(opened["url"]) as socket:
            async for frame in socket:
                envelope = frame.json()
                if "envelope_id" in envelope:
                    await socket.send_json({"envelope_id": envelope["envelope_id"]})
                    await self._take(envelope["payload"])

    async def _take(self, payload: dict[str, Any]) -> None:
        self.heard.append(payload)
        event = payload.get("event", {})
        if event.get("type") == "app_mention":
            await self._answer(event)
        elif event.get("type") == "app_home_opened" and event["tab"] == "home":
            await self.call("views.publish", user_id=event["user"], view=HOME)
        elif payload["type"] == "message_action":
            place = {"channel": payload["channel"]["id"], "thread_ts": payload["message_ts"]}
            await self.call("chat.postMessage", **place, text="I am looking at this message.")

    async def _answer(self, event: dict[str, Any]) -> None:
        place = {"channel": event["channel"], "thread_ts": event.get("thread_ts") or event["ts"]}
        await self.call("chat.postMessage", **place, text="checkout is not ready", blocks=BLOCKS)
        await self.call(
            "chat.postEphemeral", **place, user=event["user"], text="A word to you alone"
        )

    def pressed(self, action_id: str) -> list[dict[str, Any]]:
        """The actions with this id that have come so far."""
        return [
            action
            for payload in self.heard
            for action in payload.get("actions", ())
            if action["action_id"] == action_id
        ]


async def connected(server: PlaygroundServer, running: "asyncio.Task[None]") -> None:
    connections = server.workspace.deliveries.connections
    async with asyncio.timeout(10):
        await server.workspace.changes.until(lambda: bool(connections) or running.done())
