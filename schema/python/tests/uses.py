"""A program that uses the package as programs do; looked at by mypy, never run."""

from __future__ import annotations

from typing import Optional

from tatbot_state import RobotState, StateManager, StrokeProgress, Transition, channels, keys
from tatbot_state.aio import StateManager as AsyncStateManager
from tatbot_state.channels import RobotEvent
from tatbot_state.events import ProgressUpdate, StateUpdate


def robot(state: StateManager) -> int:
    session: str = state.start_stroke_session(100, 50, "tatbotlogo")
    rev: int = state.update_stroke_progress(stroke_idx=5, pose_idx=25, session_id=session)
    state.update_robot_state(RobotState(node_id="hog", joints_l=[0.1, 0.2], current_pose="ready"))
    return rev


def viewer(state: StateManager) -> Optional[float]:
    found = state.read(keys.robot_state("hog"))
    progress: Optional[StrokeProgress] = state.get_stroke_progress()
    for message in state.subscribe_events(channels.stroke_progress()):
        print(message.data.stroke_idx, progress)
    for item in state.watch().news():
        if isinstance(item, Transition):
            print(item.event)
    return None if found is None else found.value.goal_time_fast


def events() -> None:
    update: ProgressUpdate = channels.stroke_progress().read(b"{}")
    other: RobotEvent = channels.robot_events().read(b"{}")
    if isinstance(other, StateUpdate):
        print(other.document(), update.description_l)


async def both(state: AsyncStateManager) -> None:
    async with state:
        await state.update_stroke_progress(1, 2)
        async for message in state.subscribe_events("stroke:events:progress"):
            print(message["data"]["stroke_idx"])
