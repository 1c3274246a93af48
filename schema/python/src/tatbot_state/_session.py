"""A stroke session that this process runs: its positions, turns and end. No I/O; see _program."""

from __future__ import annotations

import enum
import secrets
import time
from typing import Any

from . import channels, keys, wire_time
from ._core import Core, Fence, StoredSession, Write, expected
from ._names import Key
from ._program import Program
from ._objects import Event
from .errors import InvalidValueError, Reason, StateError
from .events import (
    ProgressUpdate,
    SessionEnd,
    SessionPause,
    SessionResume,
    SessionStart,
    SessionTakeover,
)
from .models import StrokeProgress

_MOST_TAKEOVER_TRIES = 50
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class State(enum.Enum):
    RUNNING = "running"
    END_UNCERTAIN = "end uncertain"
    """The answer to an end was lost; it may have been stored."""
    ENDED = "ended"
    LOST = "lost"
    """Another writer owns the session, or has ended it."""


def new_id(node_id: str) -> str:
    """A new id; unique however many processes start sessions at once."""
    rest, number = "", secrets.randbits(60)
    while number or not rest:
        number, digit = divmod(number, 36)
        rest = _DIGITS[digit] + rest
    return f"stroke_{node_id}_{int(time.time())}_{rest}"


class SessionCore:
    """One session. Its programs are run one after another."""

    def __init__(self, core: Core, key: Key[StrokeProgress], token: int, progress: StrokeProgress) -> None:
        self._core = core
        self.key = key
        self.fence = Fence(token, round(core.options.session_lease * 1000))
        self.progress = progress
        self.rev = 0
        self.state = State.RUNNING
        self.ending: str | None = None
        """Why it was to end, if that was tried: closing it later must not turn completed into interrupted."""
        self._ends: list[StrokeProgress] = []

    @property
    def is_running(self) -> bool:
        return self.state in (State.RUNNING, State.END_UNCERTAIN)

    @staticmethod
    def start(core: Core, progress: StrokeProgress) -> Program[SessionCore]:
        """Begins a new one."""
        session = SessionCore(core, keys.stroke_progress(new_id(progress.node_id)), 1, progress)
        event = SessionStart(
            session_id=session.key.id,
            node_id=progress.node_id,
            total_strokes=progress.total_strokes,
            scene_name=progress.scene_name,
            timestamp=progress.timestamp,
        )
        session.rev = yield from core.write(session._turn(progress, event, expect="new"))
        return session

    @staticmethod
    def take_over(core: Core, key: Key[StrokeProgress], node_id: str) -> Program[SessionCore]:
        """Goes on with a running one, whose writer is refused from then on."""
        for attempt in range(1, _MOST_TAKEOVER_TRIES + 1):
            found = yield from core.read_session(key)
            if found is None:
                raise StateError(
                    Reason.NOT_FOUND, f"there is no session {key.id} to take over; start a new one"
                )
            if not found.progress.is_executing:
                raise StateError(
                    Reason.CONFLICT, f"session {key.id} has ended and cannot be taken over; start a new one"
                )
            try:
                return (yield from SessionCore._takeover(core, found, node_id))
            except StateError as e:
                # Its writer wrote between our read and our write; what it wrote is where to go on.
                if e.reason is not Reason.CONFLICT or attempt == _MOST_TAKEOVER_TRIES:
                    raise
        raise AssertionError("unreachable")

    @staticmethod
    def _takeover(core: Core, found: StoredSession, node_id: str) -> Program[SessionCore]:
        progress = found.progress.replace(node_id=node_id, timestamp=wire_time.now())
        session = SessionCore(core, found.key, (found.fence or 0) + 1, progress)
        event = SessionTakeover(
            session_id=found.key.id,
            node_id=node_id,
            fence=session.fence.token,
            previous_node_id=found.progress.node_id,
            timestamp=progress.timestamp,
        )
        session.rev = yield from core.write(session._turn(progress, event, expect=expected(found)))
        return session

    def update(self, changes: dict[str, Any]) -> Program[int]:
        """Stores and publishes a new position: what differs from the last one."""
        last = self._last()
        fixed = {"node_id", "is_executing", "is_paused"} & changes.keys()
        if fixed:
            raise InvalidValueError(f"{', '.join(sorted(fixed))} is not an update's to change; pause, resume and end do")
        following = last.replace(**{"timestamp": wire_time.now(), **changes, "is_executing": True})
        return (yield from self._store(following, position(self.key, following, self.fence)))

    def hold(self, paused: bool) -> Program[int]:
        """Pauses or resumes; nothing if it is so already."""
        last = self._last()
        if last.is_paused == paused:
            return self.rev
        following = last.replace(timestamp=wire_time.now(), is_paused=paused)
        common = self._common(following)
        event: Event = SessionPause(**common) if paused else SessionResume(**common)
        return (yield from self._store(following, self._turn(following, event)))

    def end(self, reason: str) -> Program[None]:
        """Ends it; nothing if it has ended."""
        if self.state is State.ENDED:
            return
        last = self._last()
        self.ending = reason
        following = last.replace(timestamp=wire_time.now(), is_executing=False, is_paused=False)
        self._ends.append(following)
        event = SessionEnd(reason=reason, **self._common(following))  # type: ignore[arg-type]
        write = self._turn(following, event)
        write.fence = Fence(self.fence.token, 0)
        before = self.state
        try:
            yield from self._store(following, write)
        except StateError as e:
            if e.reason is Reason.CONFLICT and before is State.END_UNCERTAIN and (yield from self._is_our_end()):
                # The attempt whose answer was lost had arrived: it is this end that moved the fence.
                self.state = State.ENDED
                return
            if e.reason in (Reason.TIMEOUT, Reason.UNAVAILABLE):
                self.state = State.END_UNCERTAIN
            raise
        self.state = State.ENDED

    def _is_our_end(self) -> Program[bool]:
        stored = yield from self._core.read_session(self.key)
        return stored is not None and stored.progress in self._ends

    def close(self) -> Program[None]:
        """Ends it as interrupted, unless it has ended or is someone else's; an end that failed is tried again instead."""
        if not self.is_running:
            return
        try:
            yield from self.end(self.ending or "interrupted")
        except StateError:
            if self.state is not State.LOST:
                raise

    def _common(self, progress: StrokeProgress) -> dict[str, Any]:
        return {
            "session_id": self.key.id,
            "node_id": progress.node_id,
            "stroke_idx": progress.stroke_idx,
            "pose_idx": progress.pose_idx,
            "timestamp": progress.timestamp,
        }

    def _turn(self, progress: StrokeProgress, event: Event, expect: str = "") -> Write:
        return Write(
            self.key, progress, [(channels.stroke_session(), event)], expect, self.fence, history=progress
        )

    def _last(self) -> StrokeProgress:
        if self.state is State.LOST:
            raise StateError(
                Reason.CONFLICT,
                f"session {self.key.id} was taken over or ended by someone else; start a new one with start_stroke_session",
            )
        if self.state is State.ENDED:
            raise StateError(
                Reason.CONFLICT, f"session {self.key.id} has ended; start a new one with start_stroke_session"
            )
        return self.progress

    def _store(self, following: StrokeProgress, write: Write) -> Program[int]:
        before = self.state
        try:
            self.rev = yield from self._core.write(write)
        except StateError as e:
            if e.reason is Reason.CONFLICT and before is State.RUNNING:
                self.state = State.LOST
            raise
        self.progress = following
        return self.rev


