"""What is done with Redis, apart from how it is reached: a program yields what is to be sent, and is handed what came.

So each operation is written once, and run by the synchronous and by the asynchronous client.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from redis.exceptions import RedisError

from ._replies import answered, code_of
from ._scripts import Command, Script, Word

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """Commands of one round trip."""

    what: str
    """What it does and to what, to begin a message with."""
    commands: tuple[Command, ...]
    write: bool
    """Whether it changes anything; what only reads is tried again."""


# Yields requests; is sent the answers, of which a refusal is one; or thrown what went wrong.
Program = Generator[Request, list[Any], T]


def ask(what: str, address: str, *commands: Command, write: bool = False) -> Program[list[Any]]:
    """Sends commands in one round trip; the first refusal is raised."""
    replies = yield Request(what, commands, write)
    for reply in replies:
        if isinstance(reply, RedisError):
            raise answered(what, address, reply)
    return replies


def run(what: str, address: str, script: Script, keys: Sequence[Word], arguments: Sequence[Word]) -> Program[str]:
    """Runs a script: one round trip, but for the first time after Redis has started."""
    reply = (yield from run_all(what, ((script, keys, arguments),)))[0]
    if isinstance(reply, RedisError):
        raise answered(what, address, reply)
    return bytes(reply).decode()


Call = tuple[Script, Sequence[Word], Sequence[Word]]


def run_all(what: str, calls: Sequence[Call]) -> Program[list[Any]]:
    """Runs scripts in one round trip, each on its own; what Redis refuses is an answer."""
    commands = tuple(script.command(True, keys, arguments) for script, keys, arguments in calls)
    replies = yield Request(what, commands, True)
    unknown = [i for i, reply in enumerate(replies) if is_code(reply, "NOSCRIPT")]
    if unknown:
        # A Redis that has just started does not know the script; nothing was done.
        again = tuple(calls[i][0].command(False, calls[i][1], calls[i][2]) for i in unknown)
        for i, reply in zip(unknown, (yield Request(what, again, True))):
            replies[i] = reply
    return replies


def is_code(reply: object, code: str) -> bool:
    """Whether Redis refused with this."""
    return isinstance(reply, RedisError) and code_of(reply)[0] == code


def pause_before(attempt: int, first: float, cap: float) -> float:
    """Exponential backoff with full jitter, in seconds; attempts count from 1."""
    return random.uniform(0, min(cap, first * 2 ** min(attempt - 1, 30)))
