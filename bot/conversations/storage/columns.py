"""How text and JSON lie in a column: compressed, or without what a database cannot hold."""

import zlib
from typing import Any

import orjson
from sqlalchemy import Dialect, LargeBinary, Text, TypeDecorator

from bot.conversations.sound import sound_json, sound_text


class Packed(TypeDecorator[str]):
    """Text that is long and alike, compressed: what kubectl prints shrinks to a fifth."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        return zlib.compress(value.encode("utf-8", "replace")) if value else None

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str:
        return zlib.decompress(value).decode() if value else ""


class PackedJson(TypeDecorator[Any]):
    """Any JSON, compressed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> bytes | None:
        return None if value is None else zlib.compress(sound_json(value))

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(zlib.decompress(value))


class Words(TypeDecorator[str]):
    """Short text from outside. Postgres has no place for a NUL character."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else sound_text(value).replace("\0", "\ufffd")
