"""What Kaia says as Slack messages: markdown blocks and their plain fallback; pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.dialogue import Answer, Attachment, Closed, Decided, Failure, Notice, Outcome, Proposal
from bot.languages import Phrases, speaking
from bot.slack.wording.buttons import closing_of, rating_of
from bot.slack.wording.figures import CHART, charts_of
from bot.slack.wording.folding import container, is_long, size_of
from bot.slack.wording.parts import split
from bot.slack.wording.post import (
    ACTIONS,
    CONTAINER,
    EMPTY,
    FALLBACK_BYTES,
    MARKDOWN_BYTES,
    RATING_BLOCK,
    TEXT_BYTES,
    Post,
    markdown_block,
    plain_posts,
    text_beside,
)
from bot.slack.wording.proposals import (
    NOBODY,
    WITHOUT_BUTTONS,
    buttons_of,
    described,
    offered,
    verdict_of,
)
from bot.slack.wording.text import code, file_name, safe_markdown
from bot.slack.wording.worded import Words, worded

__all__ = ["MARKDOWN_BYTES", "TEXT_BYTES", "Post", "file_of", "plain_posts", "posts", "settled"]

# For what is said of its number, or of the file that holds all of it.
_LAST_LINE_BYTES = 160
_PART_BYTES = MARKDOWN_BYTES - FALLBACK_BYTES - _LAST_LINE_BYTES
_MOST_PARTS = 2
"""What is longer is read in a file."""
_BEGINNING_CHARACTERS = 200
_LEAST_QUOTED_BYTES = 500


@dataclass(frozen=True, slots=True)
class _Part:
    """Safe Markdown of one message: what stands there, and what is folded below it."""

    said: str
    folded: str = ""
    title: str = ""


def posts(
    outcome: Outcome,
    *,
    cluster: str,
    link_hosts: Collection[str] = frozenset(),
    is_attached: bool = False,
    names: Mapping[str, str] = NOBODY,
    turn: str = "",
) -> tuple[Post, ...]:
    """The messages that show an outcome; more than one where it is long, or proposes changes.

    `is_attached`: what `file_of` gives is in the thread. `names` are of users. `turn` is told by
    the buttons.
    """
    parts = _shown(outcome, cluster, link_hosts, is_attached=is_attached)
    said = [_post(part) for part in parts]
    said[-1] = _with_buttons(said[-1], outcome, turn)
    is_broadcast = isinstance(outcome, Notice) and outcome.is_broadcast
    said[0] = replace(said[0], is_broadcast=is_broadcast)
    proposals = outcome.proposals if isinstance(outcome, Answer) else ()
    return (*said, *(_proposed(one, cluster, names) for one in proposals))


def file_of(
    outcome: Outcome, *, cluster: str, ts: str, link_hosts: Collection[str] = frozenset()
) -> Attachment | None:
    """What belongs beside the message as a file: its attachment, or all of what is very long.

    `ts` is of the input: the file of each turn in a thread has a name of its own.
    """
    if (attachment := attached_to(outcome)) is not None:
        return replace(attachment, name=file_name(attachment.name))
    parts = _parts(outcome, cluster, link_hosts)
    if len(parts) <= _MOST_PARTS:
        return None
    words = worded(outcome, cluster)
    whole = "\n\n".join(filter(None, (words.said, words.evidence)))
    return Attachment(file_name(f"answer-{ts.replace('.', '-')}.md"), whole)


def attached_to(outcome: Outcome) -> Attachment | None:
    """What whoever made the outcome wants to have beside it."""
    return outcome.attachment if isinstance(outcome, Notice | Closed) else None


def _shown(
    outcome: Outcome, cluster: str, link_hosts: Collection[str], *, is_attached: bool
) -> tuple[_Part, ...]:
    """The parts that are posted, each with its last line."""
    parts = _parts(outcome, cluster, link_hosts)
    attachment = attached_to(outcome)
    if is_attached and len(parts) > _MOST_PARTS:
        return (_beginning(worded(outcome, cluster), link_hosts, _say(outcome)),)
    if attachment is not None:
        about = _about_file(attachment, parts[-1].said, is_attached=is_attached)
        parts = (*parts[:-1], replace(parts[-1], said=parts[-1].said + about))
    return parts if len(parts) == 1 else tuple(_numbered(parts, _say(outcome)))


def _say(outcome: Outcome) -> Phrases:
    return speaking(outcome.language if isinstance(outcome, Answer | Failure) else "en")


def _beginning(words: Words, link_hosts: Collection[str], say: Phrases) -> _Part:
    """Of what is in a file: how it begins, where all of it is, and what it rests on."""
    evidence, *more = split(safe_markdown(words.evidence, link_hosts), _PART_BYTES // 3) or ("",)
    evidence = f"{evidence}\n\n{say.more_in_file}" if more else evidence
    place = safe_markdown(words.place, link_hosts)
    is_folded = is_long(evidence) and _room("", evidence, words.title) > 2 * _PART_BYTES // 3
    below = "" if is_folded else evidence
    ending = "\n\n".join(filter(None, (say.whole_in_file, place, below)))
    room = _room(ending, evidence if is_folded else "", words.title) - 2
    first, *left = split(safe_markdown(words.said, link_hosts), room)
    said = "\n\n".join(
        filter(None, (first.strip(), say.whole_in_file, place if left else "", below))
    )
    return _Part(said, evidence, words.title) if is_folded else _Part(said)


def _numbered(parts: tuple[_Part, ...], say: Phrases) -> Iterator[_Part]:
    for place, part in enumerate(parts, start=1):
        last = say.part_of.format(place=place, parts=len(parts))
        yield replace(part, said=f"{part.said}\n\n{last}".lstrip())


def _parts(outcome: Outcome, cluster: str, link_hosts: Collection[str]) -> tuple[_Part, ...]:
    words = worded(outcome, cluster)
    said = safe_markdown(words.said, link_hosts)
    evidence = safe_markdown(words.evidence, link_hosts)
    if not is_long(evidence):
        whole = "\n\n".join(filter(None, (said, evidence)))
        return tuple(map(_Part, _split(whole)))
    if _fits(said, evidence, words.title):
        return (_Part(said, evidence, words.title),)
    own = split(evidence, _PART_BYTES // 2)
    return (*map(_Part, _split(said)), *(_folded(one, words.title) for one in own))


def _folded(evidence: str, title: str) -> _Part:
    return _Part("", evidence, title) if _fits("", evidence, title) else _Part(evidence)


def _split(said: str) -> tuple[str, ...]:
    """Slack refuses a message that says nothing, and a block too."""
    return (split(said, _PART_BYTES) if said.strip() else ()) or (EMPTY,)


def _fits(said: str, evidence: str, title: str) -> bool:
    """In one message, folded or not."""
    return _room(said, evidence, title) >= 0


def _room(said: str, evidence: str, title: str) -> int:
    """Bytes that are left beside both; less than none where they do not fit."""
    block = container(evidence, title) if evidence else None
    if evidence and block is None:
        return -1
    longest = max(size_of(block) if block else 0, len(evidence.encode()) + 2)
    return _PART_BYTES - len(said.encode()) - longest


def _post(part: _Part) -> Post:
    whole = "\n\n".join(filter(None, (part.said, part.folded)))
    block = container(part.folded, part.title) if part.folded else None
    if block is None:
        return Post(text_beside(whole), (markdown_block(whole),), whole)
    used = max(len(part.said.encode()) + size_of(block), len(whole.encode()))
    blocks = ((markdown_block(part.said),) if part.said else ()) + (block,)
    text = text_beside(whole, used_bytes=used)
    return Post(text, blocks, whole, part.folded, optional=(CONTAINER,))


def _with_buttons(post: Post, outcome: Outcome, turn: str) -> Post:
    if isinstance(outcome, Answer) and (buttons := rating_of(turn, _say(outcome))):
        return _with(post, buttons, RATING_BLOCK)
    if isinstance(outcome, Closed) and outcome.offers_broadcast:
        return _with(post, closing_of(turn), ACTIONS)
    if isinstance(outcome, Notice) and (charts := charts_of(outcome.figures)):
        return _with(post, charts, CHART)
    return post


def _with(post: Post, buttons: tuple[dict[str, object], ...], kind: str) -> Post:
    return replace(post, blocks=(*post.blocks, *buttons), optional=(*post.optional, kind))


def _proposed(proposal: Proposal, cluster: str, names: Mapping[str, str]) -> Post:
    markdown = offered(proposal, cluster, names)
    buttons = buttons_of(proposal, cluster)
    without = markdown if not buttons else f"{markdown}\n\n{WITHOUT_BUTTONS}"
    return Post(text_beside(markdown), (markdown_block(markdown), *buttons), without)


def settled(decided: Decided, *, cluster: str, names: Mapping[str, str] = NOBODY) -> Post:
    """The message of a proposal that is open no more: what was decided stands for its buttons."""
    markdown = described(decided.proposal, cluster, names)
    verdict = verdict_of(decided.verdict)
    whole = f"{markdown}\n\n{verdict}"
    blocks = (markdown_block(markdown), markdown_block(verdict))
    return Post(text_beside(f"{verdict}\n\n{markdown}"), blocks, whole)


def _about_file(attachment: Attachment, markdown: str, *, is_attached: bool) -> str:
    """Where the whole is; and as much of it as fits here, if it could not be attached."""
    name = code(file_name(attachment.name))
    if is_attached:
        is_whole = not attachment.content
        return f"\n\n{'All of it is in' if is_whole else 'Here is'} the file {name}."
    said = f"\n\nThe file {name} could not be attached."
    if attachment.content:
        return f"{said} {attachment.text}"
    beginning = attachment.text.strip()[:_BEGINNING_CHARACTERS]
    if not beginning or safe_markdown(_unfenced(beginning)) in markdown:
        return said
    room = _PART_BYTES - len((markdown + said).encode())
    if room < _LEAST_QUOTED_BYTES:
        return said
    text = _unfenced(attachment.text[:MARKDOWN_BYTES])
    first = split(safe_markdown(f"```\n{text}\n```"), room - _LAST_LINE_BYTES)[0]
    return f"{said} As much of it as fits:\n{first}"


def _unfenced(text: str) -> str:
    """Three backticks in a row would end the fence around it early."""
    return text.replace("```", "'''")
