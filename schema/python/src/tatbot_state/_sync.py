"""Runs programs, and keeps subscriptions, with blocking connections."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any, TypeVar

from redis.connection import Connection, SSLConnection
from redis.exceptions import RedisError

from . import _feed
from ._connections import arguments, sentinel_arguments
from ._feed import Observer
from ._program import Program, Request, pause_before
from ._replies import answered, broken, is_answer, not_connected, text
from .errors import Reason, StateError
from .options import StateOptions

T = TypeVar("T")


class Link:
    """Connections to one Redis. Thread-safe."""

    def __init__(self, options: StateOptions) -> None:
        self.options = options
        self._kind: type[Any] = SSLConnection if options.tls else Connection
        self._idle: deque[Any] = deque()
        self._free = threading.BoundedSemaphore(options.max_connections)
        self._closed = threading.Event()

    def perform(self, program: Program[T], patient: bool = True) -> T:
        """Runs a program; never longer for each of its requests than the timeouts say, but for reads that are tried again.

        patient: whether reads are.
        """
        try:
            request = next(program)
            while True:
                try:
                    replies = self._send(request, patient)
                except StateError as e:
                    request = program.throw(e)
                else:
                    request = program.send(replies)
        except StopIteration as done:
            result: T = done.value
            return result

    def _send(self, request: Request, patient: bool) -> list[Any]:
        attempts = self.options.retry_attempts if patient and not request.write else 1
        for attempt in range(1, attempts + 1):
            try:
                return self._send_once(request)
            except StateError as e:
                if attempt == attempts or e.reason not in (Reason.UNAVAILABLE, Reason.TIMEOUT, Reason.BUSY):
                    raise
                self._closed.wait(pause_before(attempt, self.options.retry_delay, self.options.max_retry_delay))
        raise AssertionError("unreachable")

    def _send_once(self, request: Request) -> list[Any]:
        if self._closed.is_set():
            raise StateError(Reason.CLOSED, f"{request.what}: this manager is closed; open a new one")
        if not self._free.acquire(timeout=self.options.timeout):
            raise StateError(
                Reason.TIMEOUT,
                f"{request.what}: all connections to {self.options.address} are in use. Raise REDIS_MAX_CONNECTIONS, or "
                "use fewer threads.",
            )
        try:
            connection = self._usable() or self.open(request.what, self.options.timeout)
            try:
                replies = _exchange(connection, request)
            except BaseException as e:
                # What comes late must not be taken for the answer to something else.
                close(connection)
                if isinstance(e, Exception):
                    raise broken(request.what, self.options.address, e, request.write) from e
                raise
            if self._closed.is_set():
                close(connection)
            else:
                self._idle.append(connection)
            return replies
        finally:
            self._free.release()

    def _usable(self) -> Any:
        """An idle connection that has not been closed, and has nothing left over."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            try:
                if not connection.can_read(0):
                    return connection
            except Exception:
                # Redis has closed it, by a restart perhaps; nothing was sent yet.
                pass
            close(connection)

    def drop_idle(self) -> None:
        """Its siblings are most likely dead, too, and would each cost a call its whole timeout."""
        while self._idle:
            close(self._idle.pop())

    def open(self, what: str, timeout: float) -> Any:
        """A new connection, logged in."""
        try:
            host, port = self._primary() if self.options.sentinels else (self.options.host, self.options.port)
            connection = self._kind(**arguments(self._kind, self.options, host, port, timeout))
            connection.connect()
            return connection
        except (RedisError, OSError, StateError) as e:
            raise not_connected(what, self.options.address, e) from e

    def _primary(self) -> tuple[str, int]:
        failure: BaseException | None = None
        for host, port in self.options.sentinels:
            try:
                connection = self._kind(**sentinel_arguments(self._kind, self.options, host, port))
                try:
                    connection.connect()
                    connection.send_command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", self.options.primary_name)
                    reply = connection.read_response()
                finally:
                    close(connection)
                if reply is not None:
                    return text(reply[0]), int(reply[1])
                failure = StateError(
                    Reason.MISCONFIGURED, f"the sentinels do not know a primary named {self.options.primary_name}"
                )
            except (RedisError, OSError) as e:
                failure = failure or e
        raise failure or StateError(Reason.MISCONFIGURED, "no sentinels are named")

    def close(self) -> None:
        """Ends it without waiting."""
        self._closed.set()
        self.drop_idle()


