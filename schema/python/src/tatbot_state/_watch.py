"""Keeps a view of the fleet current: snapshot, then every change. No I/O; see _program and _feed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Callable, Union

from . import _log, channels, keys, wire_time
from ._core import LONGEST_EVENT, Core, Problem, Versioned, is_transition
from ._feed import Observer
from ._names import Channel, Key
from ._objects import Event
from ._program import Program
from ._view import Outcome, View
from .errors import InvalidValueError, Reason, StateError
from .wire_time import shown

LIVE_WITHIN = 0.5
"""How old, in seconds, what a watch shows may be while it is live."""

RECONCILE_EVERY = 2.0
_RECONCILE_SOON = 0.25
_DOCUMENTS = tuple(kind for kind in keys.ALL if kind.field is not None)
_KEY_EVENTS = "del", "expired", "evicted", "rename_from"


@dataclass(frozen=True)
class Change:
    """A document is another, or gone."""

    key: Key[Any]
    value: Versioned[Any] | None
    """None if it is gone, or cannot be read."""
    cause: str
    """snapshot, updated, reread, reconciled, expired, deleted, or unreadable."""


@dataclass(frozen=True)
class Transition:
    """A transition, of which each is told once, in order."""

    channel: Channel[Any]
    event: Any
    caught_up: bool
    """Whether it was taken from the log, after an outage."""


@dataclass(frozen=True)
class Lost:
    """Transitions that can never be had."""

    count: int
    why: str


@dataclass(frozen=True)
class Status:
    """How far a watch can be relied upon at one moment."""

    condition: str
    """live, stale, reconnecting, or closed."""
    as_of: datetime | None
    """Everything that was published until then has been received; None before the first snapshot."""
    stale_ms: int
    """For how long nothing is known; 0 while live."""
    attempt: int = 0
    """Number of the attempt to connect, counted from 1; 0 while connected."""
    reason: str | None = field(default=None, compare=False)
    """What went wrong last; None while live."""

    @property
    def is_live(self) -> bool:
        return self.condition == "live"

    def __str__(self) -> str:
        if self.condition in ("live", "closed"):
            return self.condition
        words = "not connected" if self.as_of is None else f"stale since {self.stale_ms // 1000} s"
        return words if self.condition == "stale" else f"{words}, reconnecting (attempt {self.attempt})"


News = Union[Change, Transition, Lost, Status]


class Subjects:
    """Which document an event tells of."""

    _SESSIONS = channels.STROKE_PROGRESS, channels.STROKE_SESSION

    @classmethod
    def of(cls, channel: Channel[Any], event: Event) -> Key[Any] | None:
        if channel.kind in cls._SESSIONS:
            return keys.stroke_progress(getattr(event, "session_id"))
        if channel.kind == channels.ROBOT_EVENTS:
            return keys.robot_state(getattr(event, "node_id"))
        if channel.kind == channels.NODE_EVENTS:
            return keys.node_health(getattr(event, "node_id"))
        return None


class WatchCore(Observer):
    """A watch of everything. tell: is handed each piece of news, and must be quick."""

    def __init__(self, core: Core, tell: Callable[[News], None]) -> None:
        self._core = core
        self._tell = tell
        self.view = View(lambda cause, key, value: tell(Change(key, value, cause)))
        self._channels: dict[str, Channel[Any] | None] = {}
        # The connection, by its number; what was read over an earlier one is out of date.
        self._connection = 0
        self._subscribed = False
        self._closed = False
        self._attempt = 1
        self._reason: str | None = None
        self._told_condition = ""
        # Up to which moment everything is known to have been received.
        self._proven = time.monotonic()
        self._synced = False
        self._ever_synced = False
        # What is to be read, and up to when nothing is missing of it.
        self._owed: dict[Key[Any], float] = {}
        self._being_read: dict[Key[Any], float] = {}
        self._snapshot_due = False
        self._log_due = False
        self._reconcile_at = float("inf")
        self._reconciled_at = 0.0
        self._not_before = 0.0
        # Transitions are taken from the log, not from what is published, until it has been read to its end.
        self._catching_up = True
        self._published: str | None = None
        self._cursor: _log.Cursor | None = None
        self._log_denied = False

    # ---- what it listens to

    @property
    def what(self) -> str:
        return "watch of everything"

    @property
    def names(self) -> list[str]:
        return [self._core.name(kind.template.text) for kind in channels.ALL if not kind.template.parameters]

    @property
    def patterns(self) -> list[str]:
        return [self._core.pattern(kind.template.glob) for kind in channels.ALL if kind.template.parameters]

    @property
    def optional(self) -> list[str]:
        return [f"__keyevent@{self._core.options.database}__:{event}" for event in _KEY_EVENTS]

    # ---- what happens to the connection

    def connecting(self) -> Program[None]:
        """Before the first connection: whatever is logged from there on is told."""
        if self._cursor is None:
            try:
                self._cursor = yield from _log.end(self._core)
            except StateError as e:
                self._go_without_log(e)

    def subscribed(self) -> None:
        self._connection += 1
        self._subscribed = True
        self._snapshot_due = True
        self._catching_up = True
        self._published = None
        self._not_before = 0.0
        self._attempt = 0
        self._look()

    def proven(self, moment: float) -> None:
        if self._synced and moment > self._proven:
            self._proven = moment
        self._look()

    def disconnected(self, failure: StateError, attempt: int, pause: float) -> None:
        news = self._subscribed or self._reason is None
        self._connection += 1
        self._unsync()
        self._attempt = attempt
        self._reason = str(failure)
        self._look()
        if news and not self._closed:
            known = (
                "The watch is stale until it is back; what is missed is caught up."
                if self._ever_synced
                else "The watch knows nothing until it is connected; it goes on trying."
            )
            self._core.report(Problem(self.what, f"{failure} {known}"))

    def close(self) -> None:
        self._closed = True
        self._unsync()

    def _unsync(self) -> None:
        # What is owed will be read with the next snapshot; until then it tells how old this is.
        self._proven = self._as_of()
        self._owed.clear()
        self._being_read.clear()
        self._synced = self._subscribed = False

    # ---- how far it can be relied upon

    def _as_of(self) -> float:
        if not self._synced:
            return self._proven
        return min([self._proven, *self._owed.values(), *self._being_read.values()])

    def status(self) -> Status:
        """The condition at this moment: true even if the watch's own thread is late."""
        stale = time.monotonic() - self._as_of()
        live = self._synced and stale <= LIVE_WITHIN and not self._closed
        condition = (
            "closed" if self._closed else "live" if live else "stale" if self._subscribed else "reconnecting"
        )
        as_of = wire_time.now() - timedelta(seconds=max(0.0, stale)) if self._ever_synced else None
        return Status(
            condition,
            as_of,
            0 if live else round(max(0.0, stale) * 1000),
            0 if self._subscribed else self._attempt,
            None if live else self._reason,
        )

    def tick(self) -> None:
        self._look()

    def _look(self) -> None:
        status = self.status()
        if status.condition != self._told_condition:
            self._told_condition = status.condition
            self._tell(status)

    # ---- what is published

    def message(self, channel: str, data: bytes) -> None:
        if channel.startswith("__keyevent@"):
            key = keys.parse(self._core.strip(data.decode("utf-8", "replace")))
            if key is not None and key.kind.field is not None:
                self._owe(key)
            return
        declared = self._channel(channel)
        try:
            if declared is None:
                raise InvalidValueError("no channel of the schema")
            if len(data) > LONGEST_EVENT:
                raise InvalidValueError(f"an event must have at most {LONGEST_EVENT} bytes, has {len(data)}")
            event: Event = declared.read(data)
        except InvalidValueError as e:
            source = declared.name if declared is not None else shown(channel)
            self._core.report(Problem(source, f"{e}; passed over"))
            # Whoever publishes what cannot be read may have written before.
            if self._subscribed and not self._snapshot_due:
                self._reconcile_at = min(
                    self._reconcile_at, max(time.monotonic(), self._reconciled_at + _RECONCILE_SOON)
                )
            return
        subject = Subjects.of(declared, event)
        if subject is not None:
            outcome = self.view.apply_event(subject, event)
            if outcome is not Outcome.DONE:
                self._owe(subject)
            if outcome is Outcome.GAP and not self._log_denied:
                self._log_due = True
        if is_transition(declared, event):
            self._on_transition(declared, event)

    def _channel(self, name: str) -> Channel[Any] | None:
        if name not in self._channels:
            if len(self._channels) > 10_000:
                self._channels.clear()
            self._channels[name] = channels.parse(self._core.strip(name))
        return self._channels[name]

    def _owe(self, key: Key[Any], since: float | None = None) -> None:
        """What is received at this moment may have been on its way since the last proof."""
        moment = self._proven if since is None else since
        self._owed[key] = min(moment, self._owed.get(key, moment))

    def _on_transition(self, channel: Channel[Any], event: Event) -> None:
        id_: str | None = getattr(event, "event_id")
        told = self._cursor
        if id_ is None or told is None:
            self._tell(Transition(channel, event, False))
            return
        seq, seq_lost = getattr(event, "seq") or 0, getattr(event, "seq_lost") or 0
        if self._log_denied:
            if told.is_news(id_, seq):
                self._advance(told, id_, seq, seq_lost)
                self._tell(Transition(channel, event, False))
        elif not self._catching_up and not told.is_behind(id_):
            return
        elif not self._catching_up and told.is_next(seq, seq_lost):
            self._advance(told, id_, seq, seq_lost)
            self._tell(Transition(channel, event, False))
        else:
            # It is in the log, behind what is missing.
            self._catching_up = True
            self._published = id_
            self._log_due = True

    def _advance(self, told: _log.Cursor, id_: str, seq: int, seq_lost: int) -> None:
        lost = told.advance(id_, seq, seq_lost)
        if lost > 0:
            why = (
                "events:log may not be read"
                if self._log_denied
                else "events:log was lost with its Redis, or in a failover"
                if seq_lost
                else "events:log has moved on during an outage"
            )
            self._tell(Lost(lost, why))

    # ---- what is to be read

    def work(self) -> Program[None] | None:
        """What is to be read now; None if nothing."""
        now = time.monotonic()
        if not self._subscribed or now < self._not_before:
            return None
        if self._snapshot_due:
            return self._reading(self._snapshot())
        for key in self.view.expired(now):
            self._owe(key, now)
        if now >= self._reconcile_at:
            return self._reading(self._read_all("reconciled"))
        if self._log_due:
            return self._reading(self._catch_up())
        return self._reading(self._read_owed()) if self._owed else None

    def _reading(self, program: Program[None]) -> Program[None]:
        try:
            yield from program
        except StateError as e:
            # Reads and subscriptions fail apart: this connection may live on.
            self._reason = str(e)
            self._not_before = time.monotonic() + 0.1
        self._look()

    def _snapshot(self) -> Program[None]:
        of = self._connection
        if self._log_denied:
            try:
                yield from _log.end(self._core)
                self._log_denied = False
            except StateError as e:
                if not _is_for_good(e):
                    raise
        yield from self._read_all("snapshot")
        yield from self._catch_up()
        if self._connection == of:
            self._snapshot_due = False

    def _read_all(self, cause: str) -> Program[None]:
        of, begin = self._connection, time.monotonic()
        listed = yield from self._core.ids(_DOCUMENTS)
        if not (yield from self._read([*listed, *self.view.keys()], cause)) or self._connection != of:
            return
        self._reconciled_at = time.monotonic()
        # A big fleet is reconciled less often: reading must not take more than a twentieth of the time.
        self._reconcile_at = self._reconciled_at + max(RECONCILE_EVERY, 20 * (self._reconciled_at - begin))
        if not self._synced:
            self._proven = begin
            self._synced = self._ever_synced = True
            self._reason = None

    def _read_owed(self) -> Program[None]:
        yield from self._read([], "reread")

    def _read(self, wanted: list[Key[Any]], cause: str) -> Program[bool]:
        """Reads these documents and those that are owed; returns whether the connection was still the same when it was done."""
        of, stamp = self._connection, self.view.stamp
        # What comes up from here on is owed anew; until this has been read it counts.
        self._being_read, self._owed = self._owed, {}
        try:
            found = yield from self._core.read_stored(list(dict.fromkeys([*wanted, *self._being_read])))
        except StateError:
            self._owe_again()
            raise
        if self._connection != of:
            self._owe_again()
            return False
        self._being_read = {}
        self._take_over(found, stamp, cause)
        return True

    def _owe_again(self) -> None:
        for key, since in self._being_read.items():
            self._owe(key, since)
        self._being_read = {}

    def _take_over(self, found: list[Any], stamp: int, cause: str) -> None:
        for each in found:
            if each.problem is not None and not self.view.knows_problem(each.key, each.problem):
                self._core.report(Problem(each.key.name, each.problem))
            if self.view.apply_read(each, stamp, cause):
                self._owe(each.key)

    def _catch_up(self) -> Program[None]:
        """Tells of what is in the log, until that has been read to its end."""
        self._log_due = False
        told, of = self._cursor, self._connection
        if told is None or self._log_denied:
            self._catching_up = False
            return
        self._catching_up = True
        try:
            end = yield from _log.end(self._core)
            if self._connection == of:
                told.go_back_to(end)
            while not self._closed:
                asked_for = self._published
                page = yield from _log.after(self._core, told.id)
                if self._connection != of:
                    return
                for entry in page:
                    self._tell_entry(told, entry)
                behind = self._published is not None and told.is_behind(self._published)
                # What was published before this page was asked for, and is not in it, is in no log any more; whoever writes next
                # tells. What was published since may be.
                gone = not page and asked_for == self._published
                if gone or (len(page) < _log.PAGE and not behind):
                    self._catching_up = False
                    self._published = None
                    return
        except StateError as e:
            if not _is_for_good(e):
                self._log_due = True
            self._go_without_log(e)

    def _tell_entry(self, told: _log.Cursor, entry: _log.Entry) -> None:
        if not told.is_behind(entry.id) or told.passes_over(entry.id, entry.seq):
            return
        self._advance(told, entry.id, entry.seq, entry.seq_lost)
        channel = self._channel(entry.channel)
        try:
            if channel is None:
                raise InvalidValueError("no channel of the schema")
            event = channel.read(entry.published())
        except InvalidValueError as e:
            self._core.report(Problem(f"events:log, {entry.id}", f"{e}; passed over"))
            return
        self._tell(Transition(channel, event, True))

    def _go_without_log(self, failure: StateError) -> None:
        """Transitions are told as they are published until the next connection, and those that are missed are counted."""
        if not _is_for_good(failure):
            raise failure
        told, self._log_denied = self._log_denied, True
        self._catching_up = False
        self._published = None
        if told:
            return
        self._core.report(
            Problem(
                keys.events_log().name,
                f"transitions that are missed in an outage will not be caught up: {failure}",
            )
        )


def _is_for_good(failure: StateError) -> bool:
    return failure.code == "NOPERM" or failure.reason is Reason.INVALID
