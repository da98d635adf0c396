"""What Slack lets pass and a good app never does; reads the state and changes nothing."""

from collections.abc import Iterator, Mapping

from bot.playground import text as texts
from bot.playground.objects import Message, Person
from bot.playground.state import State


def of(state: State) -> list[str]:
    return [*_unacked(state), *_alive(state), *state.oddities]


def _unacked(state: State) -> Iterator[str]:
    for delivery in state.deliveries.unacked:
        about = delivery.payload.get("event", delivery.payload).get("type", "?")
        tries = len(delivery.envelopes)
        yield f"never acked: {delivery.type} {about} {delivery.key}, sent {tries} times"


def _alive(state: State) -> Iterator[str]:
    known = state.directory.people
    for channel in state.directory.channels.values():
        for message in channel.messages.values():
            if message.app_id == state.directory.app_id:
                yield from (f"alive in {message.ts}: {found}" for found in _in(message, known))
    for (_, thread_ts), status in state.statuses.items():
        for found in texts.live_sequences(status.text, known):
            yield f"alive in the status of {thread_ts}: {found}"
    for whispered in state.ephemerals:
        for found in texts.live_in_blocks([whispered.text, whispered.blocks], known):
            yield f"alive in an ephemeral message: {found}"


def _in(message: Message, known: Mapping[str, Person]) -> Iterator[str]:
    yield from texts.live_sequences(message.text, known)
    yield from texts.live_in_blocks([message.blocks, message.attachments], known)
