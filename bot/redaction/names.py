"""Which names say that their value is a secret; it never looks at values."""

import functools
import itertools
import re

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")

_STEMS = (
    "password", "passwords", "passwd", "passphrase", "passcode", "secret", "token", "credential",
    "credentials", "creds", "apikey", "accesskey", "secretkey", "privatekey", "authkey",
    "requirepass", "masterauth", "passwort", "kennwort", "dockerconfigjson", "dockercfg",
    "connectionstring",
)  # fmt: skip

_WHOLE_WORDS = frozenset({"authorization", "cookie", "dsn", "psk", "jwt", "bearer"})

_AFTER_A_WORD = frozenset({"pass", "pwd", "auth"})
"""Secret at the end of a name that has more words: DB_PASS, but not PWD."""

_KEY_OF = frozenset({
    "access", "account", "admin", "aes", "api", "app", "auth", "client", "consumer", "cookie",
    "crypt", "deploy", "encryption", "encrypt", "hmac", "ingest", "integration", "jwt", "license",
    "master", "private", "root", "secret", "session", "shared", "sign", "signing", "ssh",
    "storage", "subscription",
})  # fmt: skip

_HARMLESS_KEY_OF = frozenset({
    "cache", "config", "foreign", "group", "hot", "index", "map", "partition", "primary",
    "public", "routing", "row", "shard", "sort", "unique",
})  # fmt: skip

_HARMLESS_ENDS = frozenset({
    "addr", "address", "age", "alg", "algorithm", "annotation", "annotations", "at", "audience",
    "audiences", "backend", "bucket", "class", "controller", "count", "created", "date", "days",
    "dir", "directory", "disabled", "duration", "enabled", "endpoint", "endpoints", "engine",
    "error", "errors", "expiration", "expires", "expiry", "file", "filename", "format", "host",
    "hostname", "hours", "interval", "issuer", "kind", "label", "labels", "length", "lifetime",
    "limit", "location", "manager", "max", "message", "min", "minutes", "mode", "mount", "name",
    "names", "namespace", "operator", "optional", "path", "paths", "policy", "port", "proto",
    "provider", "ref", "reference", "refs", "request", "requests", "required", "review",
    "reviewer", "reviews", "rotation", "scope", "scopes", "seconds", "selector", "server",
    "service", "size", "source", "state", "status", "store", "time", "timeout", "timestamp", "ttl",
    "type", "updated", "uri", "url", "validation", "version",
})  # fmt: skip

_NEVER = frozenset({"automountserviceaccounttoken", "googleapplicationcredentials"})

_LONGEST_NAME = 128


_SERVICE_VARIABLE = re.compile(r"_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_[A-Z]+)?)?$")
"""What Kubernetes puts into every container for each service: `TOKEN_API_PORT_80_TCP`."""


def holds_secret(name: str) -> bool:
    """`DB_PASSWORD`, `apiToken`, `client-key-data`; not `secretName`, not `TOKEN_TTL_SECONDS`."""
    return _holds_secret(name[-_LONGEST_NAME:])


def is_password(name: str) -> bool:
    """A name whose value is worth hiding even where it could be a word of a sentence."""
    return "pass" in name.lower() or "pwd" in name.lower()


@functools.lru_cache(maxsize=4096)
def _holds_secret(name: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(name)]
    while len(words) > 1 and words[-1].isdigit():
        words.pop()
    if not words or words[-1] in _HARMLESS_ENDS or "".join(words) in _NEVER:
        return False
    if _SERVICE_VARIABLE.search(name):
        return False
    return (
        any(word.endswith(_STEMS) or word in _WHOLE_WORDS for word in words)
        or (len(words) > 1 and words[-1] in _AFTER_A_WORD and words != ["old", "pwd"])
        or any(pair[0] in _KEY_OF and pair[1] == "key" for pair in itertools.pairwise(words))
        or _is_key_variable(name, words)
    )


def _is_key_variable(name: str, words: list[str]) -> bool:
    """`STRIPE_KEY`: in an environment, a key is a secret unless its name says otherwise."""
    return (
        name.isupper()
        and len(words) > 1
        and words[-1] == "key"
        and words[-2] not in _HARMLESS_KEY_OF
    )
