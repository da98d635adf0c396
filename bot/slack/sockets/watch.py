"""How closely connections to Slack are watched, and how long is waited before what; pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Watch:
    connections: int = 2
    """Slack sends each event to one of them; while one is renewed the other still listens."""
    ping_seconds: float = 10
    silent_seconds: float = 25
    """A socket on which nothing came for so long, not even an answer to a ping, is replaced."""
    idle_seconds: float = 1800
    """Sockets have been seen that answer pings and deliver nothing: one that brought nothing for so
    long is renewed."""
    hello_seconds: float = 10
    """How long an upgrade may take, and then the hello."""
    leaving_seconds: float = 10
    """How long a socket that Slack wants to end is still read after another has taken over."""
    brief_seconds: float = 5
    """A socket that lived no longer counts as a failed attempt."""
    jitter_seconds: float = 1
    """Replicas that lose their sockets at one moment do not come back at one moment."""
    retry_seconds: float = 1
    """After a failed attempt; doubled every time."""
    slowest_retry_seconds: float = 30
    refused_seconds: float = 60
    """Between attempts that only a person can make succeed: a token, Socket Mode, connections."""
    dead_seconds: float = 180
    """After this long without any connection, while Slack itself answers, we are dead."""
    canary_seconds: float = 60
    closing_seconds: float = 5

    def pause_after(self, failures: int, chance: float) -> float:
        """Seconds before the next attempt, `failures` being at least 1 and `chance` in 0..1."""
        # As a power of a bounded number: a night without Slack must not overflow.
        doubled = self.retry_seconds * 2.0 ** min(failures - 1, 16)
        return min(doubled, self.slowest_retry_seconds) * (0.5 + chance)

    def refused_pause(self, chance: float) -> float:
        return self.refused_seconds * (0.5 + chance)


WATCH = Watch()
