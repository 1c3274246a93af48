"""Reading events:log: how far a reader has come, and how many entries it can never get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import keys
from ._core import Core
from ._program import Program, ask
from ._replies import text

BEGINNING = "0-0"
PAGE = 500
# As in log.lua, which says what the numbers mean.
_EPOCH = 100_000


@dataclass(frozen=True)
class Entry:
    """An entry of the log."""

    id: str
    seq: int
    seq_lost: int
    channel: str
    event: bytes

    def published(self) -> bytes:
        """The event as it was published: with its place in the log."""
        lost = f'"seq_lost":{self.seq_lost},' if self.seq_lost else ""
        seq = f'"seq":{self.seq},' if self.seq else ""
        return f'{{"event_id":"{self.id}",{seq}{lost}'.encode() + self.event[1:]


def _order(id_: str) -> tuple[int, int]:
    millis, _, number = id_.partition("-")
    return int(millis), int(number or 0)


def _number(value: bytes | None) -> int:
    return int(value) if value is not None and value.isdigit() else 0


def _entry(reply: Any) -> Entry:
    id_, words = reply
    fields = {words[i]: words[i + 1] for i in range(0, len(words), 2)}
    return Entry(
        text(id_),
        _number(fields.get(b"seq")),
        _number(fields.get(b"seq_lost")),
        text(fields.get(b"channel", b"")),
        fields.get(b"event", b"{}"),
    )


def end(core: Core) -> Program[Cursor]:
    """A cursor at the log's end."""
    name = core.name(keys.events_log())
    reply = (yield from ask(f"reading the end of {name}", core.address, ("XREVRANGE", name, "+", "-", "COUNT", 1)))[0]
    return Cursor(_entry(reply[0]).id, _entry(reply[0]).seq) if reply else Cursor(BEGINNING, 0)


def after(core: Core, id_: str) -> Program[list[Entry]]:
    """The entries behind this one, oldest first, at most a page."""
    name = core.name(keys.events_log())
    reply = (yield from ask(f"reading {name}", core.address, ("XRANGE", name, f"({id_}", "+", "COUNT", PAGE)))[0]
    return [_entry(each) for each in reply]


def _same_log(earlier: int, later: int) -> bool:
    epochs = later // _EPOCH - earlier // _EPOCH
    return epochs == 0 or (epochs == 1 and earlier % _EPOCH > _EPOCH // 2)


class Cursor:
    """How far a reader has come. The numbers of one log are dense; one that is begun anew has a later epoch."""

    def __init__(self, id_: str, seq: int) -> None:
        self.id = id_
        self.seq = seq
        # First number of the present log that this reader knows to be of it.
        self._begin = seq
        # How far the log before this one is accounted for; None if this reader never saw it.
        self._lost_up_to: int | None = None
        # While the log is read from its beginning once more: up to where it was told before.
        self._pass_over_up_to = 0

    def is_behind(self, other: str) -> bool:
        return _order(other) > _order(self.id)

    def is_next(self, seq: int, seq_lost: int) -> bool:
        """Whether this is the very next entry of the same log, the first of an empty one, or its number is not known."""
        is_first = self.seq == 0 and seq % _EPOCH == 1
        return seq_lost == 0 and (seq in (0, self.seq + 1) or is_first)

    def go_back_to(self, end: Cursor) -> None:
        """The log ends before what was seen of it: its beginning after a failover, or it was begun anew."""
        if not _order(self.id) > _order(end.id):
            return
        self._log_ended()
        if end.seq > 0 and (end.seq > self.seq or self.seq - end.seq >= _EPOCH):
            self.id = BEGINNING
            self._pass_over_up_to = self.seq
        else:
            self.id, self.seq, self._begin = end.id, end.seq, end.seq

    def passes_over(self, id_: str, seq: int) -> bool:
        """Whether this entry was told before the log had to be read from its beginning."""
        told = 0 < seq <= self._pass_over_up_to and _same_log(seq, self._pass_over_up_to)
        if told:
            self.id = id_
        return told

    def is_news(self, id_: str, seq: int) -> bool:
        """Whether this entry was not told yet, though the ids may have begun anew."""
        return self.is_behind(id_) or seq > self.seq

    def advance(self, id_: str, seq: int, seq_lost: int) -> int:
        """Goes on to an entry; comes to how many are missing before it."""
        self.id = id_
        self._pass_over_up_to = 0
        lost = 0
        if seq > 0:
            if seq > self.seq and _same_log(self.seq, seq):
                lost = seq - self.seq - 1
            else:
                self._log_ended()
                # If it was begun by a clock that went back, those who were given higher numbers before will tell.
                lost = seq % _EPOCH - 1 if seq > self.seq else 0
                self._begin = seq - seq % _EPOCH
            self.seq = seq
        return lost + self._lost_before(seq_lost)

    def _log_ended(self) -> None:
        if self.seq > 0:
            self._lost_up_to = max(self.seq, self._lost_up_to or 0)

    def _lost_before(self, seq_lost: int) -> int:
        known = self._lost_up_to
        if seq_lost == 0 or self._begin <= seq_lost <= self.seq or known is None or seq_lost <= known:
            return 0
        # A whole log may have come and gone meanwhile; of the one before that nothing can be known.
        self._lost_up_to = seq_lost
        return seq_lost - known if _same_log(known, seq_lost) else seq_lost % _EPOCH
