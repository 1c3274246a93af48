"""Reading and writing documents: what is sent, and what the answers mean. No I/O; see _program."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Callable, Generic, TypeVar

from redis.exceptions import RedisError

from . import _json, channels, keys, wire_time
from ._names import Channel, Key, KeyKind
from ._objects import Document, Event
from ._program import Call, Program, Request, ask, is_code, run, run_all
from ._replies import answered, text
from ._scripts import APPEND, HEARTBEAT, LEASE, LIVENESS, UPDATE, WRITE, Word
from .errors import InvalidValueError, Reason, StateError
from .events import (
    ArmConnected,
    ArmDisconnected,
    HealthUpdate,
    NodeOffline,
    NodeOnline,
    NodeRestarted,
    ProgressUpdate,
    StateUpdate,
)
from .models import NodeHealth, RobotState, StrokeProgress
from .options import StateOptions

D = TypeVar("D", bound=Document)

LONGEST_EVENT = 64 * 1024
_GREATEST_REVISION = 9e15
_LONGEST_RENEWAL = 30.0
# Of a state that nobody writes, which lives for a day.
_KEEP_ALIVE_EVERY = 3600.0
_MOST_REMEMBERED = 10_000
# How many reads go out before their answers are read.
_BATCH = 5_000
_ADDED_BY_REDIS = ("rev", "event_id", "seq", "seq_lost")
# The one that names the revision stands in the script.
_HISTORY = tuple(name for name in keys.STROKE_HISTORY.fields if name != "rev")


@dataclass(frozen=True)
class Problem:
    """Something that went wrong in the background, or beside what was asked for."""

    source: str
    """Key, channel or part that it concerns."""
    message: str
    """What happened, and what to do."""


@dataclass(frozen=True)
class Versioned(Generic[D]):
    """A document as it is stored."""

    key: Key[D]
    value: D
    rev: int | None
    """None if only an older node has written this key."""
    last_updated: datetime


@dataclass(frozen=True)
class Fence:
    """Ownership of a session: the number of its writer, and how long that is presumed alive, in ms; 0 ends the session."""

    token: int
    lease_ms: int


@dataclass(frozen=True)
class Stored:
    """What a read found of one document."""

    key: Key[Any]
    value: Versioned[Any] | None
    problem: str | None
    ttl_ms: int


@dataclass(frozen=True)
class StoredSession:
    """Who owns a session."""

    key: Key[StrokeProgress]
    progress: StrokeProgress
    raw: bytes
    rev: int
    """0: it has none."""
    fence: int | None
    """None: its writer knows no lease."""


@dataclass
class Write:
    """One write of a document, with what is told of it in the same step."""

    key: Key[Any]
    value: Document
    events: list[tuple[Channel[Any], Event]] = field(default_factory=list)
    expect: str = ""
    fence: Fence | None = None
    history: StrokeProgress | None = None

    @property
    def tells_transition(self) -> bool:
        return any(is_transition(channel, event) for channel, event in self.events)

    @property
    def ends(self) -> bool:
        return self.fence is not None and self.fence.lease_ms == 0


def is_transition(channel: Channel[Any], event: Event) -> bool:
    """Whether an event may not be dropped."""
    return channel.kind.event_type(str(getattr(event, "type"))).transition


def tail(event: Event) -> bytes:
    """Its JSON without the opening brace: Redis puts the revision and the event's id in front."""
    if any(getattr(event, name) is not None for name in _ADDED_BY_REDIS):
        raise InvalidValueError(f"{', '.join(_ADDED_BY_REDIS)} are added by Redis when an event is stored; leave them out")
    return _require_short(event.to_json().encode())[1:]


def _require_short(event: bytes) -> bytes:
    if len(event) > LONGEST_EVENT:
        raise InvalidValueError(f"an event must have at most {LONGEST_EVENT} bytes, has {len(event)}")
    return event


def revision(value: bytes | None) -> int | None:
    """A revision of ours, or None."""
    try:
        number = int(value or b"")
    except ValueError:
        return None
    return number if 0 < number < _GREATEST_REVISION else None


def _millis(kind: KeyKind[Any]) -> int:
    return (kind.ttl_seconds or 0) * 1000


