"""The state of a tattooing robot's fleet, shared through Redis: documents, events, keys and channels, and a thin client.

``StateManager`` is synchronous; ``tatbot_state.aio`` has the same for asyncio.
"""

from . import channels, events, keys, models
from ._core import Problem, Versioned
from ._names import Channel, Key
from ._stream import EventData, Message
from ._watch import Change, Lost, Status, Transition
from .client import StateManager, StrokeSession, Subscription, Watch
from .errors import InvalidValueError, Reason, StateError
from .models import NodeHealth, RobotState, StrokeProgress
from .options import StateOptions

__all__ = [
    "Change",
    "Channel",
    "EventData",
    "InvalidValueError",
    "Key",
    "Lost",
    "Message",
    "NodeHealth",
    "Problem",
    "Reason",
    "RobotState",
    "StateError",
    "StateManager",
    "StateOptions",
    "Status",
    "StrokeProgress",
    "StrokeSession",
    "Subscription",
    "Transition",
    "Versioned",
    "Watch",
    "channels",
    "events",
    "keys",
    "models",
]