def position(key: Key[StrokeProgress], progress: StrokeProgress, fence: Fence | None) -> Write:
    """The write of a position."""
    event = ProgressUpdate.of(progress, session_id=key.id)
    return Write(key, progress, [(channels.stroke_progress(), event)], fence=fence, history=progress)


def foreign_update(core: Core, key: Key[StrokeProgress], changes: dict[str, Any]) -> Program[int]:
    """A position of a session that this process does not run: an older node's, which knows no lease."""
    found = yield from core.read_session(key)
    if found is None:
        raise StateError(Reason.NOT_FOUND, f"there is no session {key.id}; start one with start_stroke_session")
    if found.fence is not None:
        raise StateError(
            Reason.CONFLICT,
            f"session {key.id} is run by {found.progress.node_id}, another process; take it over with "
            "take_over_stroke_session",
        )
    following = found.progress.replace(**{"timestamp": wire_time.now(), **changes})
    return (yield from core.write(position(key, following, None)))


def foreign_end(core: Core, key: Key[StrokeProgress]) -> Program[None]:
    """The end of a session that this process does not run."""
    found = yield from core.read_session(key)
    if found is None or not found.progress.is_executing:
        return
    if found.fence is not None:
        raise StateError(
            Reason.CONFLICT, f"session {key.id} is run by {found.progress.node_id}, another process; only that ends it"
        )
    following = found.progress.replace(timestamp=wire_time.now(), is_executing=False, is_paused=False)
    event = SessionEnd(
        session_id=key.id,
        node_id=following.node_id,
        reason="completed",
        stroke_idx=following.stroke_idx,
        pose_idx=following.pose_idx,
        timestamp=following.timestamp,
    )
    yield from core.write(
        Write(key, following, [(channels.stroke_session(), event)], expected(found), history=following)
    )
