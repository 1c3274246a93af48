"""JSON as every reader of the fleet reads it: UTF-8, one object, no name twice, nothing that JSON does not know."""

from __future__ import annotations

import json
from typing import Any

from .errors import InvalidValueError
from .wire_time import shown

_DEEPEST = 500
_LONGEST_NUMBER = 1_000
_LONGEST_NAME = 50_000


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise InvalidValueError(f"not JSON: {shown(name)} stands twice in an object")
            seen.add(name)
    for name in values:
        if not name.isascii() and not _is_well_formed(name):
            raise InvalidValueError(f"not JSON: a name has half a surrogate pair, {shown(name)}")
        if len(name) > _LONGEST_NAME:
            raise InvalidValueError(f"not JSON: a name has more than {_LONGEST_NAME} characters")
    return values


def _is_well_formed(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _constant(text: str) -> Any:
    raise InvalidValueError(f"not JSON: {text} is no number of JSON")


def _require_short(text: str) -> None:
    if len(text) > _LONGEST_NUMBER and sum(c.isdigit() for c in text) > _LONGEST_NUMBER:
        raise InvalidValueError(f"not JSON: a number has more than {_LONGEST_NUMBER} digits")


def _integer(text: str) -> int:
    _require_short(text)
    return int(text)


def _real(text: str) -> float:
    _require_short(text)
    return float(text)


_PLAIN = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant)
_CAREFUL = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer, parse_float=_real
)


def _require_shallow(text: str) -> None:
    if text.count("[") + text.count("{") <= _DEEPEST:
        return
    depth = 0
    inside = escaped = False
    for c in text:
        if inside:
            if escaped:
                escaped = False
            elif c == "\\":
                escaped = True
            elif c == '"':
                inside = False
        elif c == '"':
            inside = True
        elif c in "[{":
            depth += 1
            if depth > _DEEPEST:
                raise InvalidValueError(f"not JSON: nested deeper than {_DEEPEST}")
        elif c in "]}":
            depth -= 1


def read_object(data: bytes | str) -> dict[str, Any]:
    """The object in this JSON. Refuses everything else."""
    if isinstance(data, str):
        text = data
    else:
        try:
            text = data.decode()
        except UnicodeDecodeError as e:
            raise InvalidValueError(f"not JSON: the bytes are not UTF-8, at byte {e.start}") from None
    if not text.strip(" \t\r\n"):
        raise InvalidValueError("expected a JSON object, found nothing")
    _require_shallow(text)
    try:
        value = (_PLAIN if len(text) <= _LONGEST_NUMBER else _CAREFUL).decode(text)
    except json.JSONDecodeError as e:
        raise InvalidValueError(f"not JSON at character {e.pos}: {e.msg}") from None
    if not isinstance(value, dict):
        raise InvalidValueError(f"expected a JSON object, found {type(value).__name__}")
    return value


def write(value: object) -> str:
    """A value as JSON, without blanks."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
