"""What a watch does when messages and reads overtake one another; on a real Redis, step by step."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import RedisServer

from tatbot_state import Change, Lost, StateManager, StateOptions, Transition
from tatbot_state._core import Core
from tatbot_state._stream import Message, StreamCore
from tatbot_state._sync import Link
from tatbot_state._watch import WatchCore

PREFIX = "number."


class Bench:
    """A watch or subscription without a connection of its own: what is published is handed in by hand."""

    def __init__(self, kind: str) -> None:
        self.told: list[Any] = []
        options = StateOptions.from_environment(node_id="ook")
        self.link = Link(options)
        self.core = Core(options, self.told.append)
        self.observer = (
            WatchCore(self.core, self.told.append)
            if kind == "watch"
            else StreamCore(self.core, ("system:events",), self.told.append)
        )
        self.writer = StateManager(node_id="hog", heartbeats=False)

    def connect(self) -> None:
        self.link.perform(self.observer.connecting())
        self.observer.subscribed()

    def publish(self, number: int) -> bytes:
        """Logs and publishes; returns the message as it goes to those who listen."""
        listener = self.link.open("listening", 5)
        listener.send_command("SUBSCRIBE", "system:events")
        listener.read_response()
        self.writer.publish_event("system:events", {"type": f"{PREFIX}{number}"})
        message = bytes(listener.read_response()[2])
        listener.disconnect()
        return message

    def work(self) -> None:
        while (work := self.observer.work()) is not None:
            self.link.perform(work)

    def numbers(self) -> list[int]:
        types = [
            item.event.type if isinstance(item, Transition) else item.data.type
            for item in self.told
            if isinstance(item, (Transition, Message))
        ]
        return [int(type_[len(PREFIX) :]) for type_ in types if type_.startswith(PREFIX)]


@pytest.fixture(params=["watch", "stream"])
def bench(request: pytest.FixtureRequest, server: RedisServer) -> Bench:
    return Bench(request.param)


def test_what_comes_before_the_log_was_read_waits_for_it(bench: Bench) -> None:
    bench.connect()
    bench.publish(1)
    second = bench.publish(2)
    bench.observer.message("system:events", second)
    assert bench.numbers() == []
    bench.work()
    assert bench.numbers() == [1, 2]
    bench.observer.message("system:events", bench.publish(3))
    bench.work()
    assert bench.numbers() == [1, 2, 3]
    bench.observer.message("system:events", second)
    assert bench.numbers() == [1, 2, 3]


@pytest.mark.parametrize("logged_before", [0, 1])
def test_what_is_published_while_the_log_is_read_is_told_once(bench: Bench, logged_before: int) -> None:
    bench.connect()
    for before in range(1, logged_before + 1):
        bench.publish(before)
    number = logged_before
    work = bench.observer.work()
    assert work is not None
    request = next(work)
    with pytest.raises(StopIteration):
        while True:
            replies = bench.link._send(request, False)
            if request.what.startswith("reading events:log") and number < 4:
                # Too late for this answer, and handed in before it is.
                number += 1
                bench.observer.message("system:events", bench.publish(number))
            request = work.send(replies)
    bench.work()
    assert bench.numbers() == [1, 2, 3, 4]


def test_a_gap_is_filled_from_the_log(server: RedisServer) -> None:
    bench = Bench("watch")
    bench.connect()
    bench.work()
    bench.observer.message("system:events", bench.publish(1))
    bench.publish(2)
    bench.observer.message("system:events", bench.publish(3))
    assert bench.numbers() == [1]
    bench.work()
    assert bench.numbers() == [1, 2, 3]
    assert [item.caught_up for item in bench.told if isinstance(item, Transition)] == [False, True, True]
    assert not [item for item in bench.told if isinstance(item, Lost)]


def test_a_read_that_events_have_overtaken_changes_nothing(server: RedisServer) -> None:
    bench = Bench("watch")
    bench.connect()
    redis = server.client()
    listener = redis.pubsub(ignore_subscribe_messages=True)
    listener.subscribe("stroke:events:progress")
    listener.get_message(timeout=5)
    session = bench.writer.stroke_session(10, 10)
    session.update(1, 1)
    work = bench.observer.work()
    assert work is not None
    request = next(work)
    with pytest.raises(StopIteration):
        while True:
            replies = bench.link._send(request, False)
            if "documents" in request.what and session.progress.pose_idx == 1:
                session.update(1, 2)
                for _ in range(2):
                    message = listener.get_message(timeout=5)
                    assert message is not None
                    bench.observer.message("stroke:events:progress", message["data"])
            request = work.send(replies)
    changes = [item for item in bench.told if isinstance(item, Change) and item.key.name.startswith("stroke")]
    assert [change.value.value.pose_idx for change in changes if change.value] == [1, 2]
    assert json.loads(redis.hget(f"stroke:progress:{session.id}", "progress"))["pose_idx"] == 2
