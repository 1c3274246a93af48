"""Runs programs, and keeps subscriptions, in an event loop."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any, TypeVar

from redis.asyncio.connection import Connection, SSLConnection
from redis.exceptions import RedisError, ResponseError

from . import _feed
from ._connections import arguments, sentinel_arguments
from ._feed import Observer
from ._program import Program, Request, pause_before
from ._replies import answered, broken, not_connected, text
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

    async def perform(self, program: Program[T]) -> T:
        """Runs a program; never longer for each of its requests than the timeouts say, but for reads that are tried again."""
        try:
            request = next(program)
            while True:
                try:
                    replies = await self._send(request)
                except StateError as e:
                    request = program.throw(e)
                else:
                    request = program.send(replies)
        except StopIteration as done:
            result: T = done.value
            return result

    async def _send(self, request: Request) -> list[Any]:
        attempts = 1 if request.write else self.options.retry_attempts
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
        try:
            await asyncio.wait_for(self._free.acquire(), self.options.timeout)
        except asyncio.TimeoutError:
            raise StateError(
                Reason.TIMEOUT,
                f"{request.what}: all connections to {self.options.address} are in use. Raise REDIS_MAX_CONNECTIONS, or "
                "have fewer calls under way.",
            ) from None
        try:
            connection = await self._usable() or await self.open(request.what, self.options.timeout)
            try:
                replies = await asyncio.wait_for(_exchange(connection, request), self.options.timeout)
            except BaseException as e:
                # A cancelled call, too: what comes late must not be taken for the answer to something else.
                await close(connection)
                if isinstance(e, asyncio.TimeoutError):
                    e = TimeoutError("timed out")
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

    async def _usable(self) -> Any:
        """An idle connection that Redis has not closed."""
        while self._idle:
            connection = self._idle.pop()
            reader = getattr(connection, "_reader", None)
            if reader is not None and not reader.at_eof() and reader.exception() is None:
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
                await asyncio.wait_for(connection.connect(), self.options.connect_timeout + timeout)
            except BaseException:
                await close(connection)
                raise
            return connection
        except asyncio.TimeoutError as e:
            raise not_connected(what, self.options.address, TimeoutError("timed out")) from e
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


async def _exchange(connection: Any, request: Request) -> list[Any]:
    await connection.send_packed_command(connection.pack_commands(request.commands))
    return [await _reply(connection) for _ in request.commands]


async def _reply(connection: Any) -> Any:
    try:
        return await connection.read_response()
    except ResponseError as e:
        return e
    except RedisError as e:
        # Some answers are errors of the connection to redis-py, such as LOADING; the others are none.
        if type(e).__name__ in ("BusyLoadingError", "ReadOnlyError"):
            return e
        raise


async def close(connection: Any) -> None:
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
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task], timeout=1.0)

    async def _run(self) -> None:
        attempt = 0
        options = self._link.options
        while True:
            self._live = False
            connection: Any = None
            what = f"subscribing to {self._observer.what}"
            try:
                await self._link.perform(self._observer.connecting())
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
        tasks = [
            asyncio.ensure_future(part)
            for part in (self._read(connection, what, awaited), self._beat(connection), self._work())
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self, connection: Any, what: str, awaited: int) -> None:
        while True:
            reply = await _reply(connection)
            if isinstance(reply, RedisError):
                raise answered(what, self._link.options.address, reply)
            if _feed.take(self._observer, reply) and awaited > 0:
                awaited -= 1
                if awaited == 0:
                    self._live = True
                    self._observer.subscribed()

    async def _beat(self, connection: Any) -> None:
        while True:
            if self._live:
                await connection.send_command("UNSUBSCRIBE", f"{_feed.PULSE}{time.monotonic()!r}")
                self._observer.tick()
            await asyncio.sleep(_feed.PULSE_EVERY)

    async def _work(self) -> None:
        while True:
            work = self._observer.work() if self._live else None
            if work is None:
                await asyncio.sleep(_WORK_EVERY)
            else:
                await self._link.perform(work)


# How long what an event leaves open may wait until it is read.
_WORK_EVERY = 0.005
