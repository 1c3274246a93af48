"""What Redis answers, and what goes wrong on the way: as errors of ours."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

from redis.exceptions import AuthenticationError, ConnectionError, RedisError, ResponseError, TimeoutError

from .errors import Reason, StateError

# redis-py makes classes of some codes, and leaves them out of the message.
_CODES = {
    "NoScriptError": "NOSCRIPT",
    "NoPermissionError": "NOPERM",
    "ReadOnlyError": "READONLY",
    "BusyLoadingError": "LOADING",
    "OutOfMemoryError": "OOM",
    "AskError": "ASK",
    "MovedError": "MOVED",
    "TryAgainError": "TRYAGAIN",
    "ClusterDownError": "CLUSTERDOWN",
    "ClusterCrossSlotError": "CROSSSLOT",
    "MasterDownError": "MASTERDOWN",
    "ExecAbortError": "EXECABORT",
    "AuthenticationWrongNumberOfArgsError": "NOAUTH",
}


def is_answer(error: RedisError) -> bool:
    """Whether Redis has answered with this; redis-py takes some answers for errors of the connection."""
    return isinstance(error, (ResponseError, AuthenticationError)) or type(error).__name__ in _CODES


def code_of(error: RedisError) -> tuple[str, str]:
    """First word of Redis' answer, and the rest of it."""
    text = str(error)
    known = _CODES.get(type(error).__name__)
    if known is not None:
        return known, text
    if isinstance(error, AuthenticationError) and "without any password configured" not in text:
        wrong = "invalid" in text or "WRONGPASS" in text
        return ("WRONGPASS" if wrong else "NOAUTH"), text.removeprefix("WRONGPASS ")
    first, _, rest = text.partition(" ")
    return (first, rest) if first.isupper() else ("ERR", text)


def answered(what: str, address: str, error: RedisError) -> StateError:
    """Redis answered with an error: nothing was stored."""
    code, rest = code_of(error)
    return _answered(what, address, code, rest)


def _answered(what: str, address: str, code: str, rest: str) -> StateError:
    if code == "PARTIAL":
        first, _, more = rest.partition(" ")
        refusal = _answered(what, address, first, more)
        return StateError(
            refusal.reason,
            f"{refusal} Undoing what had been done before that was refused, too (it needs HDEL, SREM and XDEL): the "
            "revision may have risen, but no event was sent.",
            code,
        )
    reason, words = _words(address, code, rest)
    return StateError(reason, f"{what}: {words}", code)


def _words(address: str, code: str, rest: str) -> tuple[Reason, str]:
    if code == "CONFLICT":
        return Reason.CONFLICT, f"changed by someone else meanwhile (revision {rest}). Read it again and decide."
    if code == "FENCED":
        return Reason.CONFLICT, (
            f"this writer no longer owns the session (fence {rest}); it has ended or was taken over. Start a new one."
        )
    if code == "DENIED":
        return Reason.DENIED, (
            f"{address} is in protected mode and takes connections from its own machine only. Set a password and bind "
            "it to the network."
        )
    if code == "NOAUTH":
        return Reason.DENIED, f"{address} asks for a password, and none was given. Set REDIS_PASSWORD."
    if code == "WRONGPASS":
        return Reason.DENIED, f"{address} refused the user or password. Check REDIS_USERNAME and REDIS_PASSWORD."
    if code == "NOPERM":
        return Reason.DENIED, (
            f"this Redis user lacks a right: {rest}. Nothing was stored. Grant it, or use the user meant for this node."
        )
    if code == "WRONGTYPE":
        return Reason.INVALID, (
            "the key, or one that belongs to it, holds another Redis type. Nothing was stored. Look at it with TYPE and "
            "remove it if it is no longer needed."
        )
    if code == "OOM":
        return Reason.OUT_OF_MEMORY, (
            f"Redis at {address} has reached maxmemory. Nothing was stored. Free memory or raise the limit."
        )
    if code == "READONLY":
        return Reason.READ_ONLY, f"{address} is a replica. Nothing was stored. Connect to the primary."
    if code in ("MISCONF", "NOREPLICAS"):
        return Reason.READ_ONLY, f"{address} takes no writes now: {code} {rest}"
    if code in ("LOADING", "BUSY", "MASTERDOWN", "TRYAGAIN"):
        return Reason.BUSY, f"{address} is not ready: {code} {rest}. Try again soon."
    if code in ("MOVED", "ASK", "CLUSTERDOWN", "CROSSSLOT"):
        return Reason.MISCONFIGURED, (
            f"{address} is part of a Redis Cluster, which is not supported. Use a single Redis, or one with replicas."
        )
    if "max number of clients reached" in rest:
        return Reason.UNAVAILABLE, f"{address} takes no more connections. Raise its maxclients, or close some."
    if "AUTH" in rest and "without any password configured" in rest:
        return Reason.DENIED, (
            f"{address} has no password, but one was given. Remove REDIS_PASSWORD, or protect that Redis."
        )
    return Reason.INTERNAL, f"Redis at {address} answered: {code} {rest}"


def not_connected(what: str, address: str, error: BaseException) -> StateError:
    """No connection could be made; nothing was sent."""
    if isinstance(error, StateError):
        return StateError(error.reason, f"{what}: {error}", error.code)
    if isinstance(error, RedisError) and is_answer(error):
        return answered(what, address, error)
    tls = _cause(error, ssl.SSLError)
    if tls is not None or "SSL" in str(error) or "certificate" in str(error):
        return StateError(
            Reason.DENIED,
            f"{what}: no trusted TLS connection to {address}. Check the certificates: the server's against "
            "REDIS_TLS_CA_FILE, ours in REDIS_TLS_CERT_FILE.",
        )
    if _timed_out(error):
        return StateError(
            Reason.TIMEOUT,
            f"{what}: {address} did not answer in time; nothing was sent. Is it frozen, or the network slow?",
        )
    if "max number of clients" in str(error):
        return _answered(what, address, "ERR", str(error))
    return StateError(
        Reason.UNAVAILABLE,
        f"{what}: cannot connect to Redis at {address}. Is it running, and are REDIS_URL or REDIS_HOST and REDIS_PORT "
        "right?",
    )


def _timed_out(error: BaseException) -> bool:
    return isinstance(error, (TimeoutError, asyncio.TimeoutError)) or "imed out" in str(error)


def _cause(error: BaseException | None, type_: type[BaseException]) -> BaseException | None:
    while error is not None:
        if isinstance(error, type_):
            return error
        error = error.__cause__ or error.__context__
    return None


def broken(what: str, address: str, error: BaseException, write: bool) -> StateError:
    """The connection broke after something may have been sent."""
    stored = " It is not known whether this was stored." if write else ""
    if _timed_out(error):
        return StateError(Reason.TIMEOUT, f"{what}: {address} did not answer in time.{stored}")
    if isinstance(error, (ConnectionError, OSError)):
        return StateError(Reason.UNAVAILABLE, f"{what}: the connection to {address} broke.{stored}")
    return StateError(
        Reason.UNAVAILABLE,
        f"{what}: what came from {address} is no answer of Redis; the connection was dropped.{stored}",
    )


def text(value: Any) -> str:
    """An answer as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