def _exchange(connection: Any, request: Request) -> list[Any]:
    connection.send_packed_command(connection.pack_commands(request.commands))
    return [_reply(connection) for _ in request.commands]


def _reply(connection: Any) -> Any:
    try:
        return connection.read_response()
    except RedisError as e:
        if is_answer(e):
            return e
        raise


def close(connection: Any) -> None:
    try:
        connection.disconnect()
    except Exception:
        # It is being thrown away.
        pass


class Feed:
    """Keeps one connection subscribed, and restores it until it is closed. A thread, which also does the observer's work."""

    def __init__(self, link: Link, observer: Observer) -> None:
        self._link = link
        self._observer = observer
        self._closed = threading.Event()
        self._optional = True
        self._live = False
        self._thread = threading.Thread(target=self._run, name=f"tatbot-{observer.what}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Ends it, and waits for it a little."""
        self._closed.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(1.0)

    def _run(self) -> None:
        attempt = 0
        options = self._link.options
        while not self._closed.is_set():
            self._live = False
            connection: Any = None
            what = f"subscribing to {self._observer.what}"
            try:
                self._link.perform(self._observer.connecting(), patient=False)
                connection = self._link.open(what, min(2 * options.connect_timeout, _feed.SILENCE))
                self._listen(connection, what)
                failure = StateError(Reason.UNAVAILABLE, f"{what}: the connection was closed")
            except StateError as e:
                failure = e
            except Exception as e:
                # Even an error must not end the thread: nobody would learn that nothing arrives any more.
                failure = broken(what, options.address, e, False)
            finally:
                if connection is not None:
                    close(connection)
            if self._closed.is_set():
                return
            if self._live:
                attempt = 0
                self._optional = True
            elif failure.code == "NOPERM" and self._optional and self._observer.optional:
                self._optional = False
                continue
            attempt += 1
            first, cap = _feed.FOR_PEOPLE if failure.needs_people else (options.retry_delay, options.max_retry_delay)
            pause = pause_before(attempt, first, cap)
            self._observer.disconnected(failure, attempt, pause)
            self._link.drop_idle()
            self._closed.wait(pause)

    def _listen(self, connection: Any, what: str) -> None:
        commands, awaited = _feed.subscriptions(self._observer, self._optional)
        for command in commands:
            connection.send_command(*command)
        next_pulse = unanswered = 0.0
        while not self._closed.is_set():
            now = time.monotonic()
            if self._live and now >= next_pulse:
                connection.send_command("UNSUBSCRIBE", f"{_feed.PULSE}{now!r}")
                next_pulse = now + _feed.PULSE_EVERY
                unanswered = unanswered or now
            timeout = max(0.0, next_pulse - now) if self._live else self._link.options.connect_timeout * 2
            readable = heard = connection.can_read(timeout)
            # Not for ever: a flood must not hold up the pulse.
            until = time.monotonic() + _feed.PULSE_EVERY
            while readable and not self._closed.is_set() and (time.monotonic() < until or not self._live):
                unanswered = 0.0
                reply = _reply(connection)
                if isinstance(reply, RedisError):
                    raise answered(what, self._link.options.address, reply)
                if _feed.take(self._observer, reply) and awaited > 0:
                    awaited -= 1
                    if awaited == 0:
                        self._live = True
                        self._observer.subscribed()
                        break
                readable = connection.can_read(0)
            # What confirms the subscriptions may come in several pieces.
            if not self._live and not heard:
                raise StateError(Reason.TIMEOUT, f"{what}: {self._link.options.address} did not answer in time")
            if unanswered and time.monotonic() - unanswered > _feed.SILENCE:
                raise StateError(
                    Reason.TIMEOUT, f"{what}: {self._link.options.address} has not answered for {_feed.SILENCE:g} s."
                )
            self._observer.tick()
            # A Redis that owes an answer to a pulse would block this thread by another, while it is to notice that.
            owing = unanswered > 0 and time.monotonic() - unanswered > 3 * _feed.PULSE_EVERY
            work = None if owing else self._observer.work()
            if work is not None:
                self._link.perform(work, patient=False)
