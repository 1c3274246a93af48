"""What a subscription needs, whoever keeps its connection.

Redis sends nothing while nothing is published, so silence alone says nothing. A pulse makes it answer; no answer for two seconds
means that the connection is dead, half-open ones included. A pulse carries the time at which it was sent: once its answer has been
read, so has everything that was published before. It is an UNSUBSCRIBE from what nobody subscribes to, for Redis refuses PING
while it cannot save.
"""

from __future__ import annotations

from typing import Any

from ._program import Program
from ._replies import text
from ._scripts import Command
from .errors import StateError

PULSE = "tatbot-pulse:"
PULSE_EVERY = 0.1
SILENCE = 2.0
# What people must put right is not tried at the pace at which a network comes back.
FOR_PEOPLE = 1.0, 10.0


class Observer:
    """Told what happens to a subscription. Every method must be quick; what calls Redis comes as a program."""

    @property
    def what(self) -> str:
        """What it listens to, for people."""
        raise NotImplementedError

    @property
    def names(self) -> list[str]:
        """Names of channels."""
        return []

    @property
    def patterns(self) -> list[str]:
        """Glob-style patterns of channels; none that covers one of the names."""
        return []

    @property
    def optional(self) -> list[str]:
        """Names that it goes without if this user may not listen to them."""
        return []

    def connecting(self) -> Program[None]:
        """Before each attempt."""
        raise NotImplementedError

    def subscribed(self) -> None:
        """Redis has confirmed all channels."""

    def message(self, channel: str, data: bytes) -> None:
        """A message, in the order in which Redis sent it."""

    def proven(self, moment: float) -> None:
        """Everything that was published before this moment has been read."""

    def disconnected(self, failure: StateError, attempt: int, pause: float) -> None:
        """The connection is gone, or could not be made; the next attempt is due in so many seconds."""

    def tick(self) -> None:
        """Called now and then."""

    def work(self) -> Program[None] | None:
        """What is to be read now; None if nothing."""
        return None


def subscriptions(observer: Observer, with_optional: bool) -> tuple[list[Command], int]:
    """What to send, and how many confirmations come back."""
    names = [*observer.names, *(observer.optional if with_optional else [])]
    commands: list[Command] = []
    if names:
        commands.append(("SUBSCRIBE", *names))
    if observer.patterns:
        commands.append(("PSUBSCRIBE", *observer.patterns))
    return commands, len(names) + len(observer.patterns)


def take(observer: Observer, reply: Any) -> bool:
    """Hands on what came; returns whether it confirms a subscription."""
    kind = text(reply[0])
    if kind == "message":
        observer.message(text(reply[1]), reply[2])
    elif kind == "pmessage":
        observer.message(text(reply[2]), reply[3])
    elif kind == "unsubscribe":
        name = text(reply[1])
        if name.startswith(PULSE):
            observer.proven(float(name[len(PULSE) :]))
    return kind in ("subscribe", "psubscribe")
