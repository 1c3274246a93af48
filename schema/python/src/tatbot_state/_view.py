"""The documents that a watch knows, put together from reads and events.

Events of one key come in the order of its revisions. A read may overtake events that are still on their way, and events may
overtake a read that is: the stamp tells the two apart.
"""

from __future__ import annotations

import enum
import time
from typing import Any, Callable

from ._core import Stored, Versioned
from ._names import Key
from ._objects import Event

_EXPIRY_SLACK = 0.02


class Outcome(enum.Enum):
    """What is to be done after an event."""

    DONE = 1
    READ = 2
    """The document must be read: the event did not say all of it, or another wrote it."""
    GAP = 3
    """The same, and events before this one are missing."""


class _Track:
    __slots__ = ("value", "problem", "stamp", "event_rev", "expires")

    def __init__(self) -> None:
        self.value: Versioned[Any] | None = None
        self.problem: str | None = None
        self.stamp = 0
        self.event_rev = 0
        self.expires: float | None = None


class View:
    """What is known of each key. tell: cause, key and value of each change."""

    def __init__(self, tell: Callable[[str, Key[Any], Versioned[Any] | None], None]) -> None:
        self._tell = tell
        self._tracks: dict[Key[Any], _Track] = {}
        self.stamp = 0
        """To be taken before a read is sent, and handed over with what it found."""

    def get(self, key: Key[Any]) -> Versioned[Any] | None:
        track = self._tracks.get(key)
        return None if track is None else track.value

    def all(self) -> list[Versioned[Any]]:
        return [track.value for track in list(self._tracks.values()) if track.value is not None]

    def keys(self) -> list[Key[Any]]:
        """Every key of which something is known."""
        return list(self._tracks)

    def apply_event(self, key: Key[Any], event: Event) -> Outcome:
        """Takes over what an event says of a document."""
        rev: int | None = getattr(event, "rev")
        if rev is None:
            return Outcome.READ
        track = self._tracks.get(key)
        known = None if track is None or track.value is None else track.value.rev
        if track is not None and known is not None and rev <= known:
            # Published before the read that told of this, or with it, unless it is a revision that has gone back.
            expected = rev == known or rev > track.event_rev
            track.event_rev = max(track.event_rev, rev)
            return Outcome.DONE if expected else Outcome.READ
        gap = known is not None and rev > known + 1
        carried = getattr(event, "document", None)
        document = None if carried is None else carried()
        if document is not None:
            track = self._tracks.setdefault(key, _Track())
            self.stamp += 1
            track.stamp, track.event_rev, track.problem = self.stamp, rev, None
            track.value = Versioned(key, document, rev, document.timestamp)
            self._tell("updated", key, track.value)
        return Outcome.GAP if gap else Outcome.READ if document is None else Outcome.DONE

    def apply_read(self, read: Stored, stamp: int, cause: str) -> bool:
        """Takes over what a read found. Returns whether it must be read once more."""
        track = self._tracks.get(read.key)
        known = None if track is None else track.value
        overtaken = track is not None and track.stamp > stamp
        value = read.value
        if value is None:
            if overtaken:
                return True
            self._forget(read, track)
            return False
        if (
            overtaken
            and known is not None
            and known.rev is not None
            and value.rev is not None
            and value.rev < known.rev
        ):
            return False
        kept = self._tracks.setdefault(read.key, _Track())
        kept.expires = None if read.ttl_ms < 0 else time.monotonic() + read.ttl_ms / 1000
        kept.problem = None
        if known is None or known.rev != value.rev or known.value != value.value:
            kept.value = value
            self._tell(cause, read.key, value)
        return False

    def _forget(self, read: Stored, track: _Track | None) -> None:
        known = track is not None and track.value is not None
        if read.problem is None:
            expired = (
                track is not None and track.expires is not None and time.monotonic() + _EXPIRY_SLACK >= track.expires
            )
            self._tracks.pop(read.key, None)
            if known:
                self._tell("expired" if expired else "deleted", read.key, None)
            return
        news = track is None or track.problem != read.problem
        kept = self._tracks.setdefault(read.key, _Track())
        kept.value, kept.problem, kept.expires = None, read.problem, None
        if news or known:
            self._tell("unreadable", read.key, None)

    def knows_problem(self, key: Key[Any], problem: str) -> bool:
        track = self._tracks.get(key)
        return track is not None and track.problem == problem

    def expired(self, now: float) -> list[Key[Any]]:
        """Keys whose time to live has run out, as far as is known."""
        return [key for key, track in self._tracks.items() if track.expires is not None and track.expires <= now]
