"""What a line of a log complains about: a host, a variable, a file. Pure; follows no line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    reason: str
    """`HostNotFound`, `ConnectionRefused`, …: the finding's reason."""
    line: str
    host: str = ""
    """A name or an address."""
    port: int = 0
    name: str = ""
    """Of a variable, a user, or what is wrong with a certificate."""
    path: str = ""
    is_aside: bool = False
    """Before a crash, said as a warning or of something optional: no proof of a cause."""


_UNRESOLVED = re.compile(
    r"""no\ssuch\shost | could\snot\s(?:resolve|translate)\shost | couldn't\sresolve
    | name\sor\sservice\snot\sknown | bad\saddress | EAI_AGAIN | ENOTFOUND | server\smisbehaving
    | temporary\sfailure\sin\sname\sresolution | name\sdoes\snot\sresolve | unknown\shost
    | unknownhost | host\snot\sfound | can't\sresolve | failed\sto\sresolve | NXDOMAIN
    | nodename\snor\sservname | unknown\smysql\sserver\shost | no\saddress\sassociated
    | lookup\s\S+.*i/o\stimeout | could\snot\sresolve\s["'] | cannot\sresolve | try\sagain.*resolv
    | couldn't\sresolve | getaddrinfo""",
    re.IGNORECASE | re.VERBOSE,
)
_REFUSED = re.compile(
    r"connection (?:was |to \S+ )?refused|ECONNREFUSED|actively refused"
    r"|could(?: not|n't) connect to (?:server|\w+ at)|failed to connect to \S+ port",
    re.IGNORECASE,
)
_UNREACHED = re.compile(
    r"(?:could(?: not|n't)|cannot|can't|unable to|failed to) (?:connect to|reach) [\w.-]+:\d+",
    re.IGNORECASE,
)
_NO_FILE = re.compile(
    r"no such file or directory|ENOENT|FileNotFound|NoSuchFile|can(?:'t|not) (?:open|find|read)"
    r"|could not (?:open|find|read)|(?:file|does) not (?:found|exist)",
    re.IGNORECASE,
)
_TIMED_OUT = re.compile(
    r"i/o timeout|timed? ?out|ETIMEDOUT|deadline exceeded|no route to host|EHOSTUNREACH"
    r"|host is unreachable|network is unreachable",
    re.IGNORECASE,
)
_HOST = r"(?P<host>[A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?)"
_NO_NAME = r"(?:database|server|redis|upstream|remote|host|port|your|db server)\b"
_UNRESOLVED_NAMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\blookup {_HOST}\.?(?=[ :]|$)",
        rf"(?:ENOTFOUND|EAI_AGAIN)[ :]+{_HOST}",
        rf"resolve (?:host(?:name)?:? )?[\"'`]?{_HOST}",
        rf"(?:bad address|host name|server host|host not found in upstream|hostname) [\"'`]{_HOST}",
        rf"(?:can't|cannot|couldn't) find {_HOST}: NXDOMAIN",
        rf"unknown ?host(?:exception)?:? [\"'`]?{_HOST}",
        rf"host=[\"']{_HOST}[\"']",
        rf"getaddrinfo for host [\"'`]?{_HOST}",
        rf"\w://(?:[^@/\s]*@)?{_HOST}",
        rf"{_HOST}:\d{{2,5}}\b",
        rf"(?:connect(?:ing|ion)? to|host) [\"'`]?(?!{_NO_NAME}){_HOST}(?=[\"'`:, ])",
        rf"(?:^|[\s:]){_HOST}: (?:name or service|name does not|temporary failure|nodename)",
    )
)
_ADDRESSES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"host=[\"']{_HOST}[\"'], port=(?P<port>\d+)",
        rf"\w://(?:[^@/\s]*@)?{_HOST}:(?P<port>\d+)",
        rf"server at [\"']{_HOST}[\"'](?: \([^)]*\))?, port (?P<port>\d+)",
        rf"\bto (?:host )?[\"'`]?{_HOST}[\"'`]?(?: \([^)]*\))? port (?P<port>\d+)",
        rf"\b{_HOST}/[\d.]+:(?P<port>\d+)",
        rf"\b{_HOST} \((?:[\d.]+:)?(?P<port>\d+)\)",
        rf"\b{_HOST} \[[\d.]+\] (?P<port>\d+)",
        rf"(?<![\w.\]:]){_HOST}:(?P<port>\d{{2,5}})\b(?!:\d)",
        rf"\w://(?:[^@/\s]*@)?{_HOST}(?P<port>)",
        rf"remote host \({_HOST}(?P<port>)\)",
        rf"connect(?:ing|ion)? to [\"'`]?(?!{_NO_NAME}){_HOST}(?P<port>)(?=[\"'`:, ])",
    )
)
_NO_HOST = re.compile(
    r"^(?:\d+|.*\.(?:go|py|js|ts|mjs|java|rb|rs|c|cc|cpp|h|php|cs|kt|scala|ex|sh)|host|server"
    r"|remote|line|error|the|a|an|for|on|in|hostname)$",
    re.IGNORECASE,
)

