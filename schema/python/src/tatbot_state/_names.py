"""Names in Redis: templates, keys and channels. The generated modules keys and channels are made of these."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from . import _json
from ._fields import Text

from .errors import InvalidValueError
from .wire_time import shown

D = TypeVar("D")
E = TypeVar("E")

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Parameter:
    """A parameter of a template, and the pattern that an argument must match."""

    def __init__(self, name: str, pattern: str) -> None:
        self.name = name
        self.pattern = pattern
        self.text = Text(name, pattern=pattern)


class Template:
    """A name with parameters in braces, such as ``robot:state:{node_id}``: filled in, and taken apart again."""

    def __init__(self, text: str, *parameters: Parameter) -> None:
        self.text = text
        self.parameters = parameters
        self._literals = _PLACEHOLDER.split(text)[::2]
        pattern = re.escape(self._literals[0])
        for parameter, literal in zip(parameters, self._literals[1:]):
            pattern += f"({parameter.pattern}){re.escape(literal)}"
        self._parser = re.compile(pattern, re.ASCII)

    def fill(self, arguments: tuple[str, ...]) -> str:
        if len(arguments) != len(self.parameters):
            raise InvalidValueError(f"{self.text} takes {len(self.parameters)} ids, got {len(arguments)}")
        filled = self._literals[0]
        for parameter, argument, literal in zip(self.parameters, arguments, self._literals[1:]):
            filled += f"{parameter.text.check(argument)}{literal}"
        return filled

    def parse(self, name: str) -> tuple[str, ...] | None:
        parts = self._parser.fullmatch(name)
        return None if parts is None else parts.groups()

    @property
    def glob(self) -> str:
        """As a glob-style pattern of Redis: every parameter an asterisk."""
        return _PLACEHOLDER.sub("*", self.text)


@dataclass(frozen=True)
class KeyKind(Generic[D]):
    """A family of keys with one template."""

    name: str
    template: Template
    redis_type: Literal["hash", "set", "stream"]
    field: str | None = None
    """Field of the hash that holds the document; None for a key that holds none."""
    model: type[D] | None = None
    fields: tuple[str, ...] = ()
    ttl_seconds: int | None = None
    max_length: int | None = None
    index: str | None = None
    """Name of the kind of key that lists the ids; None if none does."""

    def of(self, *ids: str) -> Key[D]:
        """The key with these ids."""
        return Key(self, ids, self.template.fill(ids))

    def parse(self, name: str) -> Key[D] | None:
        """The key of this name, or None if it is not one of this kind."""
        ids = self.template.parse(name)
        return None if ids is None else Key(self, ids, name)

    def __repr__(self) -> str:
        return self.template.text

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeyKind) and other.name == self.name


@dataclass(frozen=True, repr=False, eq=False)
class Key(Generic[D]):
    """One key of Redis, without a namespace. Made by the module keys."""

    kind: KeyKind[D]
    ids: tuple[str, ...]
    name: str

    @property
    def id(self) -> str:
        """Its only id."""
        return self.ids[0]

    def __str__(self) -> str:
        return self.name

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True)
class EventType(Generic[E]):
    """One kind of event on a channel."""

    name: str | None
    """Value of the event's type; None where the channel is open to types of any name."""
    event: type[E]
    transition: bool
    """Whether it is a transition, of which none may be dropped; else a position, which a later one makes up for."""


@dataclass(frozen=True)
class ChannelKind(Generic[E]):
    """A family of channels with one template."""

    name: str
    template: Template
    events: tuple[EventType[Any], ...]

    def of(self, *ids: str) -> Channel[E]:
        """The channel with these ids."""
        return Channel(self, ids, self.template.fill(ids))

    def parse(self, name: str) -> Channel[E] | None:
        """The channel of this name, or None if it is not one of this kind."""
        ids = self.template.parse(name)
        return None if ids is None else Channel(self, ids, name)

    def event_type(self, type: str) -> EventType[Any]:
        """The kind of event that has this type."""
        for candidate in self.events:
            if candidate.name is None or candidate.name == type:
                return candidate
        raise InvalidValueError(
            f"type must be one of {', '.join(str(each.name) for each in self.events)} on {self.template.text}, "
            f"was {shown(type)}"
        )

    def __repr__(self) -> str:
        return self.template.text


@dataclass(frozen=True, repr=False, eq=False)
class Channel(Generic[E]):
    """One channel of Redis, without a namespace. Made by the module channels."""

    kind: ChannelKind[E]
    ids: tuple[str, ...]
    name: str

    def read(self, data: bytes | str) -> E:
        """Reads an event of this channel, and checks it against its schema and against the channel's ids."""
        return self.read_dict(_json.read_object(data))

    def read_dict(self, values: dict[str, Any]) -> E:
        """The same from what JSON holds."""
        event: E = self.kind.event_type(_text(values, "type")).event.from_dict(values)
        for parameter, wanted in zip(self.kind.template.parameters, self.ids):
            given = _text(values, parameter.name)
            if given != wanted:
                raise InvalidValueError(f"{parameter.name} must be {wanted} on {self.name}, was {shown(given)}")
        return event

    def __str__(self) -> str:
        return self.name

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Channel) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


def _text(values: dict[str, Any], field: str) -> str:
    value = values.get(field)
    if value is None:
        raise InvalidValueError(f"{field} is required")
    if not isinstance(value, str):
        raise InvalidValueError(f"{field} must be a string")
    return value


def parse_key(kinds: Iterable[KeyKind[Any]], name: str) -> Key[Any] | None:
    for kind in kinds:
        key = kind.parse(name)
        if key is not None:
            return key
    return None


def parse_channel(kinds: Iterable[ChannelKind[Any]], name: str) -> Channel[Any] | None:
    for kind in kinds:
        channel = kind.parse(name)
        if channel is not None:
            return channel
    return None
