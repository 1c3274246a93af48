"""The old nodes: their calls run unchanged, what they wrote is read, what we write they read."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from conftest import REPOSITORY, RedisServer, until

import tatbot_state
import tatbot_state.aio
from tatbot_state import NodeHealth, RobotState, channels, keys

LEGACY = REPOSITORY / "state-client" / "src" / "test" / "resources" / "python" / "legacy_node.py"
SESSION = "stroke_hog_1755547777"


def old_node(*command: str) -> list[Any]:
    run = subprocess.run(
        [sys.executable, str(LEGACY), *command], check=True, capture_output=True, text=True, timeout=60
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_the_calls_of_the_brief_with_asyncio(server: RedisServer) -> None:
    """Letter for letter but for the import."""
    StateManager = tatbot_state.aio.StateManager
    seen: list[int] = []

    async def viewer(ready: asyncio.Event) -> None:
        state = StateManager(node_id="ook")
        async with state:
            subscription = state.subscribe_events("stroke:events:progress")
            await subscription.wait_ready(10)
            ready.set()
            async for event in subscription:
                assert event["channel"] == "stroke:events:progress"
                assert event["data"]["stroke_idx"] == event.data.stroke_idx
                seen.append(event["data"]["stroke_idx"])
                if len(seen) == 2:
                    return

    async def robot(ready: asyncio.Event) -> None:
        await ready.wait()
        state = StateManager(node_id="hog")
        async with state:
            session_id = await state.start_stroke_session(100, 50, "tatbotlogo")
            assert session_id.startswith("stroke_hog_")
            await state.update_stroke_progress(stroke_idx=5, pose_idx=25)
            await state.update_stroke_progress(
                stroke_idx=6,
                pose_idx=0,
                stroke_description_l="true_blue",
                stroke_description_r="ink dip",
                offset_idx_l=3,
                offset_idx_r=16,
                session_id=session_id,
            )
            progress = await state.get_stroke_progress(session_id)
            assert progress is not None
            assert (progress.stroke_idx, progress.total_strokes, progress.stroke_description_r) == (6, 100, "ink dip")
            await state.update_robot_state(
                RobotState(node_id="hog", is_connected_l=True, is_connected_r=True, current_pose="ready")
            )
            await state.update_node_health(NodeHealth(node_id="hog", mcp_server_running=True))
            await state.report_error("robot", "needle stuck", {"arm": "l"})
            await state.publish_event("system:events", {"type": "lights_on"})
            assert (await state.get_robot_state("hog")) == (await state.get_robot_state())
            assert set(await state.get_all_nodes_health()) == {"hog", "ook"}
            assert (await state.get_system_status())["active_stroke_sessions"] == 1
            await state.end_stroke_session(session_id)
            assert (await state.get_system_status())["active_stroke_sessions"] == 0

    async def both() -> None:
        ready = asyncio.Event()
        await asyncio.wait_for(asyncio.gather(viewer(ready), robot(ready)), 30)

    asyncio.run(both())
    assert seen == [5, 6]


def test_the_calls_of_the_brief(server: RedisServer) -> None:
    StateManager = tatbot_state.StateManager
    with StateManager(node_id="ook") as viewer, StateManager(node_id="hog") as state:
        subscription = viewer.subscribe_events("stroke:events:progress")
        assert subscription.wait_ready(10)
        state.start_stroke_session(100, 50, "tatbotlogo")
        state.update_stroke_progress(stroke_idx=5, pose_idx=25)
        for event in subscription:
            assert event.data.stroke_idx == 5
            break
        progress = state.get_stroke_progress()
        assert progress is not None and progress.pose_idx == 25
        state.end_stroke_session()
        assert viewer.get_stroke_progress() is None


def test_the_constructor_takes_what_it_took(server: RedisServer) -> None:
    state = tatbot_state.StateManager("127.0.0.1", server.port, server.password, "hog")
    assert (state.node_id, state.options.port) == ("hog", server.port)
    assert server.password not in repr(state) + repr(state.options) + str(vars(state))
    state.close()


def test_what_an_old_node_wrote_is_read(server: RedisServer) -> None:
    old_node("write", "hog", SESSION)
    with tatbot_state.StateManager(node_id="ook", heartbeats=False) as state, state.watch() as view:
        robot, progress, health = (
            state.read(keys.robot_state("hog")),
            state.read(keys.stroke_progress(SESSION)),
            state.read(keys.node_health("hog")),
        )
        assert robot is not None and progress is not None and health is not None
        assert robot.rev is None and robot.value.joints_l == (-0.44, 1.38, 1.19, -1.38, 0.0, 0.0, 0.0)
        assert robot.value.joints_r is None and robot.value.goal_time_slow == 2.0
        assert progress.value.stroke_description_l == "true_blue \u00fcber path 1"
        assert (progress.value.stroke_idx, progress.value.pose_idx) == (5, 25)
        assert health.value.cpu_percent == 12.0 and health.value.gpu_percent is None
        # In no index: a watch learns of it by what it publishes.
        assert view.wait_live(10)
        assert view.get(keys.robot_state("hog")) is None
        old_node("publish", "hog", SESSION)
        assert view.wait_for(lambda: view.get(keys.robot_state("hog")) is not None, 10)
        assert view.wait_for(lambda: view.get(keys.stroke_progress(SESSION)) is not None, 10)
        old_node("rewrite", "hog", SESSION, "6", "7")
        # Nothing was published: found by looking now and then.
        assert view.wait_for(
            lambda: (found := view.get(keys.stroke_progress(SESSION))) is not None and found.value.stroke_idx == 6, 10
        )


def test_an_old_session_is_written_and_ended_from_here(server: RedisServer) -> None:
    old_node("write", "hog", SESSION)
    with tatbot_state.StateManager(node_id="hog", heartbeats=False) as state:
        state.update_stroke_progress(9, 1, session_id=SESSION)
        found = state.read(keys.stroke_progress(SESSION))
        assert found is not None and found.rev is not None
        assert (found.value.stroke_idx, found.value.scene_name) == (9, "tatbotlogo")
        assert server.client().hget(f"stroke:progress:{SESSION}", "fence") is None
        state.end_stroke_session(SESSION)
        ended = state.get_stroke_progress(SESSION)
        assert ended is not None and not ended.is_executing


def test_what_we_write_an_old_node_reads(server: RedisServer) -> None:
    with tatbot_state.StateManager(node_id="hog") as state:
        session = state.start_stroke_session(100, 108, "tatbotlogo")
        state.update_stroke_progress(3, 4, "true_blue")
        state.update_robot_state(RobotState(node_id="hog", joints_l=[0.1] * 7))
        (found,) = old_node("scan")
        assert set(found) == {"robot:state:hog", f"stroke:progress:{session}", "node:health:hog"}
        assert found["robot:state:hog"]["joints_l"] == [0.1] * 7
        assert found[f"stroke:progress:{session}"]["stroke_description_l"] == "true_blue"
        (history,) = old_node("history", f"stream:stroke_history:{session}")
        assert history[-1]["stroke_idx"] == "3" and history[-1]["description_l"] == "true_blue"


def test_what_we_publish_an_old_node_hears(server: RedisServer) -> None:
    with tatbot_state.StateManager(node_id="hog", heartbeats=False) as state:
        listening = subprocess.Popen(
            [sys.executable, str(LEGACY), "listen", "4"], stdout=subprocess.PIPE, text=True
        )
        assert listening.stdout is not None
        assert json.loads(listening.stdout.readline()) == "ready"
        state.start_stroke_session(100, 108, "tatbotlogo")
        state.update_stroke_progress(3, 4, "true_blue")
        state.report_error("robot", "needle stuck")
        state.end_stroke_session()
        heard = [json.loads(line) for line in listening.stdout]
        assert listening.wait(10) == 0
        assert [each["channel"] for each in heard] == [
            "stroke:events:session", "stroke:events:progress", "error:events:robot", "stroke:events:session",
        ]  # fmt: skip
        assert (heard[0]["event"]["total_strokes"], heard[0]["event"]["scene_name"]) == (100, "tatbotlogo")
        assert (heard[1]["event"]["stroke_idx"], heard[1]["event"]["description_l"]) == (3, "true_blue")


def test_progress_of_another_tool_moves_nobody(server: RedisServer) -> None:
    problems: list[Any] = []
    with tatbot_state.StateManager(node_id="ook", heartbeats=False, on_problem=problems.append) as state:
        session = state.start_stroke_session(1, 1)
        state.update_stroke_progress(7, 7)
        with state.watch() as view:
            assert view.wait_live(10)
            old_node("other-progress", "hog")
            until(lambda: [p for p in problems if "session_id is required" in p.message])
            current = view.current_session()
            assert current is not None and (current.key.id, current.value.stroke_idx) == (session, 7)


@pytest.mark.parametrize("channel", [channels.stroke_progress(), "stroke:events:progress"])
def test_a_channel_by_name_or_by_function(server: RedisServer, channel: Any) -> None:
    with tatbot_state.StateManager(node_id="hog", heartbeats=False) as state:
        subscription = state.subscribe_events(channel)
        assert subscription.wait_ready(10)
        state.start_stroke_session(1, 1)
        state.update_stroke_progress(1)
        message = subscription.next(10)
        assert message is not None and message.data.pose_idx == 0
