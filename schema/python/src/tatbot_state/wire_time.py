"""Times as they are on the wire: ISO-8601, UTC, microseconds. Written with Z; read with or without an offset, which then is UTC."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from .errors import InvalidValueError

_FORM = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:[.]([0-9]{1,9}))?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?"
)
_WIDEST_OFFSET = timedelta(hours=18)


def now() -> datetime:
    """The current time."""
    return datetime.now(timezone.utc)


def format(time: datetime) -> str:
    """Writes a time with six decimals and Z. One without a time zone is UTC."""
    return utc(time).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def utc(time: datetime) -> datetime:
    """The same moment in UTC."""
    if time.tzinfo is None:
        return time.replace(tzinfo=timezone.utc)
    try:
        return time.astimezone(timezone.utc)
    except OverflowError:
        raise InvalidValueError(f"expected a time in the years 1 to 9999, found {time}") from None


def parse(text: str) -> datetime:
    """Reads a time, cut to microseconds; refuses what is no time of this form."""
    parts = _FORM.fullmatch(text)
    if parts is not None:
        year, month, day, hour, minute, second, decimals, _, sign, offset_hours, offset_minutes = parts.groups()
        micros = int((decimals or "0")[:6].ljust(6, "0"))
        try:
            time = datetime(
                int(year), int(month), int(day), int(hour), int(minute), int(second), micros, tzinfo=timezone.utc
            )
            if sign is None:
                return time
            offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes))
            if int(offset_minutes) < 60 and offset <= _WIDEST_OFFSET:
                return time - offset if sign == "+" else time + offset
        except (ValueError, OverflowError):
            pass
    raise InvalidValueError(f"expected a time such as 2025-08-18T20:09:37.123456Z, found {shown(text)}")


def shown(text: str) -> str:
    """A text of unknown origin, as it may stand in a message: quoted, short, of one line."""
    short = text if len(text) <= 80 else text[:80] + "..."
    return ascii(short) if not short.isprintable() else f'"{short}"'
