"""What can go wrong."""

from __future__ import annotations

import enum


class InvalidValueError(ValueError):
    """A value, a document, an event or a name that does not fit the schema. The message begins with the field."""


class Reason(enum.Enum):
    """Kinds of failure."""

    UNAVAILABLE = "unavailable"
    """Redis cannot be reached, or the connection broke. If the message says that a write may have been stored, it may."""
    TIMEOUT = "timeout"
    """Redis did not answer in time. A write may or may not have been stored."""
    DENIED = "denied"
    """Wrong user or password, a right is missing, or one side does not trust the other's certificate."""
    MISCONFIGURED = "misconfigured"
    """What the options name can never serve, such as a Redis Cluster."""
    CONFLICT = "conflict"
    """Someone else has changed, taken over or ended what this write builds upon. Nothing was stored."""
    INVALID = "invalid"
    """What is stored does not fit the schema, or has another Redis type."""
    NOT_FOUND = "not found"
    """There is no such document."""
    OUT_OF_MEMORY = "out of memory"
    """Redis is out of memory. Nothing was stored."""
    READ_ONLY = "read only"
    """This Redis does not take writes: a replica, or one that cannot save to disk. Nothing was stored."""
    BUSY = "busy"
    """Redis is loading its data, or busy with a script. Nothing was stored. Worth trying again soon."""
    CLOSED = "closed"
    """This manager, session or subscription is closed."""
    INTERNAL = "internal"
    """An error of Redis that has no reason of its own here."""


class StateError(Exception):
    """The only exception for what goes wrong at run time: what happened, to what, and what to do. Holds no password."""

    def __init__(self, reason: Reason, message: str, code: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        """What kind of failure it is."""
        self.code = code
        """First word of Redis' answer, where it refused."""

    @property
    def needs_people(self) -> bool:
        """Whether it will not mend by trying again soon."""
        return self.reason in (Reason.DENIED, Reason.MISCONFIGURED)
