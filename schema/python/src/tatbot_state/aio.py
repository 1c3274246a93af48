"""The client for asyncio: the same calls as those of the synchronous one, to be awaited. For one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any, Callable, TypeVar

from redis.exceptions import RedisError

from . import _requests, keys
from ._async import Feed, Link
from ._core import Core, Problem, Versioned
from ._feed import Observer
from ._mailbox import Item, Mailbox
from ._names import Channel, Key, KeyKind
from ._objects import Document, Event
from ._program import Program, run_all
from ._replies import answered
from ._session import SessionCore, State
from ._stream import Message, StreamCore
from ._watch import Change, Lost, News, Status, Transition, WatchCore
from .client import report_to_log
from .errors import Reason, StateError
from .models import NodeHealth, RobotState, StrokeProgress
from .options import StateOptions

T = TypeVar("T")
D = TypeVar("D", bound=Document)


class StateManager:
    """Reads, writes and follows the state of the fleet::

        async with StateManager(node_id="hog") as state:
            session = await state.start_stroke_session(100, 50, "tatbotlogo")
            await state.update_stroke_progress(stroke_idx=5, pose_idx=25)

    As a context manager it connects, sends heartbeats in the background, and says in the end that the node leaves. Where Redis
    is comes from the environment, unless it is given here.
    """

    def __init__(
        self,
        redis_host: str | None = None,
        redis_port: int | None = None,
        redis_password: str | None = None,
        node_id: str | None = None,
        *,
        options: StateOptions | None = None,
        heartbeats: bool = True,
        on_problem: Callable[[Problem], None] = report_to_log,
    ) -> None:
        self.options = _requests.options(options, redis_host, redis_port, redis_password, node_id)
        self._link = Link(self.options)
        self._core = Core(self.options, _requests.guarded(on_problem))
        self._heartbeats = heartbeats
        self._health: NodeHealth | None = None
        self._session: StrokeSession | None = None
        self._sessions: dict[str, StrokeSession] = {}
        self._closed = False
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._open: list[Watch | Subscription] = []
        self._robots = asyncio.Lock()

    @property
    def node_id(self) -> str:
        return self.options.node_id

    async def _run(self, program: Program[T]) -> T:
        return await self._link.perform(program)

    # ---- connecting

    async def connect(self) -> None:
        """Makes sure that Redis is there, sends the first heartbeat, and goes on sending them."""
        if self._heartbeats:
            await self.update_node_health()
            self._start("heartbeats", self._beat)
        else:
            await self._run(_requests.greeting(self._core))

    async def disconnect(self) -> None:
        """Ends every session that still runs as interrupted, says that the node leaves, and closes everything."""
        if self._closed:
            return
        self._closed = True
        for task in self._tasks.values():
            task.cancel()
        for each in list(self._open):
            await each.close()
        for session in list(self._sessions.values()):
            await self._unless_failed(session.close())
        if self._heartbeats:
            await self._unless_failed(self._run(self._core.leave(self.node_id)))
        await self._link.close()

    close = disconnect

    async def __aenter__(self) -> StateManager:
        await self.connect()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.disconnect()

    def __repr__(self) -> str:
        return f"StateManager({self.node_id} at {self.options.address})"

    async def _unless_failed(self, call: Awaitable[object]) -> None:
        try:
            await call
        except StateError as e:
            self._core.report(Problem("closing", str(e)))

    def _start(self, name: str, target: Callable[[], Any]) -> None:
        if name not in self._tasks:
            self._tasks[name] = asyncio.get_running_loop().create_task(target())

    async def _beat(self) -> None:
        told = False
        while True:
            await asyncio.sleep(self.options.heartbeat_interval)
            try:
                await self.update_node_health(self._health)
                told = False
            except Exception as e:
                # Said once; the next one is due anyway.
                if not told:
                    self._core.report(Problem("heartbeats", str(e)))
                told = True

    # ---- robots

    async def update_robot_state(self, robot_state: RobotState) -> int:
        """Stores and publishes the state of a robot; returns the new revision."""
        async with self._robots:
            return await self._run(self._core.robot(robot_state))

    async def get_robot_state(self, node_id: str | None = None) -> RobotState | None:
        """The state of a robot, this node's unless another is named; None if there is none."""
        return await self._value(keys.robot_state(node_id or self.node_id))

    # ---- stroke sessions

    async def start_stroke_session(
        self, total_strokes: int, stroke_length: int, scene_name: str = "default", **more: Any
    ) -> str:
        """Starts a session and returns its id; it is the one that the calls below mean unless they name another."""
        return (await self.stroke_session(total_strokes, stroke_length, scene_name, **more)).id

    async def stroke_session(
        self, total_strokes: int, stroke_length: int, scene_name: str = "default", **more: Any
    ) -> StrokeSession:
        """The same, and returns the session, which ends as interrupted if it is left by an exception."""
        first = _requests.first(self.node_id, total_strokes, stroke_length, scene_name, more)
        return self._hold(await self._run(SessionCore.start(self._core, first)))

    async def take_over_stroke_session(self, session_id: str) -> StrokeSession:
        """Goes on with a running session; its writer is refused from then on."""
        key = keys.stroke_progress(session_id)
        return self._hold(await self._run(SessionCore.take_over(self._core, key, self.node_id)))

    def _hold(self, core: SessionCore) -> StrokeSession:
        session = StrokeSession(self, core)
        self._sessions[session.id] = session
        self._session = session
        self._start("leases", self._renew)
        return session

    def _forget(self, session: StrokeSession) -> None:
        self._sessions.pop(session.id, None)
        if self._session is session:
            self._session = None

    async def update_stroke_progress(
        self,
        stroke_idx: int,
        pose_idx: int = 0,
        stroke_description_l: str = "",
        stroke_description_r: str = "",
        offset_idx_l: int = 0,
        offset_idx_r: int = 0,
        session_id: str | None = None,
        **more: Any,
    ) -> int:
        """Stores a position of the session, and publishes its event in the same step. Returns the new revision."""
        changes = {
            "stroke_idx": stroke_idx,
            "pose_idx": pose_idx,
            "stroke_description_l": stroke_description_l,
            "stroke_description_r": stroke_description_r,
            "offset_idx_l": offset_idx_l,
            "offset_idx_r": offset_idx_r,
            **more,
        }
        session = self._session if session_id is None else self._sessions.get(session_id)
        if session is not None:
            return await session._update(changes)
        return await self._run(_requests.foreign_update(self._core, session_id, changes))

    async def get_stroke_progress(self, session_id: str | None = None) -> StrokeProgress | None:
        """The position of a session: of this process's unless one is named; if it has none, of the fleet's running one."""
        if session_id is None and self._session is not None:
            session_id = self._session.id
        if session_id is not None:
            return await self._value(keys.stroke_progress(session_id))
        current = await self.current_session()
        return None if current is None else current.value

    async def current_session(self) -> Versioned[StrokeProgress] | None:
        """The session that runs, the one written last; None if none does. A viewer that starts late finds it here."""
        return _requests.current(await self.all(keys.STROKE_PROGRESS))

    async def end_stroke_session(self, session_id: str | None = None, reason: str = "completed") -> None:
        """Ends a session; nothing if there is none."""
        session = self._session if session_id is None else self._sessions.get(session_id)
        if session is not None:
            await session.end(reason)
        elif session_id is not None:
            await self._run(_requests.foreign_end(self._core, session_id))

    async def _renew(self) -> None:
        """Leases are renewed by the process, whether it draws, is paused or slow."""
        told = False
        while True:
            await asyncio.sleep(self.options.session_lease / 3)
            held = [session for session in self._sessions.values() if session.is_running]
            try:
                replies = await self._run(run_all("renewing leases", [session._lease() for session in held]))
                self._settle(held, replies)
                told = False
            except StateError as e:
                if not told:
                    self._core.report(Problem("leases", _requests.NOT_RENEWED.format(e)))
                told = True

    def _settle(self, held: list[StrokeSession], replies: list[Any]) -> None:
        for session, reply in zip(held, replies):
            if isinstance(reply, RedisError):
                failure = answered(f"renewing the lease of {session.id}", self.options.address, reply)
                if failure.reason is Reason.CONFLICT:
                    session._lose()
                elif failure.code != "ABSENT":
                    raise failure

    # ---- nodes

    async def update_node_health(self, health: NodeHealth | None = None) -> int:
        """Sends a heartbeat; measures processor, memory and disk if no health is given. Returns the new revision."""
        self._health = health
        return await self._run(self._core.health(_requests.beating(self.node_id, health)))

    async def get_node_health(self, node_id: str | None = None) -> NodeHealth | None:
        """The last heartbeat of a node, this one unless another is named; None if it has expired."""
        return await self._value(keys.node_health(node_id or self.node_id))

    async def get_all_nodes_health(self) -> dict[str, NodeHealth | None]:
        """The last heartbeat of every node that is listed; older nodes are listed once the server has found them."""
        return {each.key.id: each.value for each in await self.all(keys.NODE_HEALTH)}

    async def get_system_status(self) -> dict[str, Any]:
        """The fleet at a glance."""
        return _requests.status(await self.all(keys.NODE_HEALTH), await self.all(keys.STROKE_PROGRESS))

    # ---- any document

    async def read(self, key: Key[D]) -> Versioned[D] | None:
        """Any document with its revision; None if there is none."""
        return await self._run(self._core.read(key))

    async def _value(self, key: Key[D]) -> D | None:
        found = await self.read(key)
        return None if found is None else found.value

    async def all(self, kind: KeyKind[D]) -> list[Versioned[D]]:
        """All documents of a kind that are listed."""
        return await self._run(self._core.read_all(kind))

    async def put(self, key: Key[Any], document: Document) -> int:
        """Overwrites any document, whoever writes it otherwise, and publishes it; returns the new revision."""
        return await self._run(self._core.put(key, document))

    # ---- events

    async def publish_event(self, channel: str | Channel[Any], event_data: dict[str, Any] | Event) -> int:
        """Publishes an event; node and time are added to a dict. Returns how many clients it was sent to."""
        return await self._run(_requests.publishing(self._core, channel, event_data))

    async def report_error(
        self, error_category: str, error_message: str, details: dict[str, Any] | None = None
    ) -> int:
        """Publishes an error of this node."""
        return await self._run(_requests.error(self._core, error_category, error_message, details))

    def subscribe_events(self, *channels: str | Channel[Any]) -> Subscription:
        """The messages of some channels: ``async for message in state.subscribe_events("stroke:events:progress")``.

        An outage is survived; the transitions that were missed come afterwards, from the log.
        """
        subscription = Subscription(self, tuple(str(channel) for channel in channels))
        self._open.append(subscription)
        subscription._feed.start()
        return subscription

    def watch(self) -> Watch:
        """A copy of the fleet in memory that is kept current, and says of itself how old it is."""
        watch = Watch(self)
        self._open.append(watch)
        watch._feed.start()
        return watch