class Core:
    """What a manager knows of its Redis, whoever reaches it."""

    def __init__(self, options: StateOptions, report: Callable[[Problem], None]) -> None:
        self.options = options
        self.report = report
        self.instance = secrets.token_hex(8)
        self._prefix = options.namespace + ":" if options.namespace else ""
        self._last_seq = 0
        self._renewed: dict[Key[Any], float] = {}
        self._arms: dict[Key[RobotState], tuple[bool, bool]] = {}

    # ---- names

    def name(self, of: Key[Any] | Channel[Any] | str) -> str:
        """A name as it is in Redis, with the namespace."""
        return self._prefix + (of if isinstance(of, str) else of.name)

    def strip(self, name: str) -> str:
        """A name without the namespace."""
        return name.removeprefix(self._prefix)

    def pattern(self, glob: str) -> str:
        """A glob-style pattern of names, from one without the namespace."""
        return "".join("\\" + c if c in "\\*?[]^" else c for c in self._prefix) + glob

    @property
    def address(self) -> str:
        return self.options.address

    # ---- writing documents

    def write(self, write: Write) -> Program[int]:
        """Stores a document and publishes its events in one atomic step; comes to the new revision."""
        what = f"writing {write.key}"
        renew = bool(write.expect) or self._is_due(write)
        if not renew and not write.expect and len(write.events) == 1 and not write.tells_transition:
            reply = (yield from run_all(what, (self._update(write),)))[0]
            if is_code(reply, "ABSENT"):
                # Expired, or lost with its Redis: made anew.
                renew = True
                reply = (yield from run_all(what, (self._write(write, True),)))[0]
        else:
            reply = (yield from run_all(what, (self._write(write, renew),)))[0]
        if isinstance(reply, RedisError):
            raise answered(what, self.address, reply)
        return self._written(write, renew, bytes(reply).decode())

    def _written(self, write: Write, renew: bool, reply: str) -> int:
        words = self._noted(reply, write.key.name)
        if write.ends:
            self._renewed.pop(write.key, None)
        elif renew or (len(words) > 1 and words[1] == "0"):
            if len(self._renewed) >= _MOST_REMEMBERED:
                self._renewed.clear()
            self._renewed[write.key] = time.monotonic()
        self._given(words[2:])
        return int(words[0])

    def _noted(self, reply: str, source: str) -> list[str]:
        head, _, note = reply.partition("\n")
        if note:
            self.report(Problem(source, f"stored and published, but what goes with it failed: {note}"))
        return head.split(" ")

    def _given(self, words: Iterable[str]) -> None:
        for word in words:
            if "/" in word:
                self._last_seq = max(self._last_seq, int(word.rpartition("/")[2]))

    def _is_due(self, write: Write) -> bool:
        """Time to live, lease and index entry are renewed now and then: that is half of what a write costs."""
        last = self._renewed.get(write.key)
        if last is None or write.ends:
            return True
        interval = min(_LONGEST_RENEWAL, (write.key.kind.ttl_seconds or 0) / 10)
        if write.fence is not None:
            interval = min(interval, write.fence.lease_ms / 3000)
        return time.monotonic() - last >= interval

    def _update(self, write: Write) -> Call:
        names: list[Word] = [self.name(write.key)]
        channel, event = write.events[0]
        arguments: list[Word] = [
            str(write.key.kind.field),
            write.value.to_json(),
            wire_time.format(wire_time.now()),
            self.name(channel),
            tail(event),
            "" if write.fence is None else write.fence.token,
        ]
        if write.history is not None:
            names.append(self._history(write))
            arguments += [keys.STROKE_HISTORY.max_length or 0, *_history_values(write, write.history)]
        return UPDATE, names, arguments

    def _write(self, write: Write, renew: bool) -> Call:
        kind = write.key.kind
        names: list[Word] = [self.name(write.key), self.name(self._index(kind))]
        arguments: list[Word] = [
            str(kind.field),
            write.value.to_json(),
            wire_time.format(wire_time.now()),
            _millis(kind),
            1 if renew else 0,
            write.expect,
            "" if write.fence is None else write.fence.token,
            0 if write.fence is None else write.fence.lease_ms,
            write.key.id,
            len(write.events),
        ]
        for channel, event in write.events:
            arguments += [self.name(channel), "t" if is_transition(channel, event) else "p", tail(event)]
        # The script takes the log for granted before the history, whether or not it is used.
        if write.history is not None or write.tells_transition:
            names.append(self.name(keys.events_log()))
            arguments += self._log_arguments()
        if write.history is not None:
            names.append(self._history(write))
            arguments += [keys.STROKE_HISTORY.max_length or 0, _millis(keys.STROKE_HISTORY)]
            for name, value in zip(_HISTORY, _history_values(write, write.history)):
                arguments += [name, value]
        return WRITE, names, arguments

    def _log_arguments(self) -> list[Word]:
        return [keys.EVENTS_LOG.max_length or 0, _millis(keys.EVENTS_LOG), self._last_seq]

    def _history(self, write: Write) -> str:
        return self.name(keys.stroke_history(write.key.id))

    @staticmethod
    def _index(kind: KeyKind[Any]) -> Key[Any]:
        return next(each for each in keys.ALL if each.name == kind.index).of()

    # ---- documents of each kind

    def robot(self, state: RobotState) -> Program[int]:
        """Stores a robot's state, and tells of an arm that has turned since."""
        key = keys.robot_state(state.node_id)
        before = self._arms.pop(key, None)
        if before is None:
            before = yield from self._stored_arms(key)
        # Unless the write succeeds it is not known what is stored, and the next one reads it again.
        rev = yield from self.write(robot_write(key, before, state))
        self._arms[key] = _arms(state)
        return rev

    def _stored_arms(self, key: Key[RobotState]) -> Program[tuple[bool, bool]]:
        try:
            found = yield from self.read(key)
        except StateError as e:
            if e.reason not in (Reason.INVALID, Reason.DENIED):
                raise
            found = None
        return (False, False) if found is None else _arms(found.value)

    def health(self, health: NodeHealth) -> Program[int]:
        """Stores a heartbeat, and tells in the same step if the node has come."""
        node = health.node_id
        key, channel = keys.node_health(node), channels.node_events(node)
        last = health.last_heartbeat or health.timestamp
        common: dict[str, Any] = {"node_id": node, "timestamp": health.timestamp, "last_heartbeat": last}
        reply = yield from run(
            f"writing {key}",
            self.address,
            HEARTBEAT,
            [self.name(each) for each in (key, keys.index_nodes(), keys.liveness(node), keys.events_log())],
            [
                str(key.kind.field),
                health.to_json(),
                wire_time.format(wire_time.now()),
                _millis(key.kind),
                _millis(keys.LIVENESS),
                node,
                self.name(channel),
                tail(HealthUpdate.of(health)),
                tail(NodeOnline(**common)),
                tail(NodeRestarted(**common)),
                self.instance,
                round(self.options.heartbeat_interval * 1000),
                wire_time.format(last),
                *self._log_arguments(),
            ],
        )
        words = self._noted(reply, key.name)
        self._given(words[2:])
        yield from self._keep_alive(keys.robot_state(node))
        return int(words[0])

    def _keep_alive(self, key: Key[RobotState]) -> Program[None]:
        """A robot that stands still is not written, but its state must not run out while its node lives.

        Renews what this process has written, now and then; a failure is reported, for the heartbeat itself was sent.
        """
        last = self._renewed.get(key)
        if last is None and key not in self._arms or last is not None and time.monotonic() - last < _KEEP_ALIVE_EVERY:
            return
        try:
            yield from ask(f"renewing {key}", self.address, ("PEXPIRE", self.name(key), _millis(key.kind)), write=True)
        except StateError as e:
            self.report(Problem(key.name, f"its time to live was not renewed: {e}"))
        else:
            self._renewed[key] = time.monotonic()

    def leave(self, node: str) -> Program[None]:
        """Says that a node leaves, if this process was the last to speak for it and the fleet thinks it is there."""
        key = keys.liveness(node)
        name = self.name(key)
        fields = "condition", "instance", "seen", "last_heartbeat"
        known = [text(value or b"") for value in (yield from ask(f"reading {key}", self.address, ("HMGET", name, *fields)))[0]]
        condition, instance, seen, last = known
        if condition != "online" or instance != self.instance:
            return
        offline = NodeOffline(node_id=node, last_heartbeat=wire_time.parse(last) if last else None)
        try:
            reply = yield from run(
                f"saying that {node} leaves",
                self.address,
                LIVENESS,
                [name, self.name(keys.node_health(node)), self.name(keys.events_log())],
                [
                    "offline",
                    "said",
                    condition,
                    instance,
                    seen,
                    "",
                    "",
                    _millis(keys.LIVENESS),
                    self.name(channels.node_events(node)),
                    tail(offline),
                    *self._log_arguments(),
                ],
            )
        except StateError as e:
            if e.reason is not Reason.CONFLICT:
                raise
        else:
            self._given(self._noted(reply, key.name))

    def put(self, key: Key[Any], document: Document) -> Program[int]:
        """Overwrites any document, whoever writes it otherwise."""
        if isinstance(document, (RobotState, NodeHealth)) and key.id != document.node_id:
            raise InvalidValueError(f"node_id must be {key.id} in {key}, was {document.node_id}")
        if key.kind.model is not type(document):
            raise InvalidValueError(f"{key} does not hold a {type(document).__name__}")
        if isinstance(document, RobotState):
            before = yield from self._stored_arms(key)
            return (yield from self.write(robot_write(key, before, document)))
        if isinstance(document, NodeHealth):
            event: Event = HealthUpdate.of(document)
            channel: Channel[Any] = channels.node_events(document.node_id)
        elif isinstance(document, StrokeProgress):
            event, channel = ProgressUpdate.of(document, session_id=key.id), channels.stroke_progress()
        else:
            raise InvalidValueError(f"{key} holds no document that can be overwritten")
        return (yield from self.write(Write(key, document, [(channel, event)])))

    # ---- events

    def publish(self, channel: Channel[Any], event: Event, message: bytes | None = None) -> Program[int]:
        """Publishes an event that belongs to no document; a transition is logged, too. Comes to how many clients it was sent to.

        message: its JSON, if the sender says more than the schema knows.
        """
        rest = tail(event)
        if message is not None:
            rest = _require_short(message)[1:]
        channel.read(b"{" + rest)
        what = f"publishing {getattr(event, 'type')} on {channel}"
        if not is_transition(channel, event):
            replies = yield from ask(
                what, self.address, ("PUBLISH", self.name(channel), b"{" + rest), write=True
            )
            return int(replies[0])
        reply = yield from run(
            what,
            self.address,
            APPEND,
            [self.name(keys.events_log())],
            [self.name(channel), rest, *self._log_arguments()],
        )
        words = self._noted(reply, keys.events_log().name)
        self._given(words)
        return int(words[1])

    # ---- reading

    def read(self, key: Key[D]) -> Program[Versioned[D] | None]:
        """Reads one document."""
        what = f"reading {key}"
        values = (yield from ask(what, self.address, self._hmget(key)))[0]
        try:
            return decode(key, values)
        except InvalidValueError as e:
            raise StateError(
                Reason.INVALID, f"{what}: the stored document does not fit its schema: {e}"
            ) from e

    def _hmget(self, key: Key[Any]) -> tuple[Word, ...]:
        return ("HMGET", self.name(key), str(key.kind.field), "last_updated", "rev")

    def read_stored(self, wanted: Sequence[Key[Any]]) -> Program[list[Stored]]:
        """Reads documents with their times to live in one round trip; one result for each, also where there is none."""
        if len(wanted) > _BATCH:
            first = yield from self.read_stored(wanted[:_BATCH])
            return first + (yield from self.read_stored(wanted[_BATCH:]))
        if not wanted:
            return []
        what = f"reading {len(wanted)} documents"
        commands: list[tuple[Word, ...]] = []
        for key in wanted:
            commands += [self._hmget(key), ("PTTL", self.name(key))]
        replies = yield from _replies(what, tuple(commands))
        return [self._stored(key, replies[2 * i], replies[2 * i + 1]) for i, key in enumerate(wanted)]

    def _stored(self, key: Key[Any], values: Any, ttl: Any) -> Stored:
        if isinstance(values, RedisError):
            failure = answered(f"reading {key}", self.address, values)
            if failure.reason is not Reason.INVALID:
                raise failure
            return Stored(key, None, f"holds another Redis type than {key.kind.redis_type}", -1)
        try:
            found = decode(key, values)
        except InvalidValueError as e:
            return Stored(key, None, str(e), -1)
        return Stored(key, found, None, -1 if isinstance(ttl, RedisError) else int(ttl))

    def ids(self, kinds: Sequence[KeyKind[Any]]) -> Program[list[Key[Any]]]:
        """Keys of these kinds whose ids are in their indexes; one round trip."""
        replies = yield from _replies(
            "reading the indexes", tuple(("SMEMBERS", self.name(self._index(kind))) for kind in kinds)
        )
        found: list[Key[Any]] = []
        for kind, reply in zip(kinds, replies):
            if isinstance(reply, RedisError):
                failure = answered(f"reading {self._index(kind)}", self.address, reply)
                if failure.reason is not Reason.INVALID:
                    raise failure
                self.report(Problem(self._index(kind).name, str(failure)))
                continue
            for id_ in sorted(text(each) for each in reply):
                try:
                    found.append(kind.of(id_))
                except InvalidValueError:
                    # Someone put it there by hand; no key can have it.
                    continue
        return found

    def read_all(self, kind: KeyKind[D]) -> Program[list[Versioned[D]]]:
        """Reads all documents of a kind that are listed; two round trips. What is unreadable is reported."""
        stored = yield from self.read_stored((yield from self.ids((kind,))))
        for each in stored:
            if each.problem is not None:
                self.report(Problem(each.key.name, each.problem))
        return [each.value for each in stored if each.value is not None]

    def read_session(self, key: Key[StrokeProgress]) -> Program[StoredSession | None]:
        """Reads who owns a session."""
        fields = str(key.kind.field), "rev", "fence"
        values = (yield from ask(f"reading {key}", self.address, ("HMGET", self.name(key), *fields)))[0]
        raw, rev, fence = values
        if raw is None:
            return None
        try:
            progress = StrokeProgress.from_json(raw)
        except InvalidValueError as e:
            raise StateError(
                Reason.INVALID, f"reading {key}: the stored document does not fit its schema: {e}"
            ) from e
        return StoredSession(key, progress, raw, revision(rev) or 0, _number(fence) or None)

    def lease(self, key: Key[StrokeProgress], fence: Fence) -> Call:
        """Renews the lease of a session, and tells nobody."""
        return (
            LEASE,
            [self.name(key), self.name(keys.index_sessions()), self.name(keys.stroke_history(key.id))],
            [
                str(key.kind.field),
                fence.token,
                fence.lease_ms,
                _millis(key.kind),
                _millis(keys.STROKE_HISTORY),
                key.id,
            ],
        )


