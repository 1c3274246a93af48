"""Messages of some channels as they come; and after an outage the transitions that were missed. No I/O; see _feed."""

from __future__ import annotations

import re
from typing import Any, Callable

from . import _json, _log, channels, keys
from ._core import Core, Problem
from ._feed import Observer
from ._program import Program
from .errors import InvalidValueError, StateError
from ._watch import Lost, _is_for_good

# How our scripts begin what they publish of a transition; what looks otherwise is some application's own.
_HEAD = re.compile(rb'\{(?:"rev":[0-9]{1,18},)?"event_id":"([0-9]{1,19}-[0-9]{1,19})","seq":([0-9]{1,18}),')


class EventData(dict[str, Any]):
    """What an event says. Its fields can be had as items and as attributes: ``data["stroke_idx"]``, ``data.stroke_idx``."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"the event has no field {name}") from None


class Message(dict[str, Any]):
    """A message as older nodes know it: ``message["channel"]``, ``message["data"]``; or ``message.data``."""

    @property
    def channel(self) -> str:
        """Name of the channel, without a namespace."""
        return str(self["channel"])

    @property
    def data(self) -> Any:
        """What the event says; its text if that is no JSON."""
        return self["data"]

    @property
    def event(self) -> Any:
        """The event, checked against the schema; None if it does not fit that, or the channel is unknown."""
        declared = channels.parse(self.channel)
        if declared is None or not isinstance(self.data, dict):
            return None
        try:
            return declared.read_dict(self.data)
        except InvalidValueError:
            return None


class StreamCore(Observer):
    """A subscription. tell: is handed each message, and what was lost."""

    def __init__(self, core: Core, wanted: tuple[str, ...], tell: Callable[[Message | Lost], None]) -> None:
        if not wanted:
            raise InvalidValueError("subscribe to at least one channel, such as stroke:events:progress")
        self._core = core
        self._wanted = wanted
        self._tell = tell
        self._cursor: _log.Cursor | None = None
        self._log_denied = False
        self._due = False
        # The latest transition that was published while they are taken from the log.
        self._published: str | None = None

    @property
    def what(self) -> str:
        return ", ".join(self._wanted)

    @property
    def names(self) -> list[str]:
        return [self._core.name(name) for name in self._wanted]

    def connecting(self) -> Program[None]:
        if self._cursor is None:
            try:
                self._cursor = yield from _log.end(self._core)
            except StateError as e:
                self._go_without_log(e)

    def subscribed(self) -> None:
        self._due = True
        self._published = None

    def work(self) -> Program[None] | None:
        return self._catch_up() if self._due else None

    def _catch_up(self) -> Program[None]:
        told = self._cursor
        if told is not None and not self._log_denied:
            try:
                told.go_back_to((yield from _log.end(self._core)))
                more = True
                while more:
                    asked_for = self._published
                    page = yield from _log.after(self._core, told.id)
                    for entry in page:
                        self._tell_entry(told, entry)
                    behind = self._published is not None and told.is_behind(self._published)
                    # As for a watch: what was published since the page was asked for may be in the log.
                    gone = not page and asked_for == self._published
                    more = not gone and (len(page) == _log.PAGE or behind)
            except StateError as e:
                self._go_without_log(e)
        self._due = False

    def _tell_entry(self, told: _log.Cursor, entry: _log.Entry) -> None:
        if not told.is_behind(entry.id) or told.passes_over(entry.id, entry.seq):
            return
        lost = told.advance(entry.id, entry.seq, entry.seq_lost)
        if lost > 0:
            self._tell(Lost(lost, "events:log has moved on, or was lost, during an outage"))
        if self._core.strip(entry.channel) in self._wanted:
            self._tell(self._message(entry.channel, entry.published()))

    def _go_without_log(self, failure: StateError) -> None:
        if not _is_for_good(failure):
            raise failure
        if not self._log_denied:
            self._log_denied = True
            self._core.report(
                Problem(
                    keys.events_log().name,
                    f"transitions that are missed in an outage will not be caught up: {failure}",
                )
            )

    def message(self, channel: str, data: bytes) -> None:
        head = _HEAD.match(data)
        if head is not None and self._cursor is not None:
            id_ = head[1].decode()
            if self._due and not self._log_denied:
                # It is in the log, behind what may be missing.
                self._published = id_
                return
            if not self._cursor.is_behind(id_):
                return
            # Of what other channels have published meanwhile nothing is asked for.
            self._cursor.advance(id_, int(head[2]), 0)
        self._tell(self._message(channel, data))

    def _message(self, channel: str, data: bytes) -> Message:
        try:
            said: Any = EventData(_json.read_object(data))
        except InvalidValueError as e:
            self._core.report(Problem(self._core.strip(channel), f"{e}; handed on as text"))
            said = data.decode("utf-8", "replace")
        return Message(channel=self._core.strip(channel), data=said, pattern=None)
