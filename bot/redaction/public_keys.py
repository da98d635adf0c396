"""Certificates and public keys: base64 that looks random and is no secret; it hides nothing."""

import re
from collections.abc import Iterator

from bot.redaction.encoded import decode_bytes

# DER begins with a sequence, which is `M` in base64; the lines of PEM may be JSON's `\n` apart.
_GAP = r"(?:\s|\\++[nrt])"
_DER = re.compile(
    rf"(?:(?<![\w+/])|(?<=\\n))M[A-I][A-Za-z0-9+/]{{14,}}+(?:{_GAP}{{1,60}}+[A-Za-z0-9+/]++)*+=*"
)
_LINE = re.compile(rf"{_GAP}*+([A-Za-z0-9+/]++)")
_OPENSSH = re.compile(r"AAAA(?:B3NzaC1y|B3NzaC1k|C3NzaC1l|E2VjZHNh|GnNrLX|InNrLX)[A-Za-z0-9+/]++=*")

_SEQUENCE = 0x30
_LONG_FORMS = (0x81, 0x82)
"""How many bytes of length follow; a certificate has less than 64 KiB."""
_HEAD_CHARS = 32
_PUBLIC_ALGORITHMS = (
    bytes.fromhex("06092a864886f70d010101"),  # rsaEncryption
    bytes.fromhex("06072a8648ce3d0201"),  # ecPublicKey
    bytes.fromhex("06032b65"),  # Ed25519 and its like
)


def find_public_keys(text: str) -> Iterator[tuple[int, int]]:
    """Where they begin and end, in the order of the text. Private keys of every kind are none."""
    if "AAAA" in text:
        yield from (found.span() for found in _OPENSSH.finditer(text))
    if "M" in text:
        yield from _find_der(text)


def _find_der(text: str) -> Iterator[tuple[int, int]]:
    for found in _DER.finditer(text):
        head = decode_bytes(text[found.start() : found.start() + _HEAD_CHARS])
        header, length = _read_header(head)
        if header and _is_public(head[header:], length):
            chars = -(-(header + length) * 4 // 3)
            yield found.start(), _end_after(text, *found.span(), chars)


def _read_header(der: bytes) -> tuple[int, int]:
    """How long the header of a sequence is, and what it says of the length of the rest."""
    if len(der) < 2 or der[0] != _SEQUENCE:
        return 0, 0
    if der[1] in _LONG_FORMS:
        header = 2 + der[1] % 0x80
        return header, int.from_bytes(der[2:header], "big")
    return (2, der[1]) if der[1] < min(_LONG_FORMS) else (0, 0)


def _is_public(content: bytes, length: int) -> bool:
    """A private key begins with its version, an encrypted one with how it is encrypted."""
    header, inner = _read_header(content)
    if not header or inner >= length:
        return False
    return content[1] in _LONG_FORMS or content[header:].startswith(_PUBLIC_ALGORITHMS)


def _end_after(text: str, start: int, stop: int, chars: int) -> int:
    """Where this many characters of base64 end, without the gaps between its lines."""
    for line in _LINE.finditer(text, start, stop):
        chars -= len(line[1])
        if chars <= 0:
            return line.end() + chars
    return stop