class StrokeSession:
    """A stroke session that this process runs. Calls are done one after another."""

    def __init__(self, manager: StateManager, core: SessionCore) -> None:
        self._manager = manager
        self._core = core
        self._lock = asyncio.Lock()

    @property
    def id(self) -> str:
        """Its id, by which every node finds it."""
        return self._core.key.id

    @property
    def progress(self) -> StrokeProgress:
        """The position that was stored last."""
        return self._core.progress

    @property
    def revision(self) -> int:
        """Revision of that position."""
        return self._core.rev

    @property
    def is_running(self) -> bool:
        """Whether it is neither ended nor, as far as is known, taken over by someone else."""
        return self._core.is_running

    @property
    def is_lost(self) -> bool:
        """Whether someone else has taken it over or ended it; learned with each write, and every third of the lease."""
        return self._core.state is State.LOST

    async def update(self, stroke_idx: int, pose_idx: int, **changes: Any) -> int:
        """Stores and publishes a position; what is not given stays as it is. Returns the new revision."""
        return await self._update({"stroke_idx": stroke_idx, "pose_idx": pose_idx, **changes})

    async def _update(self, changes: dict[str, Any]) -> int:
        async with self._lock:
            return await self._run(self._core.update(changes))

    async def pause(self) -> None:
        """Holds it; nothing if it is held."""
        async with self._lock:
            await self._run(self._core.hold(True))

    async def resume(self) -> None:
        """Goes on; nothing if it is not held."""
        async with self._lock:
            await self._run(self._core.hold(False))

    async def end(self, reason: str = "completed") -> None:
        """Ends it; nothing if it has ended."""
        async with self._lock:
            await self._run(self._core.end(reason))

    async def close(self) -> None:
        """Ends it as interrupted, unless it has ended or is someone else's."""
        async with self._lock:
            await self._run(self._core.close())

    async def _run(self, program: Program[T]) -> T:
        try:
            return await self._manager._run(program)
        finally:
            if not self._core.is_running:
                self._manager._forget(self)

    def _lease(self) -> Any:
        return self._manager._core.lease(self._core.key, self._core.fence)

    def _lose(self) -> None:
        if self._core.state is State.RUNNING and self._core.ending is None:
            self._core.state = State.LOST
            self._manager._forget(self)

    async def __aenter__(self) -> StrokeSession:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"StrokeSession({self.id}, {self._core.state.value})"


