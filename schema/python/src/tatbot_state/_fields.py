"""What a field lets in: the generated classes name these, each with the bounds of its schema. Errors begin with the field."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from . import wire_time
from .errors import InvalidValueError
from .wire_time import shown

_EXACT = 2**53 - 1
_DEEPEST = 32
_WIDEST_INTEGER_BITS = 1024


def found(value: object) -> str:
    """A value of unknown origin, for messages."""
    if isinstance(value, str):
        return shown(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        text = repr(value) if isinstance(value, float) or abs(value) < 10**40 else "a number of many digits"
        return text if len(text) <= 40 else text[:40] + "..."
    if isinstance(value, Mapping):
        return "an object"
    return "an array" if isinstance(value, (list, tuple)) else type(value).__name__


def well_formed(name: str, text: str) -> str:
    """Half of a surrogate pair is no character: UTF-8 cannot carry it."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as e:
            raise InvalidValueError(
                f"{name} must be well-formed text, has half a surrogate pair at {e.start}"
            ) from None
    return text


class Field:
    """One field. Immutable.

    JSON may have null for one that is nullable. One that an event may leave unsaid may be absent there, and the class holds
    None for it; null is none of its values.
    """

    __slots__ = ("name", "attribute", "required", "nullable", "unsaid")

    def __init__(
        self,
        name: str,
        *,
        attribute: str = "",
        required: bool = False,
        nullable: bool = False,
        unsaid: bool = False,
    ) -> None:
        self.name = name
        self.attribute = attribute or name
        self.required = required
        self.nullable = nullable
        self.unsaid = unsaid

    def check(self, value: Any) -> object:
        """The value as the class keeps it, or an error."""
        if value is None:
            if self.nullable or self.unsaid:
                return None
            raise InvalidValueError(f"{self.name} is required")
        return self._check(value)

    def read(self, value: Any) -> object:
        """A value of JSON as the class takes it; never null."""
        return value

    def check_read(self, value: Any) -> object:
        """A value of JSON as the class keeps it, or an error; null is an error, too."""
        return self._check(self.read(value))

    def write(self, value: Any) -> object:
        """The value as JSON has it; never None."""
        return value

    def _check(self, value: Any) -> object:
        raise NotImplementedError

    def _wrong_type(self, value: object, expected: str) -> InvalidValueError:
        return InvalidValueError(f"{self.name} must be {expected}, was {found(value)}")


class Constant(Field):
    """Always the same text."""

    __slots__ = ("value",)

    def __init__(self, name: str, value: str, **flags: Any) -> None:
        super().__init__(name, **flags)
        self.value = value

    def _check(self, value: Any) -> object:
        if not isinstance(value, str):
            raise self._wrong_type(value, "a string")
        if value != self.value:
            raise InvalidValueError(f"{self.name} must be {shown(self.value)}, was {shown(value)}")
        return self.value


class Flag(Field):
    """True or false."""

    __slots__ = ()

    def _check(self, value: Any) -> object:
        if isinstance(value, bool):
            return value
        # What numerical libraries use instead is no bool, but knows itself to be one.
        if type(value).__name__ in ("bool_", "bool") and type(value).__module__.startswith("numpy"):
            return bool(value)
        raise self._wrong_type(value, "true or false")


class Integer(Field):
    """A whole number; 5.0 is one, as in JSON Schema."""

    __slots__ = ("minimum", "maximum")

    def __init__(self, name: str, *, minimum: int, maximum: int, **flags: Any) -> None:
        super().__init__(name, **flags)
        self.minimum = minimum
        self.maximum = maximum

    def _check(self, value: Any) -> object:
        if isinstance(value, bool):
            raise self._wrong_type(value, "an integer")
        if isinstance(value, numbers.Integral):
            number = int(value)
        elif isinstance(value, numbers.Real):
            real = float(value)
            if not (abs(real) <= _EXACT and real.is_integer()):
                raise self._wrong_type(value, "an integer")
            number = int(real)
        else:
            raise self._wrong_type(value, "an integer")
        if not self.minimum <= number <= self.maximum:
            raise InvalidValueError(f"{self.name} must be from {self.minimum} to {self.maximum}, was {found(number)}")
        return number


def _real(field: Field, value: Any) -> float:
    if type(value) is float:
        number = value
    elif isinstance(value, numbers.Real) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
    else:
        raise field._wrong_type(value, "a number")
    if not math.isfinite(number):
        raise InvalidValueError(f"{field.name} must be a finite number, was {number}")
    return number


class Number(Field):
    """A finite number."""

    __slots__ = ("minimum", "maximum")

    def __init__(self, name: str, *, minimum: float = -math.inf, maximum: float = math.inf, **flags: Any) -> None:
        super().__init__(name, **flags)
        self.minimum = minimum
        self.maximum = maximum

    def _check(self, value: Any) -> object:
        number = _real(self, value)
        if not self.minimum <= number <= self.maximum:
            allowed = (
                f"at least {self.minimum:g}"
                if self.maximum == math.inf
                else f"at most {self.maximum:g}"
                if self.minimum == -math.inf
                else f"from {self.minimum:g} to {self.maximum:g}"
            )
            raise InvalidValueError(f"{self.name} must be {allowed}, was {number}")
        return number


