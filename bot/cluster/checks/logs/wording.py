"""What kinds of lines logs are made of: trouble, its cause, a trace, an order; it follows none."""

import re

import orjson

_STAMP = re.compile(
    r"""^[\s\[(]*(?:
        (?:\w+=)?"?\d{4}[-/]\d\d[-/]\d\d(?:[T\s]\d\d:\d\d(?::\d\d)?(?:[.,:]\d+)?)?
            (?:\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?"?       # ISO, Go's log, Python, Java, logfmt
        | [A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d(?:\.\d+)?   # syslog
        | \d\d:\d\d:\d\d(?:[.,]\d+)?                         # time of day alone
        | [IWEF]\d{4}\s\d\d:\d\d:\d\d\.\d+\s+\d+(?=\s)        # klog
        | \d{10}(?:\.\d+|\d{3})?(?=\s)                       # seconds since the epoch
    )[\])]*[\s:|-]*""",
    re.VERBOSE,
)

_ORDER = re.compile(
    r"""ignore\s+(?:all|any|the|your|every|previous|prior|above|earlier)\b.*
        (?:instruction|prompt|rule|message|context|error|log)
    | \b(?:disregard|forget|override)\s+(?:all|any|the|your|every|previous|prior|everything)\b
    | \broot\s+cause\s*(?:is|was|=|:)
    | \b(?:real|actual|true|only)\s+(?:root\s+)?(?:cause|problem|issue|reason)\s*(?:is|was|:)
    | \b(?:the|its|sole)\s+cause\s+(?:is|was)\b
    | \bcause\s+of\s+(?:this|the)\s+(?:incident|outage|alert|crash|restarts?)\b
    | \bno\s+(?:further\s+)?(?:action|investigation)\s+(?:is\s+)?(?:required|needed|necessary)\b
    | \bsafe\s+to\s+ignore\b | \b(?:can|may|should)\s+(?:be\s+)?(?:safely\s+)?(?:be\s+)?ignored\b
    | \b(?:do\s+not|don'?t|never|no\s+need\s+to|stop)\s+
        (?:look|looking|investigat|check|mention|report|read|tell|inspect|trust|search|examin|quot)
    | \b(?:tell|inform|answer|reply\s+to|respond\s+to|advise)\s+(?:the|your|every)\s+
        (?:user|human|operator|person|reader|team|engineer)
    | \b(?:new|updated|following|system|secret)\s+(?:instruction|prompt)s?\b
    | \byou\s+(?:are\s+(?:now|an?)|must|should|have\s+to)\b
    | \b(?:as\s+an?|dear|attention|hey|note\s+to|for\s+the|any)\s+
        (?:ai|llm|assistant|agent|bot|kaia)\b
    | \bai\s+(?:assistant|agent|model)s?\b | \b(?:language\s+model|chatbot)s?\b
    | \b(?:please|now|just|must|to\s+fix)[\s:,]+(?:run|execute|call|invoke)\s
    | \b(?:run|execute)\b[\s:`'"]*kubectl\b
    | ^\W*(?:assistant|system|user|human|tool|function|developer)\s*(?:\([^)]*\)\s*)?:\s
    | </?\|?\s*(?:system|assistant|user|human|tool|function|im_start|im_end|result|start_of)
        [\w-]*\s*\|?>
    | \[/?(?:INST|SYS|TOOL|SYSTEM|ASSISTANT|USER)[\w ]*\]
    | \#\#+\s*(?:instruction|system|assistant|response|human|user|tool)
    | ["']?\brole["']?\s*[:=]\s*["']?(?:system|assistant|tool|user)\b
    | \btool[_\s-]?(?:call|result|response|output|use)s?\b
    | \bfunction[_\s-](?:call|result)s?\b
    | ^\W*(?:observation|final\s+answer|conclusion|diagnosis|verdict)\s*:
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TRACE = re.compile(
    r"""^\s+at\s | ^at\s+[\w.$<>]+\( | ^\s*File\s".*",\sline\s\d+ | ^\s*goroutine\s\d+
    | ^\s*\.\.\.\s\d+\s(?:more|common) | \+0x[0-9a-f]+$ | ^Traceback\s\(most | ^\s*\^+\s*$
    | ^\s*from\s\S+:\d+:in\s | ^\s+\d+:\s+(?:0x|\S+::) | ^\S+\([^)]*\)$ | ^\s*raise\s
    | ^\s*-{1,2}\w[\w-]*(?:[ =,]+\S+){0,3}(?:\t|\s{2,})\S   # a line of a usage message
    | ^stack\sbacktrace: | ^Node\.js\sv\d | ^node:internal | RUST_BACKTRACE""",
    re.VERBOSE,
)
_CAUSE = re.compile(
    r"""\b(?:panic(?:ked)?\b|fatal\b|segfault|segmentation\sfault|unhandled|uncaught|emerg\b)
    | \b[A-Za-z]\w*(?:Exception|Error)\b\s*[:(\[-] | ^[\w.]+(?:Exception|Error)$
    | \bcaused\sby: | connection\s(?:was\s)?(?:refused|reset) | ECONN\w+ | ETIMEDOUT | EAI_AGAIN
    | ENOTFOUND | EACCES | EROFS | ENOSPC | EADDRINUSE | \bENOENT
    | (?:no\ssuch\s(?:host|file)|could\snot\s(?:resolve|translate)|name\sor\sservice\snot\sknown)
    | bad\saddress | temporary\sfailure\sin\sname | name\sdoes\snot\sresolve | unknown\shost
    | no\sroute\sto\shost | network\sis\sunreachable | (?:timed\s?out|deadline\sexceeded)
    | i/o\stimeout | x509 | certificate | permission\sdenied | access\sdenied | is\sforbidden
    | out\s?of\s?memory | \boom\b | no\sspace\sleft | read-only\sfile\ssystem
    | address\s(?:already\s)?in\suse | authentication\sfailed | too\smany\sopen\sfiles
    | (?:missing|required|not\sset|undefined|unset|must\sbe\sset|not\sdefined)\b.*\b(?:env|variable)
    | (?:env\w*|variable)\b.*
        (?:missing|required|not\sset|undefined|unset|must\sbe\sset|not\sdefined)
    | command\snot\sfound | exec\sformat | unbound\svariable | parameter\s(?:null\s)?(?:or|not)\sset
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TROUBLE = re.compile(
    r"""\berr(?:or)?s?\b | [a-z]Error\b | \bfail(?:ed|ure|s|ing)?\b | refused | denied | \btimeout
    | not\sfound | cannot\b | can't\b | could\snot | couldn't | unable\sto | invalid | exception
    | \bcritical\b | \balert\b | \bsevere\b | unauthori[sz]ed | forbidden | missing | abort
    | unreachable | unavailable | illegal | unexpected | killed | corrupt | exhausted""",
    re.IGNORECASE | re.VERBOSE,
)
_CALM = re.compile(
    r"""\b(?:no|0|zero|without)\s(?:errors?|failures?)\b | \berrors?[=:]\s?(?:0|null|nil|none)\b
    | ^\W*(?:level=)?"?(?:info|debug|trace|notice)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def plain_line(line: str) -> str:
    """The line without its timestamp; of a JSON line only what it says."""
    bare = _STAMP.sub("", line.rstrip(), count=1)
    return _json_said(bare) or (bare if bare.strip() else "")


def is_order(line: str) -> bool:
    """It speaks to whoever reads the log: no program complains like that."""
    return bool(_ORDER.search(line))


def is_trace(line: str) -> bool:
    """It says where in the program, not what."""
    return bool(_TRACE.search(line))


def _json_said(line: str) -> str:
    if not line.startswith("{"):
        return ""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return ""
    keys = ("level", "severity", "msg", "message", "error", "err", "exception", "reason")
    said = [record[key] for key in keys if isinstance(record.get(key), str) and record[key]]
    return ": ".join(" ".join(each.split()) for each in dict.fromkeys(said))


def rank_line(line: str) -> int:
    """0 for orders, 1 for traces, 2 for anything, 3 for trouble, 4 for what names its cause."""
    if is_order(line):
        return 0
    if is_trace(line):
        return 1
    if _CAUSE.search(line):
        return 4
    return 3 if _TROUBLE.search(line) and not _CALM.search(line) else 2
