"""Certificates and public keys stay, and no private key passes for one."""

import base64
import datetime
import json
import textwrap
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
)
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from bot.redaction import Redactor

Key = EllipticCurvePrivateKey | RSAPrivateKey

KEYS: dict[str, Key] = {"rsa": generate_rsa(65537, 2048), "ec": generate_ec(SECP256R1())}


def _certificate(key: Key) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "shop.example.com")])
    begins = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(4242)
        .not_valid_before(begins)
        .not_valid_after(begins + datetime.timedelta(days=90))
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def _public(key: Key) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _host_key(key: Key) -> str:
    shown = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return f"git.example.com {shown} root@git\n"


PUBLIC = {
    f"{make.__name__[1:]}, {name}": make(key)
    for name, key in KEYS.items()
    for make in (_certificate, _public, _host_key)
}
WRAPPINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda t: t,
    "in a config map": lambda t: textwrap.indent(t, "    "),
    "in json": lambda t: json.dumps({"ca.crt": t}),
    "as a bundle": lambda t: "    caBundle: " + base64.b64encode(t.encode()).decode(),
    "cut": lambda t: t[: len(t) * 2 // 3],
}


@pytest.mark.parametrize("public", PUBLIC.values(), ids=PUBLIC)
@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_what_is_public_stays(public: str, wrap: Callable[[str], str]) -> None:
    assert Redactor().redact(wrap(public)) == wrap(public)


PRIVATE_FORMATS: dict[str, tuple[PrivateFormat, KeySerializationEncryption]] = {
    "pkcs8": (PrivateFormat.PKCS8, NoEncryption()),
    "openssl": (PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    "openssh": (PrivateFormat.OpenSSH, NoEncryption()),
    "encrypted": (PrivateFormat.PKCS8, BestAvailableEncryption(b"hunter2")),
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("how", PRIVATE_FORMATS.values(), ids=PRIVATE_FORMATS)
@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_a_private_key_goes_with_its_name_and_without(
    key: Key,
    how: tuple[PrivateFormat, KeySerializationEncryption],
    wrap: Callable[[str], str],
) -> None:
    pem = key.private_bytes(Encoding.PEM, *how).decode()
    nameless = pem.partition("\n")[2].partition("-----")[0]
    lines = [line for line in nameless.split("\n") if len(line) >= 20]

    for text in (pem, nameless, nameless.replace("\n", "")):
        shown = Redactor().redact(wrap(text))
        assert not [line for line in lines if line in shown]