class Text(Field):
    """Text, bounded in code points, or by a pattern that it must match from end to end."""

    __slots__ = ("least", "most", "pattern")

    def __init__(self, name: str, *, least: int = 0, most: int | None = None, pattern: str = "", **flags: Any) -> None:
        super().__init__(name, **flags)
        self.least = least
        self.most = most
        # As Java matches: ASCII classes, and a line break at the end is no end.
        self.pattern = re.compile(pattern, re.ASCII) if pattern else None

    def _check(self, value: Any) -> object:
        if not isinstance(value, str):
            raise self._wrong_type(value, "a string")
        text = well_formed(self.name, value if type(value) is str else str.__str__(value))
        if len(text) < self.least:
            raise InvalidValueError(f"{self.name} must have at least {self.least} characters, has {len(text)}")
        if self.most is not None and len(text) > self.most:
            raise InvalidValueError(f"{self.name} must have at most {self.most} characters, has {len(text)}")
        if self.pattern is not None and self.pattern.fullmatch(text) is None:
            raise InvalidValueError(f"{self.name} must match {self.pattern.pattern}, was {shown(text)}")
        return text


class Choice(Field):
    """One of some texts."""

    __slots__ = ("choices",)

    def __init__(self, name: str, choices: tuple[str, ...], **flags: Any) -> None:
        super().__init__(name, **flags)
        self.choices = choices

    def _check(self, value: Any) -> object:
        if not isinstance(value, str):
            raise self._wrong_type(value, "a string")
        if value not in self.choices:
            raise InvalidValueError(f"{self.name} must be one of {', '.join(self.choices)}, was {shown(value)}")
        return str.__str__(value)


class Time(Field):
    """A moment. Given without a time zone it is UTC, as on the wire."""

    __slots__ = ()

    def _check(self, value: Any) -> object:
        if not isinstance(value, datetime):
            raise self._wrong_type(value, "a datetime")
        try:
            return wire_time.utc(value)
        except InvalidValueError as e:
            raise InvalidValueError(f"{self.name}: {e}") from None

    def read(self, value: Any) -> object:
        if not isinstance(value, str):
            raise self._wrong_type(value, "a string")
        try:
            return wire_time.parse(value)
        except InvalidValueError as e:
            raise InvalidValueError(f"{self.name}: {e}") from None

    def write(self, value: Any) -> object:
        return wire_time.format(value)


class _Items(Field):
    __slots__ = ("least", "most")

    def __init__(self, name: str, *, least: int = 0, most: int | None = None, **flags: Any) -> None:
        super().__init__(name, **flags)
        self.least = least
        self.most = most

    def _check(self, value: Any) -> object:
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, (Sequence, *_array_types(value))):
            raise self._wrong_type(value, "an array")
        if len(value) < self.least:
            raise InvalidValueError(f"{self.name} must have at least {self.least} items, has {len(value)}")
        if self.most is not None and len(value) > self.most:
            raise InvalidValueError(f"{self.name} must have at most {self.most} items, has {len(value)}")
        return tuple(self._item(item) for item in value)

    def _item(self, item: Any) -> object:
        raise NotImplementedError

    def write(self, value: Any) -> object:
        return list(value)


def _array_types(value: object) -> tuple[type, ...]:
    """An array of a numerical library is no Sequence."""
    of_numbers = type(value).__module__.startswith("numpy") and hasattr(value, "__len__") and hasattr(value, "__iter__")
    return (type(value),) if of_numbers else ()


class Numbers(_Items):
    """A bounded list of finite numbers."""

    __slots__ = ()

    def _item(self, item: Any) -> object:
        return _real(self, item)


class Texts(_Items):
    """A bounded list of texts."""

    __slots__ = ()

    def _item(self, item: Any) -> object:
        if not isinstance(item, str):
            raise self._wrong_type(item, "a string")
        return well_formed(self.name, str.__str__(item))


class OpenObject(Field):
    """An object of any shape that JSON can carry; copied, so that the caller's cannot change it."""

    __slots__ = ()

    def _check(self, value: Any) -> object:
        if not isinstance(value, Mapping):
            raise self._wrong_type(value, "an object")
        return self._object(value, 1)

    def _object(self, values: Mapping[Any, Any], depth: int) -> dict[str, object]:
        copy: dict[str, object] = {}
        for name, value in values.items():
            if not isinstance(name, str):
                raise InvalidValueError(f"{self.name} must have strings as names, has a {type(name).__name__}")
            copy[well_formed(self.name, str.__str__(name))] = self._any(value, depth)
        return copy

    def _any(self, value: Any, depth: int) -> object:
        if depth > _DEEPEST:
            raise InvalidValueError(f"{self.name} must not be nested deeper than {_DEEPEST}")
        if isinstance(value, Mapping):
            return self._object(value, depth + 1)
        if isinstance(value, (list, tuple)):
            return [self._any(item, depth + 1) for item in value]
        if isinstance(value, str):
            return well_formed(self.name, str.__str__(value))
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, numbers.Integral):
            number = int(value)
            # As wide as what a BigInteger of so many bits holds, in two's complement.
            if (number if number >= 0 else ~number).bit_length() > _WIDEST_INTEGER_BITS:
                raise InvalidValueError(f"{self.name} must hold integers of at most {_WIDEST_INTEGER_BITS} bits")
            return number
        if isinstance(value, numbers.Real):
            return _real(self, value)
        raise InvalidValueError(
            f"{self.name} must hold JSON values only (dicts, lists, strings, numbers, booleans, None), has a "
            f"{type(value).__name__}"
        )
