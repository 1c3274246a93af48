"""What both clients make of their calls."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from typing import Any, Callable

from . import _json, channels, keys, wire_time
from ._core import Core, Problem, Versioned
from ._meter import measured
from ._names import Channel
from ._objects import Event
from ._program import Program, ask
from ._session import foreign_end as _foreign_end
from ._session import foreign_update as _foreign_update
from .errors import InvalidValueError, Reason, StateError
from .events import ErrorReport
from .models import NodeHealth, StrokeProgress
from .options import StateOptions

NOT_RENEWED = (
    "leases are not renewed: {} It is tried again. If that fails for long, another node ends the session as interrupted."
)


def options(
    given: StateOptions | None, host: str | None, port: int | None, password: str | None, node_id: str | None
) -> StateOptions:
    """What is given by name wins over the options, and these over the environment."""
    base = StateOptions.from_environment() if given is None else given
    changes: dict[str, Any] = {}
    if host is not None:
        changes.update(host=host, sentinels=())
    if port is not None:
        changes["port"] = port
    if password is not None:
        changes.update(password=password, password_file=None)
    if node_id is not None:
        changes["node_id"] = node_id
    return dataclasses.replace(base, **changes)


def guarded(report: Callable[[Problem], None]) -> Callable[[Problem], None]:
    """A listener that throws must not end what runs in the background."""

    def guard(problem: Problem) -> None:
        try:
            report(problem)
        except Exception:
            logging.getLogger("tatbot_state").exception("whoever was told of a problem failed: %s", problem.message)

    return guard


def greeting(core: Core) -> Program[None]:
    """Makes sure that Redis answers, by a command that it never refuses to a node."""
    yield from ask("connecting", core.address, ("TIME",))


def first(
    node_id: str, total_strokes: int, stroke_length: int, scene_name: str, more: dict[str, Any]
) -> StrokeProgress:
    return StrokeProgress(
        node_id=node_id,
        total_strokes=total_strokes,
        stroke_length=stroke_length,
        scene_name=scene_name,
        is_executing=True,
        **more,
    )


def foreign_update(core: Core, session_id: str | None, changes: dict[str, Any]) -> Program[int]:
    if session_id is None:
        raise StateError(Reason.NOT_FOUND, "no stroke session runs here; call start_stroke_session first")
    return (yield from _foreign_update(core, keys.stroke_progress(session_id), changes))


def foreign_end(core: Core, session_id: str) -> Program[None]:
    yield from _foreign_end(core, keys.stroke_progress(session_id))


def current(sessions: Sequence[Versioned[StrokeProgress]]) -> Versioned[StrokeProgress] | None:
    running = [each for each in sessions if each.value.is_executing]
    return max(running, key=lambda each: each.last_updated) if running else None


def beating(node_id: str, health: NodeHealth | None) -> NodeHealth:
    """A heartbeat of this moment."""
    moment = wire_time.now()
    if health is None:
        return measured(node_id, moment)
    return health.replace(node_id=node_id, timestamp=moment, last_heartbeat=moment)


def status(
    nodes: Sequence[Versioned[NodeHealth]], sessions: Sequence[Versioned[StrokeProgress]]
) -> dict[str, Any]:
    """Under the names that older nodes know."""
    return {
        "redis_connected": True,
        "active_stroke_sessions": sum(each.value.is_executing for each in sessions),
        "nodes_online": sum(each.value.is_reachable for each in nodes),
        "total_nodes": len(nodes),
        "nodes_health": {each.key.id: each.value.to_dict() for each in nodes},
        "timestamp": wire_time.format(wire_time.now()),
    }


def publishing(core: Core, channel: str | Channel[Any], event: dict[str, Any] | Event) -> Program[int]:
    declared = channels.parse(channel) if isinstance(channel, str) else channel
    if declared is None:
        known = ", ".join(kind.template.text for kind in channels.ALL)
        raise InvalidValueError(f"{channel} is no channel of the schema, which has {known}; use system:events for others")
    if isinstance(event, Event):
        return (yield from core.publish(declared, event))
    values = {**event, "node_id": core.options.node_id, "timestamp": wire_time.format(wire_time.now())}
    read: Event = declared.read_dict(_json.read_object(_json.write(values)))
    # What the schema does not know goes out all the same.
    message = _json.write({**values, **read.to_dict()}).encode()
    return (yield from core.publish(declared, read, message))


def error(core: Core, category: str, message: str, details: dict[str, Any] | None) -> Program[int]:
    report = ErrorReport(node_id=core.options.node_id, category=category, message=message, details=details)
    return (yield from core.publish(channels.error_events(category), report))
