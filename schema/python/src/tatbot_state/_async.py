"""Runs programs, and keeps subscriptions, in an event loop."""

from __future__ import annotations

import asyncio
import select
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, TypeVar

from redis.asyncio.connection import Connection, SSLConnection
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
    """Connections to one Redis, of one event loop."""

    def __init__(self, options: StateOptions) -> None:
        self.options = options
        self._kind: type[Any] = SSLConnection if options.tls else Connection
        self._idle: deque[Any] = deque()
        self._free = asyncio.Semaphore(options.max_connections)
        self._closed = False

    async def perform(self, program: Program[T], patient: bool = True) -> T:
        """Runs a program; never longer for each of its requests than the timeouts say, but for reads that are tried again.

        patient: whether reads are.
        """
        try:
            request = next(program)
            while True:
                try:
                    replies = await self._send(request, patient)
                except StateError as e:
                    request = program.throw(e)
                else:
                    request = program.send(replies)
        except StopIteration as done:
            result: T = done.value
            return result

    async def _send(self, request: Request, patient: bool) -> list[Any]:
        attempts = self.options.retry_attempts if patient and not request.write else 1
        for attempt in range(1, attempts + 1):
            try:
                return await self._send_once(request)
            except StateError as e:
                if attempt == attempts or e.reason not in (Reason.UNAVAILABLE, Reason.TIMEOUT, Reason.BUSY):
                    raise
                await asyncio.sleep(pause_before(attempt, self.options.retry_delay, self.options.max_retry_delay))
        raise AssertionError("unreachable")

    async def _send_once(self, request: Request) -> list[Any]:
        if self._closed:
            raise StateError(Reason.CLOSED, f"{request.what}: this manager is closed; open a new one")
        await self._acquire(request.what)
        try:
            connection = await self._usable() or await self.open(request.what, self.options.timeout)
            try:
                replies = await _exchange(connection, request)
            except BaseException as e:
                # A cancelled call, too: what comes late must not be taken for the answer to something else.
                await close(connection)
                if isinstance(e, Exception):
                    raise broken(request.what, self.options.address, e, request.write) from e
                raise
            if self._closed:
                await close(connection)
            else:
                self._idle.append(connection)
            return replies
        finally:
            self._free.release()

    async def _acquire(self, what: str) -> None:
        if not self._free.locked():
            await self._free.acquire()
            return
        # Not wait_for, which may swallow a cancellation on Python 3.11.
        acquiring = asyncio.ensure_future(self._free.acquire())
        try:
            await asyncio.wait({acquiring}, timeout=self.options.timeout)
        except BaseException:
            if not acquiring.cancel():
                self._free.release()
            raise
        if not acquiring.done():
            acquiring.cancel()
            raise StateError(
                Reason.TIMEOUT,
                f"{what}: all connections to {self.options.address} are in use. Raise REDIS_MAX_CONNECTIONS, or have "
                "fewer calls under way.",
            )

    async def _usable(self) -> Any:
        """An idle connection that has not been closed, and has nothing left over."""
        while self._idle:
            connection = self._idle.pop()
            if _is_quiet(connection):
                return connection
            await close(connection)
        return None

    async def drop_idle(self) -> None:
        """Its siblings are most likely dead, too, and would each cost a call its whole timeout."""
        while self._idle:
            await close(self._idle.pop())

    async def open(self, what: str, timeout: float) -> Any:
        """A new connection, logged in."""
        try:
            host, port = await self._primary() if self.options.sentinels else (self.options.host, self.options.port)
            connection = self._kind(**arguments(self._kind, self.options, host, port, timeout))
            try:
                await connection.connect()
            except BaseException:
                await close(connection)
                raise
            return connection
        except (RedisError, OSError, StateError) as e:
            raise not_connected(what, self.options.address, e) from e

    async def _primary(self) -> tuple[str, int]:
        failure: BaseException | None = None
        for host, port in self.options.sentinels:
            try:
                connection = self._kind(**sentinel_arguments(self._kind, self.options, host, port))
                try:
                    await connection.connect()
                    await connection.send_command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", self.options.primary_name)
                    reply = await connection.read_response()
                finally:
                    await close(connection)
                if reply is not None:
                    return text(reply[0]), int(reply[1])
                failure = StateError(
                    Reason.MISCONFIGURED, f"the sentinels do not know a primary named {self.options.primary_name}"
                )
            except (RedisError, OSError) as e:
                failure = failure or e
        raise failure or StateError(Reason.MISCONFIGURED, "no sentinels are named")

    async def close(self) -> None:
        self._closed = True
        await self.drop_idle()


