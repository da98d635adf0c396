"""The tokens of the workspace's one app: of real shape, made anew at every start."""

import secrets
import string
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["bot", "app"]

_LETTERS = string.ascii_letters + string.digits


def _digits(length: int) -> str:
    return "1" + "".join(secrets.choice(string.digits) for _ in range(length - 1))


@dataclass(slots=True)
class Token:
    text: str
    kind: TokenKind
    refusal: str = ""
    """The error this token gets: token_revoked, account_inactive, invalid_auth, …"""


class Tokens:
    def __init__(self, app_id: str) -> None:
        tail = "".join(secrets.choice(_LETTERS) for _ in range(24))
        self.bot = Token(f"xoxb-{_digits(12)}-{_digits(13)}-{tail}", "bot")
        self.app = Token(f"xapp-1-{app_id}-{_digits(13)}-{secrets.token_hex(32)}", "app")

    def of(self, kind: TokenKind) -> Token:
        return self.bot if kind == "bot" else self.app

    def find(self, text: str) -> Token | None:
        for token in (self.bot, self.app):
            if secrets.compare_digest(token.text.encode(), text.encode()):
                return token
        return None
