"""Secrets that are known by their own form, wherever they stand; it needs no name beside them."""

import base64
import binascii
import re
import string
from collections.abc import Iterator
from typing import NamedTuple

from bot.redaction.spans import Span


class _Form(NamedTuple):
    kind: str
    hints: tuple[str, ...]
    """One of these is in every text that has it: looking for them is a hundred times faster."""
    pattern: re.Pattern[str]
    """Where it has a group, only that is the secret."""


def _form(kind: str, hints: str, pattern: str) -> _Form:
    return _Form(kind, tuple(hints.split()), re.compile(pattern))


# No pattern has anything after an unbounded run, so none can take longer than the text is long.
_FORMS = (
    _form("token", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{20,}+"),
    _form("token", "github_pat_", r"github_pat_\w{20,}+"),
    _form("token", "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glsoat- glagent- glimt- gloas-",
          r"\bgl(?:pat|dt|rtr?|cbt|ptt|ft|soat|agent|imt|oas)-[\w.-]{16,}+"),
    _form("token", "xox", r"xox[abceoprs]-[\w.-]{8,}+"),
    _form("token", "xapp-", r"xapp-[\w-]{8,}+"),
    _form("webhook", "hooks.slack.com", r"hooks\.slack\.com/(?:\w+/)?([\w/-]{8,}+)"),
    _form("webhook", "webhook", r"discord(?:app)?\.com/api/webhooks/([\w/-]{8,}+)"),
    _form("webhook", "webhook", r"\.office\.com/webhook\w*/([\w/@-]{8,}+)"),
    _form("key", "sk-", r"(?<![A-Za-z0-9])sk-[\w-]{20,}+"),
    _form("key", "AIza", r"AIza[\w-]{30,}+"),
    _form("token", "ya29.", r"ya29\.[\w.-]{16,}+"),
    _form("secret", "GOCSPX-", r"GOCSPX-[\w-]{16,}+"),
    _form("key", "k_live_ k_test_", r"[rs]k_(?:live|test)_[A-Za-z0-9]{8,}+"),
    _form("secret", "whsec_", r"whsec_[\w+/=]{16,}+"),
    _form("token", "npm_", r"npm_[A-Za-z0-9]{30,}+"),
    _form("token", "hf_", r"\bhf_[A-Za-z0-9]{20,}+"),
    _form("token", "pypi-", r"pypi-[\w-]{20,}+"),
    _form("token", "dckr_", r"dckr_(?:pat|oat)_[\w-]{16,}+"),
    _form("token", "dop_v1_ doo_v1_", r"do[op]_v1_[a-f0-9]{20,}+"),
    _form("token", "hvs. hvb. hvr.", r"\bhv[sbr]\.[\w-]{20,}+"),
    _form("token", "SG.", r"\bSG\.[\w.-]{30,}+"),
    _form("token", "shpat_ shpca_ shppa_ shpss_", r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{20,}+"),
    _form("token", "dapi", r"\bdapi[a-f0-9]{32}"),
    _form("token", "glsa_ glc_", r"\b(?:glsa|glc)_[\w+/=]{20,}+"),
    _form("token", "NRAK-", r"NRAK-[A-Z0-9]{20,}+"),
    _form("token", "ATATT3", r"ATATT3[\w=-]{20,}+"),
    _form("token", "lin_api_", r"lin_api_[A-Za-z0-9]{20,}+"),
    _form("token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{20,}+"),
    _form("token", ":AA", r"\b\d{8,10}:AA[\w-]{30,}+"),
    _form("secret", "8Q~ 7Q~", r"[\w.~-]{3}[78]Q~[\w.~-]{30,}+"),
    _form("token", "SK", r"(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])"),
    _form("key", "key-", r"(?<![\w-])key-[0-9a-f]{32}(?![A-Za-z0-9])"),
    _form("token", "figd_ sbp_ sntrys_ pscale_ dp.pt. r8_ ntn_ PMAK- pul- CCIPAT_ AKCp",
          r"(?<![A-Za-z0-9])(?:figd_|sbp_|sntrys_|pscale_(?:tkn|oauth|pw)_|dp\.pt\.|r8_|ntn_|PMAK-"
          r"|pul-|CCIPAT_|AKCp)[\w.-]{20,}+"),
    _form("secret", "1//0", r"(?<![\w/])1//0[\w-]{30,}+"),
    _form("key", "AKIA ASIA ABIA ACCA", r"(?<![A-Za-z0-9])A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}"),
    _form(
        "key",
        "AKIA ASIA",
        r"A[KS]IA[A-Z0-9]{16}[^A-Za-z0-9/+=]{1,40}([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _form("key", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-[A-Z0-9-]{10,}+"),
    _form("hash", "$2", r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}"),
    _form("hash", "$", r"\$(?:[156y]|apr1)\$[./A-Za-z0-9=$,]{20,}+"),
    _form("token", "earer", r"(?i:\bbearer)[ \t]+(?=[A-Za-z._~+/=-]*+\d)([\w.~+/=-]{8,}+)"),
    _form("token", "sig ignature Signature Credential Security-Token", r"(?i)(?:[?&]|\\u0026)(?:sig"
          r"|signature|x-(?:amz|goog)-(?:signature|credential|security-token))=([^&\s\"'<>\\]+)"),
    _form("password", "@tcp( @unix(", r":([^\s:@/\"']{1,200})@(?:tcp|unix)\("),
    _form("password", "dentified DENTIFIED",
          r"[iI](?i:dentified\s+by\s+(?:password\s+)?)'([^'\n]+)'"),
    _form("password", "assword ASSWORD",
          r"[pP](?i:assword)[ \t]+'([^'\n]+)'(?! in (?:secret|configmap))"),
    _form("password", "machine", r"\bmachine(?:\s|\\n){1,40}+[^\s\\]{1,200}+(?:\s|\\n){1,40}+login"
          r"(?:\s|\\n){1,40}+[^\s\\]{1,200}+(?:\s|\\n){1,40}+password(?:\s|\\n){1,40}+([^\s\\\"]+)"),
    _form("password", "requirepass masterauth", r"(?:requirepass|masterauth)[ \t]+(\S+)"),
    _form("password", "oracle:thin:", r"oracle:thin:[^\s/@\"']{1,100}/([^\s@\"']{1,200})@"),
    _form("password", "mysql mariadb",
          r"\b(?:mysql|mariadb)[\w-]{0,20}[ \t][^\n|;&]{0,120}?(?<=[ \t])-p"
          r"([^\s\"'-][^\s\"']{3,}+)"),
    _form("password", "sshpass redis-cli",
          r"(?:\bsshpass[ \t]+-p|\bredis-cli\b[^\n|;&]{0,120}?[ \t]-a)[ \t]*[\"']?([^\s\"']+)"),
    _form("password", "login", r"\blogin[ \t][^\n|;&]{0,120}?(?<=[ \t])-p[ =]?[\"']?"
          r"([^\s\"'-][^\s\"']{3,}+)"),
    _form("password", "ldap",
          r"\bldap\w{1,12}[ \t][^\n|;&]{0,120}?(?<=[ \t])-w[ ]?[\"']?([^\s\"']+)"),
    _form("password", "pass:", r"-pass(?:in|out)?[ =][\"']?pass:([^\s\"']+)"),
    _form("secret", "--from-literal",
          r"--from-literal[ =][\"']?[\w.-]{1,128}+=([^\s\"'\\]+)"),
    _form("password", "-stdin sudo chpasswd",
          r"\b(?:echo|printf)[ ](?:-n[ ])?[\"']?([^\s\"'|]+)[\"']?[ ]?\|"
          r"[^|\n]{0,80}?(?:password-stdin|passwd[ ]--stdin|sudo[ ]-S|chpasswd)"),
    _form("password", "assword ASSWORD",
          r"[pP](?i:assword[ ]for)[ ][^\n=]{1,80}?=[ ]?(?:PASSWORD\()?'([^'\n]+)'"),
    _form("password", "invalid port",
          r"invalid[ ]port[ ]\\*\":(?!\d{1,5}\\*\")([^\"\n\\]+)"),
    _form("password", ":", r"(?m:^)[\w.*-]{1,253}+:(?:\d{2,5}|\*):(?:[a-zA-Z_][\w-]*+|\*):[\w-]++:"
          r"([^\s:/]{4,})(?m:$)"),
    _form("password", "-u --user",
          r"-(?<!\S-)(?:u|-user)[ =][ \t]*[\"']?[^\s:\"']{1,100}:([^\s\"']+)"),
)  # fmt: skip

_JWT = re.compile(r"eyJ[\w-]{8,}+(?:\.[\w-]*+){0,4}+")
_JWT_HEADERS = ("eyJhbGciOi", "eyJ0eXAiOi", "eyJraWQiOi")
"""Base64 of how a JWT begins, for one that was cut before its first full stop."""

_PEM_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_PEM_END = re.compile(r"-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_PEM_LINE = re.compile(r"(?:.*[\s\"'])?[A-Za-z0-9+/=]{16,76}(?:\\r)?(?:\\n)?")

_KEY_CHARS = string.ascii_letters + string.digits + "+/=\\"
_LONGEST_LINE = 4_096

_USERINFO_CHARS = 512
_AUTHORITY = re.compile(r"://([^\s/?#\"'`<>\\]*)")
_NO_BREAK = re.compile(r"[^\s\"'`<>\\]++")
# What a cut left of an authority. A host's port has digits, or is a word that stands for some.
_CUT = re.compile(r"…|`|\.{3}(?!\w)|\Z")
_NO_PASSWORD = re.compile(r"(?i:port|[\d.,;)\]}]*|sha256|\W.*|\[redacted.*)")
_WITHOUT_USERS = ("docker", "containerd", "cri-o", "oci", "docker-pullable")
_LONG_USER = re.compile(r"(?=.*\d)\w{20,}")
_BASIC = re.compile(r"[bB](?i:asic)[ \t]+([A-Za-z0-9+/_-]{6,}+={0,2})")


def find_tokens(text: str) -> Iterator[Span]:
    for form in _FORMS:
        if any(hint in text for hint in form.hints):
            for found in form.pattern.finditer(text):
                yield Span(*found.span(form.pattern.groups), form.kind)
    yield from _find_jwts(text)
    yield from _find_private_keys(text)
    yield from _find_userinfo(text)
    yield from _find_basic(text)


def _find_jwts(text: str) -> Iterator[Span]:
    if "eyJ" not in text:
        return
    for found in _JWT.finditer(text):
        if "." in found[0] or found[0].startswith(_JWT_HEADERS):
            yield Span(*found.span(), "jwt")


def _find_private_keys(text: str) -> Iterator[Span]:
    if "PRIVATE KEY" not in text:
        return
    at = 0
    while begin := _PEM_BEGIN.search(text, at):
        end = _PEM_END.search(text, begin.end())
        yield from _find_headless_key(text, at, begin.start())
        # A key without its end was cut: all that follows may be part of it.
        at = end.end() if end else len(text)
        yield Span(begin.start(), at, "private-key")
    yield from _find_headless_key(text, at, len(text))


def _find_headless_key(text: str, start: int, stop: int) -> Iterator[Span]:
    """A key that lost its beginning, as `--tail` does to logs."""
    for end in _PEM_END.finditer(text, start, stop):
        first = end.start() - _count_key_chars(
            text[max(start, end.start() - _LONGEST_LINE) : end.start()]
        )
        while (line := text.rfind("\n", max(start, first - _LONGEST_LINE), first)) >= start:
            before = text.rfind("\n", start, line) + 1 or start
            if line - before > _LONGEST_LINE or not _PEM_LINE.fullmatch(text, before, line):
                break
            first = before
        yield Span(first, end.end(), "private-key")


def _count_key_chars(before: str) -> int:
    return len(before) - len(before.rstrip(_KEY_CHARS))


def _find_userinfo(text: str) -> Iterator[Span]:
    """The password of `scheme://user:password@host`; the user where it is a token."""
    if "://" not in text:
        return
    at = 0
    while found := _AUTHORITY.search(text, at):
        at, start = max(found.end(), found.start() + 3), found.start(1)
        user, colon, rest = found[1].partition(":")
        if colon and not rest.isdigit() and not user.startswith("["):
            password = start + len(user) + 1
            # An unescaped slash in a password makes the authority seem to end early.
            stop = found.end() if "@" in rest else start + _USERINFO_CHARS
            last = text.rfind("@", password, stop)
            if last > password and _NO_BREAK.fullmatch(text, password, last):
                yield Span(password, last, "password")
            elif last < password:
                yield from _find_cut(text, found, password)
        elif "@" in user and _LONG_USER.match(user):
            yield Span(start, start + user.index("@"), "token")


def _find_cut(text: str, authority: re.Match[str], password: int) -> Iterator[Span]:
    """The beginning of a password whose `@` was cut off: `postgres://shop:hun…`."""
    written = text[password : authority.end()].rstrip("….")
    end = password + len(written)
    scheme = text[max(0, authority.start() - 16) : authority.start()]
    is_password = _NO_PASSWORD.fullmatch(written) is None and not scheme.endswith(_WITHOUT_USERS)
    # Without a user a word may be the name of a port, unless it was cut for certain.
    is_password &= password > authority.start(1) + 1 or text.startswith("…", end)
    if is_password and _CUT.match(text, end):
        yield Span(password, end, "password")


def _find_basic(text: str) -> Iterator[Span]:
    for found in _BASIC.finditer(text):
        try:
            said = base64.b64decode(found[1] + "==", altchars=b"-_")
        except (binascii.Error, ValueError):
            continue
        if b":" in said and said.isascii():
            yield Span(*found.span(1), "authorization")