def _is_quiet(connection: Any) -> bool:
    """Whether nothing has come on it; the event loop may not have looked yet."""
    reader, writer = getattr(connection, "_reader", None), getattr(connection, "_writer", None)
    if reader is None or writer is None or reader.at_eof() or reader.exception() is not None:
        return False
    socket = writer.get_extra_info("socket")
    if socket is None or socket.fileno() < 0:
        return False
    poll = select.poll()
    poll.register(socket.fileno(), select.POLLIN | select.POLLHUP)
    return not poll.poll(0)


async def _exchange(connection: Any, request: Request) -> list[Any]:
    await connection.send_packed_command(connection.pack_commands(request.commands))
    return [await _reply(connection) for _ in request.commands]


async def _reply(connection: Any) -> Any:
    try:
        return await connection.read_response()
    except RedisError as e:
        if is_answer(e):
            return e
        raise


async def close(connection: Any) -> None:
    writer = getattr(connection, "_writer", None)
    if writer is not None:
        # What is still to be sent would wait for a peer that may be frozen.
        writer.transport.abort()
    try:
        await connection.disconnect()
    except Exception:
        # It is being thrown away.
        pass


class Feed:
    """Keeps one connection subscribed, and restores it until it is closed."""

    def __init__(self, link: Link, observer: Observer) -> None:
        self._link = link
        self._observer = observer
        self._optional = True
        self._live = False
        self._closed = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        self._closed = True
        task, self._task = self._task, None
        if task is not None:
            await _end([task])

    async def _run(self) -> None:
        attempt = 0
        options = self._link.options
        while not self._closed:
            self._live = False
            connection: Any = None
            what = f"subscribing to {self._observer.what}"
            try:
                await self._link.perform(self._observer.connecting(), patient=False)
                # While it listens, silence for so long means that it is dead.
                connection = await self._link.open(what, _feed.SILENCE)
                await self._listen(connection, what)
                failure = StateError(Reason.UNAVAILABLE, f"{what}: the connection was closed")
            except StateError as e:
                failure = e
            except Exception as e:
                # Even an error must not end the task: nobody would learn that nothing arrives any more.
                failure = broken(what, options.address, e, False)
            finally:
                if connection is not None:
                    await close(connection)
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
            await self._link.drop_idle()
            await asyncio.sleep(pause)

    async def _listen(self, connection: Any, what: str) -> None:
        commands, awaited = _feed.subscriptions(self._observer, self._optional)
        for command in commands:
            await connection.send_command(*command)
        ended = asyncio.Event()
        parts = self._read(connection, what, awaited, ended), self._beat(connection, ended), self._work(ended)
        tasks = [asyncio.ensure_future(part) for part in parts]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        finally:
            ended.set()
            await _end(tasks)

    async def _read(self, connection: Any, what: str, awaited: int, ended: asyncio.Event) -> None:
        while not ended.is_set():
            reply = await _reply(connection)
            if isinstance(reply, RedisError):
                raise answered(what, self._link.options.address, reply)
            if _feed.take(self._observer, reply) and awaited > 0:
                awaited -= 1
                if awaited == 0:
                    self._live = True
                    self._observer.subscribed()

    async def _beat(self, connection: Any, ended: asyncio.Event) -> None:
        while not ended.is_set():
            if self._live:
                await connection.send_command("UNSUBSCRIBE", f"{_feed.PULSE}{time.monotonic()!r}")
                self._observer.tick()
            await asyncio.sleep(_feed.PULSE_EVERY)

    async def _work(self, ended: asyncio.Event) -> None:
        while not ended.is_set():
            work = self._observer.work() if self._live else None
            if work is None:
                await asyncio.sleep(_WORK_EVERY)
            else:
                await self._link.perform(work, patient=False)


async def _end(tasks: Sequence[asyncio.Future[None]]) -> None:
    """Cancels tasks until they have ended: what they call may swallow a cancellation on Python 3.11."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        done, pending = await asyncio.wait(pending, timeout=0.1)
        for task in done:
            if not task.cancelled():
                # Looked at, so that nobody is told of it once more.
                task.exception()


# How long what an event leaves open may wait until it is read.
_WORK_EVERY = 0.005
