"""The Lua scripts that make a write one atomic step: those of the Java client, packaged beside this module."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources import files
from typing import Union

Word = Union[bytes, str, int]
Command = tuple[Word, ...]


class Script:
    """A script made of some files, one behind the other: what several scripts share comes first."""

    def __init__(self, *names: str) -> None:
        folder = files(__package__) / "lua"
        self._text = b"".join((folder / f"{name}.lua").read_bytes() for name in names)
        self._sha1 = hashlib.sha1(self._text).hexdigest()

    def command(self, known: bool, keys: Sequence[Word], arguments: Sequence[Word]) -> Command:
        """The command that runs it: by its hash if this Redis is known to have it, else by its text."""
        start: list[Word] = ["EVALSHA", self._sha1] if known else ["EVAL", self._text]
        return tuple([*start, len(keys), *keys, *arguments])


UPDATE = Script("refuse", "update")
WRITE = Script("refuse", "log", "write")
APPEND = Script("refuse", "log", "append")
HEARTBEAT = Script("refuse", "log", "turns", "heartbeat")
LIVENESS = Script("refuse", "log", "turns", "liveness")
LEASE = Script("refuse", "log", "turns", "lease")