class _Consumer:
    """What waits for the program's own task."""

    def __init__(self, manager: StateManager) -> None:
        self._manager = manager
        self._box = Mailbox()
        self._news = asyncio.Event()
        self._ended = False
        self._feed: Feed

    def _follow(self, observer: Observer) -> None:
        self._feed = Feed(self._manager._link, observer)

    def _put(self, item: Item) -> None:
        self._box.put(item)
        self._wake()

    def _wake(self) -> None:
        """Everyone who waits looks again."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _take(self, timeout: float | None) -> Item | None:
        item = self._box.take()
        if item is None:
            await self._until(lambda: self._ended or bool(self._box), timeout)
            item = self._box.take()
        return item

    async def _until(self, condition: Callable[[], bool], timeout: float | None) -> bool:
        async def wait() -> None:
            while not condition():
                await self._news.wait()

        try:
            await asyncio.wait_for(wait(), timeout)
        except asyncio.TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Ends it; whoever waits for the next piece of news goes on."""
        self._ended = True
        self._wake()
        await self._feed.close()
        if self in self._manager._open:
            self._manager._open.remove(self)  # type: ignore[arg-type]

    async def __aexit__(self, *failure: object) -> None:
        await self.close()


class Subscription(_Consumer):
    """The messages of some channels. Iterate over it, or ask for the next one."""

    def __init__(self, manager: StateManager, wanted: tuple[str, ...]) -> None:
        super().__init__(manager)
        self.lost = 0
        """How many transitions could not be had."""
        self._confirmed = False
        self._follow(_Stream(manager._core, wanted, self._put, self._confirm))

    def _confirm(self) -> None:
        self._confirmed = True
        self._wake()

    async def next(self, timeout: float | None = None) -> Message | None:
        """The next message; None if none came in so many seconds, or it is closed."""
        while True:
            item = await self._take(timeout)
            if isinstance(item, Lost):
                self.lost += item.count
                self._manager._core.report(Problem("subscription", f"{item.count} transitions were lost: {item.why}"))
            elif item is None or isinstance(item, Message):
                return item

    async def wait_ready(self, timeout: float | None = None) -> bool:
        """Waits until Redis has confirmed it for the first time: what is published from then on arrives."""
        return await self._until(lambda: self._confirmed, timeout)

    async def __aiter__(self) -> AsyncIterator[Message]:
        while True:
            message = await self.next()
            if message is None:
                return
            yield message

    async def __aenter__(self) -> Subscription:
        return self


