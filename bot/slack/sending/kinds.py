"""Which block types this Slack takes: what was refused once is not tried again; it calls nobody."""

import structlog

from bot.slack.wording.post import Post, without

log = structlog.get_logger()

_BLOCKS_REFUSED = {"invalid_blocks", "invalid_blocks_format", "invalid_arguments"}
_MARKDOWN = "markdown"
# A refused message without optional blocks may be to blame itself; a second one after it is not.
_REFUSED_IN_A_ROW = 2


class BlockKinds:
    """Shared by all that is posted with one token, for as long as the process lives."""

    def __init__(self) -> None:
        self._off: set[str] = set()
        self._refused = 0

    @property
    def are_off(self) -> bool:
        """No blocks at all: then text is all there is."""
        return _MARKDOWN in self._off

    def takes(self, kind: str) -> bool:
        """As far as is known."""
        return kind not in self._off and not self.are_off

    def allowed(self, post: Post) -> Post:
        return without(post, self._off)

    def simpler(self, post: Post, code: str) -> tuple[Post, str] | None:
        """The next form to try after a refusal, and the type it lacks; None: only text is left."""
        if code not in _BLOCKS_REFUSED or not post.optional:
            return None
        kind = post.optional[0]
        return without(post, {kind}), kind

    def accepted(self, lacking: str, code: str) -> None:
        """A message was taken; `lacking` is the type without which it was, or nothing."""
        self._refused = 0
        if lacking:
            self._turn_off(lacking, code)

    def refused(self, code: str) -> None:
        """A message was taken only as text."""
        self._refused += code in _BLOCKS_REFUSED
        if self._refused >= _REFUSED_IN_A_ROW:
            self._turn_off(_MARKDOWN, code)

    def _turn_off(self, kind: str, code: str) -> None:
        if kind not in self._off:
            self._off.add(kind)
            log.warning("slack.block_type_off", kind=kind, code=code)
