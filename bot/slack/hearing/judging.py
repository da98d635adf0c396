"""Who may ask and press, and where; pure, and closed where it cannot know."""

import re

from bot.slack.hearing.groups import NONE, Belonging
from bot.slack.hearing.people import Person
from bot.slack.hearing.said import Said
from bot.slack.house import DIRECT_MESSAGES, House, Identity

_OWNER = "Whoever runs Kaia here can change that"
_UNKNOWN_SHARING = (
    "I could not find out whether this channel is shared with other workspaces, so I take nothing"
    " here now. Please try again in a minute; if it stays so, whoever runs Kaia can see why in"
    " its log."
)


def objection(
    said: Said, person: Person, identity: Identity, house: House, belonging: Belonging = NONE
) -> str:
    """Why this person may not ask, in a sentence for them; nothing where they may.

    `belonging`: to those groups whose members may ask.
    """
    if problem := sharing_objection(said.is_shared_channel):
        return problem
    if problem := _outsider(said, person, identity):
        return f"{problem} Please ask a member of this workspace to {_asking(said)}."
    if not house.users or said.speaker in house.users or belonging.groups & house.users:
        return ""
    doubt = f" {belonging.doubt}" if belonging.unknown & house.users else ""
    return (
        "I answer only people on a list, and you are not on it."
        f"{doubt} {_OWNER} (KAIA_ALLOWED_USERS)."
    )


def _asking(said: Said) -> str:
    if said.is_choice:
        return "choose Investigate with Kaia below that message"
    return "press it" if said.is_press else "put the question"


def needs_groups(said: Said, house: House) -> bool:
    """Whether a user group may be what permits this person."""
    return bool(house.asking_groups) and said.speaker not in house.users


def machine_objection(said: Said, identity: Identity) -> str:
    """Why an app may not ask this, for the log."""
    if not said.is_permitted:
        return "an app that is not in KAIA_ALLOWED_APPS"
    if problem := sharing_objection(said.is_shared_channel):
        return problem
    return "of another workspace" if said.teams - _ours(identity) else ""


def sharing_objection(is_shared: bool | None) -> str:
    if is_shared is None:
        return _UNKNOWN_SHARING
    if is_shared:
        return (
            "I don't answer in channels shared with other workspaces, because I read a cluster. "
            "Please ask me in a channel of this workspace alone."
        )
    return ""


def channel_objection(said: Said, name: str, house: House) -> str:
    """Why Kaia may not answer here; nothing where it may. `name` may be unknown and so empty."""
    here = {said.channel, name, f"#{name}"} if name else {said.channel}
    if said.is_direct:
        here = {said.channel, DIRECT_MESSAGES}
    if not house.channels or here & house.channels:
        return ""
    why = "I answer only in some channels, and this is none of them."
    return f"{why} {_OWNER} (KAIA_ALLOWED_CHANNELS)."


def needs_channel_name(house: House) -> bool:
    """Whether some permitted channel is named otherwise than by its id."""
    return any(not _is_id(channel) for channel in house.channels - {DIRECT_MESSAGES})


def _is_id(name: str) -> bool:
    return re.fullmatch(r"[CGD][A-Z0-9]{5,}", name) is not None


def _outsider(said: Said, person: Person, identity: Identity) -> str:
    if not person.is_known:
        return "I could not find out who you are, and I answer only people I know."
    if person.is_listed and not (person.team or person.enterprise):
        return (
            "I could not find out which workspace you are of, and I answer only members of this"
            " one, because I read a cluster."
        )
    if person.is_stranger or said.teams - _ours(identity) or not _is_ours(person, identity):
        return "I answer only members of this workspace, because I read a cluster."
    if person.is_guest:
        return "I don't answer guests, because I read a cluster."
    return ""


def _ours(identity: Identity) -> set[str]:
    return {identity.team, identity.enterprise} - {""}


def _is_ours(person: Person, identity: Identity) -> bool:
    same_enterprise = bool(identity.enterprise) and person.enterprise == identity.enterprise
    return not person.is_listed or person.team in _ours(identity) or same_enterprise