_NAME = r"[\"'`$({]*(?P<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{3,}[A-Z0-9]*)[\"'`)}]*"
_LACKING = (
    r"(?:not (?:set|found|defined|provided|present|specified|configured)|missing|required|unset"
    r"|undefined|empty|unbound|mandatory|must be (?:set|provided|defined|specified)|null)"
)
_FILLING = r"(?i:required|mandatory|the|key|setting|config(?:uration)?|variable|value|parameter)"
_VARIABLES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i:environ(?:ment)?[ _-]*(?:variables?|vars?)?|env[ _-]?vars?|variables?|env)[\s:=]+"
        + _NAME,
        rf"{_NAME}[\s:]+(?i:environment|env)\b",
        rf"{_NAME}[\s:,]+(?i:is |was |are |but |parameter )?(?i:{_LACKING})",
        rf"(?i:missing|required|unset|undefined|provide|set)(?: {_FILLING})*[\s:]+{_NAME}",
        rf"KeyError: {_NAME}",
        rf"placeholder {_NAME}",
    )
)
_LACKS = re.compile(rf"{_LACKING}|KeyError|Could not resolve placeholder", re.IGNORECASE)
_IS_ENV = re.compile(r"\benv|variable|placeholder", re.IGNORECASE)
_PATH = re.compile(r"(?<![\w/:.])(?P<path>/[\w.@+-]+(?:/[\w.@+-]+)*/?)")
_FILE_TROUBLE = re.compile(
    r"no space left|disk quota|read-only file|permission denied|not permitted|ENOSPC|EROFS|EACCES",
    re.IGNORECASE,
)
_BINDING = re.compile(r"\b(?:bind|listen)\b", re.IGNORECASE)
_BOUND_PORT = re.compile(r"(?:\S*:|port[ =:]+)(?P<port>\d{2,5})\b", re.IGNORECASE)
_CERTIFICATE = re.compile(
    r"x509: (?P<go>[^\"]+)|certificate (?P<name>has expired|verify failed[^\"]*|signed by[^\"]*"
    r"|is not yet valid|is valid for[^\"]*|is not trusted)|(?P<java>PKIX path building failed)"
    r"|(?P<node>self[- ]signed certificate[^\"]*|unable to verify the first certificate)",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"password authentication failed for user [\"'](?P<name>[^\"']+)"
    r"|Access denied for user '(?P<mysql>[^']+)'|WRONGPASS|NOAUTH Authentication required"
    r"|Authentication failed|invalid (?:username or password|credentials)",
    re.IGNORECASE,
)


def is_of_known_kind(line: str) -> bool:
    """About names, connections, certificates or logins, whether or not it says with whom."""
    known = (_UNRESOLVED, _REFUSED, _UNREACHED, _TIMED_OUT, _CERTIFICATE, _LOGIN)
    return any(each.search(line) for each in known)


