"""Pure: names in an environment that are nearly those of settings."""

import re
from collections.abc import Mapping
from typing import Final

from bot.settings.fields import VARIABLES, is_secret
from bot.settings.values import nearest

NAMES: Final = tuple(VARIABLES) + tuple(
    f"{name}_FILE" for name, field in VARIABLES.items() if is_secret(field)
)
_OURS = tuple(name for name in NAMES if name.startswith("KAIA_"))
_OTHERS = tuple(name for name in NAMES if not name.startswith("KAIA_"))
_OTHERS_BEGIN = tuple({name.partition("_")[0] + "_" for name in _OTHERS if "_" in name})
_IS_A_SLIP = 0.87
"""SLACK_BOTTOKEN is as like as that; OLLAMA_PORT, which may well be meant, is less."""

# What Kubernetes sets for each Service in the namespace, one named kaia or kaia-… among them.
_SERVICE_NAME = re.compile(
    r"KAIA(_[A-Z0-9]+)*?_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?"
    r"|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"
)
_SERVICE_ADDRESS = re.compile(r"(tcp|udp|sctp)://")


def is_of_a_service(name: str, value: str) -> bool:
    """True for `KAIA_SERVICE_HOST`, `KAIA_PORT=tcp://…`, and so on; never an error of anybody's."""
    is_address = name.endswith("_PORT") and _SERVICE_ADDRESS.match(value)
    return bool(name.startswith("KAIA_") and (is_address or _SERVICE_NAME.fullmatch(name)))


def misspelt(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each `KAIA_…` that is no setting."""
    return [
        f"{name} is not a setting; the nearest is {nearest(name.upper(), _OURS)[0]}."
        for name, value in sorted(environ.items())
        if name.upper().startswith("KAIA_")
        and name not in _OURS
        and not is_of_a_service(name, value)
    ]


def likely_misspelt(environ: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each other name that is very like a setting which is not there."""
    near = {
        name: nearest(name.upper(), _OTHERS)
        for name in sorted(environ)
        if name.upper().startswith(_OTHERS_BEGIN) and name not in _OTHERS
    }
    return tuple(
        f"{name} is not read; if {right} is meant, rename it."
        for name, (right, likeness) in near.items()
        if likeness >= _IS_A_SLIP and right not in environ
    )
