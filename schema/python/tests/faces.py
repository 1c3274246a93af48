"""The two clients under one roof, so that every scenario is run with both."""

from __future__ import annotations

import asyncio
from typing import Any

import tatbot_state
import tatbot_state.aio
from conftest import until
from tatbot_state import Problem, StateOptions, Status

# What never waits, and so is the same in both.
_DIRECT = {
    "StateManager": {"subscribe_events", "watch"},
    "Watch": {"status", "get", "all", "current_session"},
    "StrokeSession": set(),
    "Subscription": set(),
}


class Threaded:
    """A synchronous object with the methods of its asynchronous twin."""

    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._wrapped, name)
        if not callable(value):
            return value
        if name in _DIRECT[type(self._wrapped).__name__]:
            return lambda *args, **kwargs: _wrap(value(*args, **kwargs))

        async def call(*args: Any, **kwargs: Any) -> Any:
            return _wrap(await asyncio.to_thread(value, *args, **kwargs))

        return call

    async def __aenter__(self) -> Threaded:
        await asyncio.to_thread(self._wrapped.__enter__)
        return self

    async def __aexit__(self, *failure: object) -> None:
        await asyncio.to_thread(self._wrapped.__exit__, *failure)


def _wrap(value: Any) -> Any:
    return Threaded(value) if type(value).__name__ in _DIRECT else value


class Face:
    """Makes managers of one kind, and keeps what they report."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.problems: list[Problem] = []

    def __call__(self, node_id: str, *, heartbeats: bool = False, **options: Any) -> Any:
        arguments: dict[str, Any] = {
            "options": StateOptions.from_environment(node_id=node_id, **options),
            "heartbeats": heartbeats,
            "on_problem": self.problems.append,
        }
        if self.kind == "sync":
            return Threaded(tatbot_state.StateManager(**arguments))
        return tatbot_state.aio.StateManager(**arguments)

    def reported(self, words: str) -> list[Problem]:
        return [problem for problem in self.problems if words in f"{problem.source}: {problem.message}"]


async def soon(condition: Any, seconds: float = 10.0) -> Any:
    """Waits until something is so, while the event loop runs."""
    return await asyncio.to_thread(until, condition, seconds)


class News:
    """What a watch tells, gathered in the background."""

    def __init__(self, face: Face, watch: Any) -> None:
        self.items: list[Any] = []
        self._task = asyncio.ensure_future(self._gather(face, watch))

    @staticmethod
    async def of_all(face: Face, watch: Any) -> News:
        """From here on nothing is missed."""
        news = News(face, watch)
        await soon(lambda: news.of(Status))
        return news

    async def _gather(self, face: Face, watch: Any) -> None:
        if face.kind == "sync":
            await asyncio.to_thread(lambda: self.items.extend(_each(watch._wrapped.news(), self.items)))
        else:
            async for item in watch.news():
                self.items.append(item)

    def of(self, kind: type[Any]) -> list[Any]:
        return [item for item in list(self.items) if isinstance(item, kind)]

    async def end(self) -> None:
        await self._task


def _each(source: Any, into: list[Any]) -> list[Any]:
    for item in source:
        into.append(item)
    return []