def complaint_of(line: str, others: Sequence[str] = ()) -> Complaint | None:
    """None where the line complains about nothing that is known here."""
    if "cannot" in line and "system:serviceaccount:" in line:
        return None
    return next((each for each in _readings(line, others) if each is not None), None)


def _readings(line: str, others: Sequence[str]) -> Iterator[Complaint | None]:
    yield _unresolved(line)
    yield _file_trouble(line)
    yield _certificate(line)
    yield _connection(line)
    yield _variable(line, others)
    yield _login(line)


def _unresolved(line: str) -> Complaint | None:
    if not _UNRESOLVED.search(line):
        return None
    host, _ = _address(line, _UNRESOLVED_NAMES)
    return Complaint("HostNotFound", line, host=host) if host else None


def _connection(line: str) -> Complaint | None:
    is_late = _TIMED_OUT.search(line) and not _REFUSED.search(line)
    if not is_late and not _REFUSED.search(line) and not _UNREACHED.search(line):
        return None
    host, port = _address(line, _ADDRESSES)
    reason = "ConnectionTimeout" if is_late else "ConnectionRefused"
    return Complaint(reason, line, host=host, port=port) if host else None


def _address(line: str, patterns: Sequence[re.Pattern[str]]) -> tuple[str, int]:
    """The first pattern that finds one wins: they are in order of certainty, names first."""
    for pattern in patterns:
        for found in pattern.finditer(line):
            if not _NO_HOST.match(found["host"]):
                port = found.groupdict().get("port") or "0"
                return found["host"].rstrip("."), int(port)
    return "", 0


def _file_trouble(line: str) -> Complaint | None:
    lowered = line.lower()
    path = _path_of(line)
    if "no space left on device" in lowered or "ENOSPC" in line or "disk quota exceeded" in lowered:
        return Complaint("DiskFull", line, path=path)
    if "address already in use" in lowered or "address in use" in lowered or "EADDRINUSE" in line:
        return Complaint("AddressInUse", line, port=_bound_port(line))
    if "read-only file system" in lowered or "EROFS" in line:
        return Complaint("ReadOnlyFileSystem", line, path=path)
    if "permission denied" in lowered or "EACCES" in line or "not permitted" in lowered:
        port = _bound_port(line) if _BINDING.search(line) else 0
        return Complaint("PermissionDenied", line, path=path, port=port) if path or port else None
    # The runtime says so of a program that is there, and whose interpreter is not.
    if path and _NO_FILE.search(line) and not line.startswith("exec "):
        return Complaint("FileMissing", line, path=path)
    return None


def _path_of(line: str) -> str:
    """The last one before what is wrong with it: `/bin/sh: /opt/run.sh: Permission denied`."""
    wrong = _FILE_TROUBLE.search(line)
    before = _PATH.findall(line[: wrong.start()] if wrong else "")
    return next(iter([*reversed(before), *_PATH.findall(line)]), "")


def _bound_port(line: str) -> int:
    found = _BOUND_PORT.search(line)
    return int(found["port"]) if found else 0


def _certificate(line: str) -> Complaint | None:
    found = _CERTIFICATE.search(line)
    if found is None:
        return None
    host, port = _address(line, _ADDRESSES)
    what = next((said for said in found.groups() if said), "")
    return Complaint("CertificateInvalid", line, host=host, port=port, name=what[:120])


def _variable(line: str, others: Sequence[str]) -> Complaint | None:
    if not _LACKS.search(line):
        return None
    is_env = bool(_IS_ENV.search(line)) or ("KeyError" in line and "environ" in "\n".join(others))
    names = (found["name"] for each in _VARIABLES for found in each.finditer(line))
    name = next((each for each in names if is_env or "_" in each), "")
    return Complaint("MissingVariable", line, name=name) if name else None


def _login(line: str) -> Complaint | None:
    found = _LOGIN.search(line)
    if found is None:
        return None
    host, port = _address(line, _ADDRESSES)
    name = found["name"] or found["mysql"] or ""
    return Complaint("AuthenticationFailed", line, host=host, port=port, name=name)
