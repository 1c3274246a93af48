"""What all generated classes have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from . import _json
from ._fields import Field, found
from .errors import InvalidValueError

Self = TypeVar("Self", bound="Object")
D = TypeVar("D", bound="Document")


class Object:
    """A document or an event: immutable, and checked against its schema when it is made."""

    __slots__ = ()

    SCHEMA: ClassVar[str]
    """Its file in the schema, without the ending, such as ``models/robot-state``."""
    FIELDS: ClassVar[tuple[Field, ...]]
    """Its fields, in the order in which they are written."""

    def __post_init__(self) -> None:
        for field in self.FIELDS:
            object.__setattr__(self, field.attribute, field.check(getattr(self, field.attribute)))

    @classmethod
    def from_json(cls: type[Self], data: bytes | str) -> Self:
        """Reads UTF-8 JSON. Unknown fields are passed over; null counts as absent where the schema allows it."""
        return cls.from_dict(_json.read_object(data))

    @classmethod
    def from_dict(cls: type[Self], values: Mapping[str, Any]) -> Self:
        """Reads what JSON holds, already taken apart. Unknown fields are passed over; None is null."""
        return cls(**cls.arguments(values))

    @classmethod
    def arguments(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments of the class from what JSON holds."""
        if not isinstance(values, Mapping):
            raise InvalidValueError(f"expected a JSON object, found {found(values)}")
        arguments: dict[str, Any] = {}
        for field in cls.FIELDS:
            value = values.get(field.name)
            if value is not None:
                arguments[field.attribute] = field.read(value)
            elif field.name in values and not field.nullable:
                # Refused, in the words for a value of another type.
                field.check_read(None)
            elif field.required:
                raise InvalidValueError(f"{field.name} is required")
        return arguments

    def to_dict(self) -> dict[str, Any]:
        """What JSON holds of it: times as text, absent fields left out."""
        values: dict[str, Any] = {}
        for field in self.FIELDS:
            value = getattr(self, field.attribute)
            if value is not None:
                values[field.name] = field.write(value)
        return values

    def to_json(self) -> str:
        """It as JSON, as it goes over the wire."""
        return _json.write(self.to_dict())

    def replace(self: Self, **changes: Any) -> Self:
        """A copy with other values for some fields, checked again."""
        return type(self)(**{**{f.attribute: getattr(self, f.attribute) for f in self.FIELDS}, **changes})


class Document(Object):
    """A document that is stored in Redis."""

    __slots__ = ()


class Event(Object):
    """A message on a channel."""

    __slots__ = ()


def carried(names: Mapping[str, str], document: Document) -> dict[str, Any]:
    """Arguments of the event that carries a document."""
    return {event: getattr(document, field) for event, field in names.items()}


def document(names: Mapping[str, str], event: Event, model: type[D]) -> D | None:
    """The document that an event carries, if the event says all that is always there."""
    arguments = {field: getattr(event, name) for name, field in names.items()}
    for field in model.FIELDS:
        if not field.nullable and arguments.get(field.attribute) is None:
            return None
    return model(**arguments)