def _replies(what: str, commands: tuple[tuple[Word, ...], ...]) -> Program[list[Any]]:
    return (yield Request(what, commands, False))


def _arms(state: RobotState) -> tuple[bool, bool]:
    return state.is_connected_l, state.is_connected_r


def robot_write(key: Key[RobotState], before: tuple[bool, bool], state: RobotState) -> Write:
    """The write of a state, with the events that tell it, and those of an arm that has turned since."""
    channel = channels.robot_events()
    write = Write(key, state, [(channel, StateUpdate.of(state))])
    common: dict[str, Any] = {"node_id": state.node_id, "timestamp": state.timestamp}
    for arm, was, connected in zip(("l", "r"), before, _arms(state)):
        if was != connected:
            event = ArmConnected(arm=arm, **common) if connected else ArmDisconnected(arm=arm, **common)  # type: ignore[arg-type]
            write.events.append((channel, event))
    return write


def _history_values(write: Write, position: StrokeProgress) -> list[Word]:
    """In the order of the schema, which is that of the script; under the names of the event."""
    event = next((event for _, event in write.events if isinstance(event, ProgressUpdate)), None)
    values = (event or ProgressUpdate.of(position, session_id=write.key.id)).to_dict()
    return [_word(values.get(name, "")) for name in _HISTORY]


def _word(value: object) -> Word:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, (int, str)) else str(value)


def expected(found: StoredSession) -> str:
    """That nothing of it has changed."""
    return f"{found.rev}:{hashlib.sha1(found.raw).hexdigest()}"


def decode(key: Key[D], values: Sequence[bytes | None]) -> Versioned[D] | None:
    """A document from its fields in Redis."""
    raw, updated, rev = values
    if raw is None:
        return None
    model = key.kind.model
    if model is None:
        raise InvalidValueError(f"{key} holds no document")
    value = model.from_json(raw)
    last: datetime = getattr(value, "timestamp")
    if updated is not None:
        try:
            # An older node that rewrites our document leaves our time as it was.
            last = max(last, wire_time.parse(text(updated)))
        except InvalidValueError as e:
            raise InvalidValueError(f"last_updated: {e}") from None
    return Versioned(key, value, revision(rev), last)


def _number(value: bytes | None) -> int:
    try:
        return int(value or b"")
    except ValueError:
        return 0
