"""The contract, on a real Redis, with both clients: writes, sessions, the watch."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from typing import Any, Callable

import pytest
from conftest import RedisServer
from faces import Face, News, soon

from tatbot_state import (
    Change,
    InvalidValueError,
    NodeHealth,
    Reason,
    RobotState,
    StateError,
    Transition,
    _core,
    channels,
    keys,
)

Scenario = Callable[[Face, RedisServer], Awaitable[None]]


@pytest.fixture(params=["sync", "asyncio"])
def play(request: pytest.FixtureRequest, server: RedisServer) -> Callable[[Scenario], None]:
    face = Face(request.param)
    return lambda scenario: asyncio.run(asyncio.wait_for(scenario(face, server), 60))


def log_types(server: RedisServer) -> list[str]:
    return [json.loads(fields[b"event"])["type"] for _, fields in server.client().xrange("events:log")]


def test_one_write_is_one_step(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        redis = server.client()
        listener = redis.pubsub(ignore_subscribe_messages=True)
        listener.subscribe("stroke:events:progress", "stroke:events:session")
        listener.get_message(timeout=5)
        listener.get_message(timeout=5)
        async with face("hog") as state:
            session = await state.start_stroke_session(100, 50, "tatbotlogo")
            key = f"stroke:progress:{session}"
            first = int(redis.hget(key, "rev"))
            assert await state.update_stroke_progress(stroke_idx=5, pose_idx=25) == first + 1
            stored = {name.decode(): value for name, value in redis.hgetall(key).items()}
            progress = json.loads(stored["progress"])
            assert (progress["stroke_idx"], progress["pose_idx"], progress["total_strokes"]) == (5, 25, 100)
            assert progress["is_executing"] is True
            assert progress["timestamp"].endswith("Z") and stored["last_updated"].endswith(b"Z")
            assert (int(stored["rev"]), stored["fence"]) == (first + 1, b"1")
            assert 0 < redis.ttl(key) <= 86400
            assert redis.sismember("index:sessions", session)
            history = redis.xrange(f"stream:stroke_history:{session}")
            assert [int(fields[b"rev"]) for _, fields in history] == [first, first + 1]
            assert history[1][1][b"is_executing"] == b"true" and history[1][1][b"node_id"] == b"hog"
            assert 0 < redis.ttl(f"stream:stroke_history:{session}") <= 86400
            await state.end_stroke_session()
            assert json.loads(redis.hget(key, "progress"))["is_executing"] is False
            assert redis.hget(key, "lease_until") == b"0"
        heard = [json.loads((listener.get_message(timeout=5) or {})["data"]) for _ in range(3)]
        assert [event["type"] for event in heard] == ["session_start", "progress_update", "session_end"]
        assert [event["rev"] for event in heard] == [first, first + 1, first + 2]
        assert heard[1]["session_id"] == session and heard[2]["reason"] == "completed"
        assert log_types(server) == ["session_start", "session_end"]

    play(scenario)


def test_a_refused_write_changes_nothing(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        redis = server.client()
        redis.execute_command("ACL", "SETUSER", "mute", "on", ">pw", "~*", "+@all", "resetchannels", "&robot:none")
        async with face("hog") as state:
            await state.update_robot_state(RobotState(node_id="hog", goal_time_slow=1))
            before = redis.hgetall("robot:state:hog"), redis.xlen("events:log")
            redis.expire("robot:state:hog", 5000)
            async with face("hog", username="mute", password="pw") as mute:
                with pytest.raises(StateError) as refusal:
                    await mute.update_robot_state(RobotState(node_id="hog", goal_time_slow=2))
            assert refusal.value.reason is Reason.DENIED
            assert "lacks a right" in str(refusal.value) and "robot:state:hog" in str(refusal.value)
            assert (redis.hgetall("robot:state:hog"), redis.xlen("events:log")) == before
            assert redis.ttl("robot:state:hog") <= 5000
            redis.set("robot:state:ook", "a string")
            with pytest.raises(StateError) as wrong:
                await state.update_robot_state(RobotState(node_id="ook"))
            assert wrong.value.reason is Reason.INVALID

    play(scenario)


def test_arms_are_told_of_when_they_turn(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("hog") as state:
            for left, right in ((True, False), (True, True), (False, True), (False, True)):
                await state.update_robot_state(RobotState(node_id="hog", is_connected_l=left, is_connected_r=right))
            assert log_types(server) == ["arm_connected", "arm_connected", "arm_disconnected"]
            found = await state.read(keys.robot_state("hog"))
            assert found.value.is_connected_r and found.rev == int(server.client().hget("robot:state:hog", "rev"))

    play(scenario)


def test_a_robot_that_stands_still_keeps_its_state(
    play: Callable[[Scenario], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        redis = server.client()
        key = "robot:state:hog"
        async with face("hog") as state, face("hog") as other:
            await state.update_robot_state(RobotState(node_id="hog"))
            before = redis.hgetall(key)
            redis.pexpire(key, 50_000)
            await state.update_node_health()
            assert redis.pttl(key) <= 50_000, "not with each heartbeat"
            monkeypatch.setattr(_core, "_KEEP_ALIVE_EVERY", 0.0)
            await other.update_node_health()
            assert redis.pttl(key) <= 50_000, "only by who has written it"
            await state.update_node_health()
            assert 86_000_000 < redis.pttl(key) <= 86_400_000
            assert redis.hgetall(key) == before, "nothing is written"
            redis.delete(key)
            await state.update_node_health()
            assert not redis.exists(key) and face.problems == []

    play(scenario)


def test_a_heartbeat_is_sent_though_the_state_cannot_be_kept_alive(
    play: Callable[[Scenario], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        redis = server.client()
        redis.execute_command("ACL", "SETUSER", "hog", "on", ">pw", "~*", "&*", "+@all")
        async with face("hog", username="hog", password="pw") as state:
            await state.update_robot_state(RobotState(node_id="hog"))
            redis.pexpire("robot:state:hog", 50_000)
            monkeypatch.setattr(_core, "_KEEP_ALIVE_EVERY", 0.0)
            redis.execute_command(
                "ACL", "SETUSER", "hog", "resetkeys", "~node:*", "~liveness:*", "~index:*", "~events:*"
            )
            rev = await state.update_node_health()
            assert rev == int(redis.hget("node:health:hog", "rev"))
            assert redis.pttl("robot:state:hog") <= 50_000
            assert face.reported("robot:state:hog: its time to live was not renewed"), face.problems

    play(scenario)


def test_the_turns_of_a_session(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("hog") as state:
            session = await state.stroke_session(100, 108, "tatbotlogo", dataset_name="set-1")
            await session.update(1, 2, stroke_description_l="true_blue", offset_idx_l=3)
            await session.pause()
            await session.pause()
            assert session.progress.is_paused and session.progress.stroke_description_l == "true_blue"
            await session.update(1, 3)
            assert session.progress.is_paused and session.progress.dataset_name == "set-1"
            await session.resume()
            with pytest.raises(InvalidValueError, match="is_executing"):
                await session.update(1, 4, is_executing=False)
            with pytest.raises(InvalidValueError, match="^stroke_idx"):
                await session.update(-1, 4)
            assert (await state.current_session()).key.id == session.id
            await session.end()
            await session.end()
            with pytest.raises(StateError, match="has ended") as ended:
                await session.update(1, 5)
            assert ended.value.reason is Reason.CONFLICT
            assert await state.current_session() is None
            left = await state.stroke_session(1, 1)
            await left.close()
        assert log_types(server) == [
            "session_start", "session_pause", "session_resume", "session_end", "session_start", "session_end",
        ]  # fmt: skip
        last = json.loads(server.client().xrevrange("events:log", count=1)[0][1][b"event"])
        assert last["reason"] == "interrupted"

    play(scenario)


def test_one_writer_a_session(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("hog", session_lease=0.3) as hog, face("oop") as oop:
            first = await hog.stroke_session(100, 50)
            await first.update(7, 1)
            with pytest.raises(StateError, match="run by hog") as refused:
                await oop.update_stroke_progress(1, 1, session_id=first.id)
            assert refused.value.reason is Reason.CONFLICT
            second = await oop.take_over_stroke_session(first.id)
            assert second.progress.stroke_idx == 7 and second.progress.node_id == "oop"
            # Learned by the lease, though it draws nothing.
            await soon(lambda: first.is_lost)
            with pytest.raises(StateError, match="taken over or ended"):
                await first.update(8, 1)
            assert await second.update(9, 1) == second.revision
            assert server.client().hget(f"stroke:progress:{first.id}", "fence") == b"2"
            taken = json.loads(server.client().xrange("events:log")[1][1][b"event"])
            assert (taken["type"], taken["previous_node_id"], taken["fence"]) == ("session_takeover", "hog", 2)
            await second.end()
            with pytest.raises(StateError, match="has ended"):
                await hog.take_over_stroke_session(first.id)
            with pytest.raises(StateError) as nowhere:
                await hog.take_over_stroke_session("stroke_hog_none")
            assert nowhere.value.reason is Reason.NOT_FOUND

    play(scenario)


def test_a_lease_is_renewed_while_nothing_is_drawn(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("hog", session_lease=0.3) as state:
            session = await state.start_stroke_session(1, 1)
            until_ms = lambda: int(server.client().hget(f"stroke:progress:{session}", "lease_until"))  # noqa: E731
            begin = until_ms()
            rev = server.client().hget(f"stroke:progress:{session}", "rev")
            await soon(lambda: until_ms() > begin + 300)
            assert server.client().hget(f"stroke:progress:{session}", "rev") == rev

    play(scenario)


def test_what_is_lost_is_made_anew(play: Callable[[Scenario], None], monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        redis = server.client()
        async with face("hog") as state:
            session = await state.stroke_session(100, 50)
            first = await session.update(1, 1)
            redis.delete(f"stroke:progress:{session.id}")
            assert await session.update(1, 2) > first
            assert redis.hget(f"stroke:progress:{session.id}", "fence") == b"1"
            assert 0 < redis.ttl(f"stroke:progress:{session.id}") <= 86400
            redis.srem("index:sessions", session.id)
            redis.expire(f"stroke:progress:{session.id}", 100)
            await session.update(1, 3)
            assert not redis.sismember("index:sessions", session.id), "not with every write"
            monkeypatch.setattr(_core, "_LONGEST_RENEWAL", 0.0)
            await session.update(1, 4)
            assert redis.sismember("index:sessions", session.id)
            assert redis.ttl(f"stroke:progress:{session.id}") > 80_000

    play(scenario)


def test_nodes_come_and_go(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        redis = server.client()
        async with face("ook", heartbeats=True, heartbeat_interval=0.1) as state:
            rev = lambda: int(redis.hget("node:health:ook", "rev"))  # noqa: E731
            first = rev()
            await soon(lambda: rev() > first + 1)
            await state.update_node_health(NodeHealth(node_id="ook", gpu_available=True, gpu_percent=12.5))
            given = rev()
            await soon(lambda: rev() > given)
            assert (await state.get_node_health()).gpu_percent == 12.5
            assert 0 < redis.ttl("node:health:ook") <= 60
            status = await state.get_system_status()
            assert (status["nodes_online"], status["total_nodes"]) == (1, 1)
        assert log_types(server) == ["online", "offline"]
        assert redis.hget("liveness:ook", "condition") == b"offline"

    play(scenario)


def test_events_of_applications(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("ook") as state:
            await state.publish_event("system:events", {"type": "needle_changed", "data": {"pen": 3}, "more": 1})
            await state.report_error("robot", "needle stuck", {"arm": "l"})
            first, second = [json.loads(entry[1][b"event"]) for entry in server.client().xrange("events:log")]
            assert (first["type"], first["node_id"], first["more"]) == ("needle_changed", "ook", 1)
            assert (second["message"], second["details"], second["category"]) == ("needle stuck", {"arm": "l"}, "robot")
            for channel, event in (
                ("stroke:events:nothing", {"type": "x"}),
                ("stroke:events:progress", {"type": "progress_update", "stroke_idx": 0}),
                ("error:events:robot", {"type": "error", "category": "redis", "message": "x"}),
                ("system:events", {"type": "x", "rev": 5}),
                ("system:events", {"type": "x", "data": {"a": "x" * 70_000}}),
            ):
                with pytest.raises(InvalidValueError):
                    await state.publish_event(channel, event)
            assert server.client().xlen("events:log") == 2

    play(scenario)


def test_a_late_joiner_is_not_blank(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("hog") as hog, face("ook") as ook:
            session = await hog.start_stroke_session(100, 50, "tatbotlogo")
            await hog.update_stroke_progress(5, 25)
            await hog.update_robot_state(RobotState(node_id="hog", current_pose="executing"))
            view = ook.watch()
            assert await view.wait_live(5)
            assert view.get(keys.robot_state("hog")).value.current_pose == "executing"
            assert view.current_session().value.pose_idx == 25
            news = await News.of_all(face, view)
            rev = await hog.update_stroke_progress(5, 26)
            assert await view.wait_for(lambda: view.get(keys.stroke_progress(session)).rev == rev, 5)
            assert view.get(keys.stroke_progress(session)).value.pose_idx == 26
            await hog.end_stroke_session()
            await soon(lambda: news.of(Transition))
            assert [t.event.type for t in news.of(Transition)] == ["session_end"]
            await soon(lambda: view.current_session() is None)
            server.client().delete(f"stroke:progress:{session}")
            await soon(lambda: [c for c in news.of(Change) if c.cause == "deleted"])
            await view.close()
            await news.end()
            assert view.status().condition == "closed"

    play(scenario)


def test_a_gap_is_read_again(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        redis = server.client()
        async with face("hog") as hog, face("ook") as ook:
            rev = await hog.update_robot_state(RobotState(node_id="hog"))
            view = ook.watch()
            assert await view.wait_live(5)
            news = await News.of_all(face, view)
            later = RobotState(node_id="hog", current_pose="sleep")
            # Three writes, of which only one event arrives, and it says little.
            redis.hset("robot:state:hog", mapping={"state": later.to_json(), "rev": rev + 3})
            few = {"type": "state_update", "node_id": "hog", "timestamp": "2025-08-18T20:09:37", "is_connected_l": False,
                   "is_connected_r": False, "current_pose": "ready", "rev": rev + 3}  # fmt: skip
            redis.publish("robot:events", json.dumps(few))
            assert await view.wait_for(lambda: view.get(keys.robot_state("hog")).rev == rev + 3, 5)
            assert view.get(keys.robot_state("hog")).value.current_pose == "sleep"
            await soon(lambda: "reread" in [c.cause for c in news.of(Change)])

    play(scenario)


def test_a_write_that_nobody_publishes_is_found(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        redis = server.client()
        async with face("hog") as hog, face("ook") as ook:
            rev = await hog.update_robot_state(RobotState(node_id="hog"))
            view = ook.watch()
            assert await view.wait_live(5)
            redis.hset("robot:state:hog", "state", '{"timestamp":"2025-08-18T20:09:37","node_id":"hog","current_pose":"sleep"}')
            assert await view.wait_for(lambda: view.get(keys.robot_state("hog")).value.current_pose == "sleep", 10)
            # A foreign write leaves the revision.
            assert view.get(keys.robot_state("hog")).rev == rev

    play(scenario)


def test_garbage_is_reported_and_passed_over(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        redis = server.client()
        async with face("hog") as hog, face("ook") as ook:
            await hog.update_robot_state(RobotState(node_id="hog"))
            view = ook.watch()
            assert await view.wait_live(5)
            for garbage in (b"", b"\xff\xfe", b"[]", b'{"type":"state_update"}', b"{" * 9999, b"x" * 70_000):
                redis.publish("robot:events", garbage)
            await soon(lambda: len(face.reported("robot:events")) >= 6)
            redis.hset("robot:state:hog", "state", "not a document")
            redis.set("robot:state:oop", "no hash")
            redis.sadd("index:nodes", "oop", "no id:")
            await soon(lambda: face.reported("robot:state:hog: not JSON") and face.reported("another Redis type"))
            assert view.get(keys.robot_state("hog")) is None
            with pytest.raises(StateError) as unreadable:
                await ook.get_robot_state("hog")
            assert unreadable.value.reason is Reason.INVALID
            # An invalid document is mended by the next write.
            rev = await hog.update_robot_state(RobotState(node_id="hog", current_pose="ready"))
            assert await view.wait_for(
                lambda: (found := view.get(keys.robot_state("hog"))) is not None and found.rev == rev, 5
            )
            assert view.status().is_live

    play(scenario)


def test_a_namespace_is_apart(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("hog", namespace="{fleet-a}") as state, face("hog") as other:
            subscription = state.subscribe_events("stroke:events:session")
            view = state.watch()
            assert await subscription.wait_ready(5) and await view.wait_live(5)
            session = await state.start_stroke_session(1, 1)
            assert await other.get_stroke_progress() is None
            assert server.client().exists(f"{{fleet-a}}:stroke:progress:{session}", "{fleet-a}:events:log") == 2
            message = await subscription.next(5)
            assert message["channel"] == "stroke:events:session" and message.data.session_id == session
            assert await view.wait_for(lambda: view.get(keys.stroke_progress(session)) is not None, 5)
            assert all(key.startswith(b"{fleet-a}:") for key in server.client().keys("*"))

    play(scenario)


def test_a_typed_event_of_a_message(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("hog") as state:
            subscription = state.subscribe_events(channels.stroke_progress())
            assert await subscription.wait_ready(5)
            await state.start_stroke_session(3, 3)
            await state.update_stroke_progress(1, 2, "true_blue")
            message = await subscription.next(5)
            assert message.event.description_l == "true_blue" and message.event.document().pose_idx == 2
            server.client().publish("stroke:events:progress", "no JSON")
            garbage = await subscription.next(5)
            assert garbage.data == "no JSON" and garbage.event is None
            await subscription.close()
            assert await subscription.next(5) is None

    play(scenario)