class _Stream(StreamCore):
    def __init__(self, core: Core, wanted: tuple[str, ...], tell: Callable[[Any], None], ready: Callable[[], None]) -> None:
        super().__init__(core, wanted, tell)
        self._ready = ready

    def subscribed(self) -> None:
        super().subscribed()
        self._ready()


class Watch(_Consumer):
    """A copy of the fleet in memory: snapshot, then every change. Reading it costs no network."""

    def __init__(self, manager: StateManager) -> None:
        super().__init__(manager)
        self._listening = False
        self._watch = WatchCore(manager._core, self._told)
        self._follow(self._watch)

    def _told(self, news: News) -> None:
        if self._listening:
            self._box.put(news)
        self._wake()

    def status(self) -> Status:
        """How far it can be relied upon at this moment."""
        return self._watch.status()

    def get(self, key: Key[D]) -> Versioned[D] | None:
        """What is known of a document; None if there is none."""
        return self._watch.view.get(key)

    def all(self, kind: KeyKind[D]) -> list[Versioned[D]]:
        """All documents of a kind."""
        return [each for each in self._watch.view.all() if each.key.kind == kind]

    def current_session(self) -> Versioned[StrokeProgress] | None:
        """The session that runs, the one written last; None if none does."""
        return _requests.current(self.all(keys.STROKE_PROGRESS))

    async def wait_live(self, timeout: float) -> bool:
        """Waits until it is live."""
        return await self.wait_for(lambda: self.status().is_live, timeout)

    async def wait_for(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Waits until something is so, which is looked at whenever there is news."""
        return await self._until(lambda: self._ended or condition(), timeout) and not self._ended

    async def news(self, timeout: float | None = None) -> AsyncIterator[Change | Transition | Lost | Status]:
        """What is known, then every change and every transition; ends if nothing came in so many seconds, or it is closed."""
        self._listening = True
        for each in self._watch.view.all():
            yield Change(each.key, each, "snapshot")
        yield self.status()
        while True:
            item = await self._take(timeout)
            if item is None or isinstance(item, Message):
                return
            yield item

    async def close(self) -> None:
        self._watch.close()
        await super().close()

    async def __aenter__(self) -> Watch:
        return self
