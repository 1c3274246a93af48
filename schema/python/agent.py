"""Does what it is told: one JSON object a line on stdin, one on stdout. For tests across languages; not part of the package.

    {"do":"validate","schema":"models/robot-state","document":{...}}   {"valid":true} or {"valid":false,"error":"..."}
    {"do":"validate","schema":"models/robot-state","json":"..."}       the same of a text, which need not be JSON
    {"do":"connect","env":{...},"broken":"..."}                        {"node_id":"..."}; broken: see BROKEN, for readers that must fail
    {"do":"write","key":"robot:state:hog","document":{...}}            {"revision":n}
    {"do":"read","key":"..."}                                          {"document":{...} or null,"revision":n or null}
    {"do":"watch"}                                                     {"watching":true}
    {"do":"seen","key":"..."}                                          {"document":...,"revision":...}
    {"do":"state"}                                                     {"live":true or false,"stale_ms":n,"condition":"..."}
    {"do":"events"}                                                    {"events":[{"channel":...,"event":{...},"caught_up":...}],
                                                                        "changes":[{"key":...,"cause":...,"revision":n}]}: what
                                                                        was told since the last ask; where some are lost,
                                                                        {"event":{"type":"lost","count":n}}. The cause is
                                                                        "updated" of what a message has told
    {"do":"publish","channel":"...","event":{...}}                     {"receivers":n}
    {"do":"start","total_strokes":n,"stroke_length":n,"scene_name":"..."}   {"session_id":"...","revision":n}
    {"do":"update","stroke_idx":n,"pose_idx":n}                        {"revision":n}
    {"do":"pause"}, {"do":"resume"}, {"do":"end"}                      {"revision":n}, {"revision":n}, {"ended":true}
    {"do":"take-over","session_id":"..."}                              {"session_id":"...","revision":n}
    {"do":"robot","document":{...}}                                    {"revision":n}: its own robot's state
    {"do":"health","document":{...}}                                   {"revision":n}: a heartbeat of this moment
    {"do":"leave"}                                                     {"left":true}
    {"do":"status"}                                                    {"nodes":n,"sessions":n}
    {"do":"close"}                                                     {"closed":true}

What is refused is answered by {"error":"...","reason":"..."}: the client's own reason, or INVALID_VALUE. What was not foreseen has the reason CRASHED,
which is never a refusal: whoever asked has a mistake to mend, here or in the client.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import traceback
from typing import Any, Callable

from tatbot_state import (
    Change,
    InvalidValueError,
    Lost,
    StateError,
    StateManager,
    StateOptions,
    StrokeSession,
    Transition,
    Versioned,
    Watch,
    channels,
    events,
    keys,
    models,
)
from tatbot_state._objects import Document, Event, Object
from tatbot_state._view import Outcome, View
from tatbot_state._watch import News, WatchCore

SCHEMAS: dict[str, type[Object]] = {each.SCHEMA: each for each in (*models.ALL, *events.ALL)}


def version(found: Versioned[Any] | None) -> dict[str, Any]:
    if found is None:
        return {"document": None, "revision": None}
    return {"document": found.value.to_dict(), "revision": found.rev}


class KeepsWhatIsGone(View):
    """Never learns that a document has expired, or was deleted."""

    def _forget(self, read: Any, track: Any) -> None:
        return


class TakesWhatIsOvertaken(View):
    """Takes over every event, however old."""

    def apply_event(self, key: Any, event: Event) -> Outcome:
        track = self._tracks.get(key)
        if track is not None:
            track.value = None
        return super().apply_event(key, event)


class Deaf(View):
    """Takes over nothing of what is published; finds it when everything is read again, every two seconds."""

    def apply_event(self, key: Any, event: Event) -> Outcome:
        return Outcome.DONE


def keep_what_is_gone(watch: WatchCore) -> None:
    watch.view.__class__ = KeepsWhatIsGone


def take_what_is_overtaken(watch: WatchCore) -> None:
    watch.view.__class__ = TakesWhatIsOvertaken


def be_deaf(watch: WatchCore) -> None:
    watch.view.__class__ = Deaf


class IgnoresGaps(WatchCore):
    """Tells of transitions as they are published, and does not ask what was missed between two."""

    def _on_transition(self, channel: Any, event: Event) -> None:
        self._tell(Transition(channel, event, False))

    def _catch_up(self) -> Any:
        self._log_due = self._catching_up = False
        return
        yield


class ReadsOnce(WatchCore):
    """Reads what is there when it begins, and from then on only listens."""

    def _owe(self, key: Any, since: float | None = None) -> None:
        return

    def _read_all(self, cause: str) -> Any:
        yield from super()._read_all(cause)
        self._reconcile_at = float("inf")

    def message(self, channel: str, data: bytes) -> None:
        super().message(channel, data)
        self._reconcile_at = float("inf")


def ignore_gaps(watch: WatchCore) -> None:
    watch.__class__ = IgnoresGaps


def read_once(watch: WatchCore) -> None:
    watch.__class__ = ReadsOnce


def tell_twice(watch: WatchCore) -> None:
    """Tells each transition once more when the next one comes."""
    tell, told = watch._tell, list[Transition]()

    def again(news: News) -> None:
        if isinstance(news, Transition):
            for each in told:
                tell(each)
            told[:] = [news]
        tell(news)

    watch._tell = again


BROKEN: dict[str, Callable[[WatchCore], None]] = {
    "keeps-what-is-gone": keep_what_is_gone,
    "takes-what-is-overtaken": take_what_is_overtaken,
    "ignores-gaps": ignore_gaps,
    "reads-once": read_once,
    "deaf": be_deaf,
    "tells-twice": tell_twice,
}
"""What a reader may do wrong, each in the client's own code; the cases of ``conformance/readers`` must tell."""


class Agent:
    def __init__(self) -> None:
        self.state: StateManager | None = None
        self.view: Watch | None = None
        self.session: StrokeSession | None = None
        self.told: queue.Queue[Any] = queue.Queue()
        self.broken: Callable[[WatchCore], None] | None = None

    def manager(self) -> StateManager:
        if self.state is None:
            raise RuntimeError("connect first")
        return self.state

    def running(self) -> StrokeSession:
        if self.session is None:
            raise RuntimeError("start first")
        return self.session

    def watching(self) -> Watch:
        if self.view is None:
            raise RuntimeError("watch first")
        return self.view

    def validate(self, command: dict[str, Any]) -> dict[str, Any]:
        schema = SCHEMAS.get(command["schema"])
        if schema is None:
            raise LookupError(f"no schema is named {command['schema']}")
        try:
            given = command.get("json")
            value = schema.from_json(json.dumps(command["document"]) if given is None else given)
        except InvalidValueError as e:
            return {"valid": False, "error": str(e)}
        return {"valid": True, "document": value.to_dict()}

    def connect(self, command: dict[str, Any]) -> dict[str, Any]:
        self.close({})
        self.state = StateManager(options=StateOptions.from_environment(command["env"]), heartbeats=False)
        self.state.connect()
        self.broken = BROKEN[command["broken"]] if "broken" in command else None
        return {"node_id": self.state.node_id}

    def write(self, command: dict[str, Any]) -> dict[str, Any]:
        key = keys.parse(command["key"])
        if key is None or key.kind.model is None:
            raise LookupError(f"{command['key']} is no key of a document")
        document: Document = key.kind.model.from_dict(command["document"])
        return {"revision": self.manager().put(key, document)}

    def read(self, command: dict[str, Any]) -> dict[str, Any]:
        key = keys.parse(command["key"])
        if key is None or key.kind.model is None:
            raise LookupError(f"{command['key']} is no key of a document")
        return version(self.manager().read(key))

    def watch(self, _: dict[str, Any]) -> dict[str, Any]:
        if self.view is not None:
            self.view.close()
        self.view = self.begin(self.manager())
        self.told = queue.Queue()
        started = threading.Event()
        threading.Thread(target=self._listen, args=(self.view, self.told, started), daemon=True).start()
        started.wait()
        return {"watching": True}

    def begin(self, manager: StateManager) -> Watch:
        if self.broken is None:
            return manager.watch()
        view = Watch(manager)
        self.broken(view._watch)
        manager._open.append(view)
        view._feed.start()
        return view

    @staticmethod
    def _listen(view: Watch, told: queue.Queue[Any], started: threading.Event) -> None:
        news = view.news()
        for item in news:
            started.set()
            told.put(item)

    def seen(self, command: dict[str, Any]) -> dict[str, Any]:
        key = keys.parse(command["key"])
        return version(None if key is None else self.watching().get(key))

    def condition(self, _: dict[str, Any]) -> dict[str, Any]:
        status = self.watching().status()
        return {"live": status.is_live, "stale_ms": status.stale_ms, "condition": status.condition}

    def events(self, _: dict[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = {"events": [], "changes": []}
        while True:
            try:
                item = self.told.get_nowait()
            except queue.Empty:
                return said
            if isinstance(item, Transition):
                event: Event = item.event
                said["events"].append(
                    {"channel": item.channel.name, "event": event.to_dict(), "caught_up": item.caught_up}
                )
            elif isinstance(item, Lost):
                said["events"].append({"event": {"type": "lost", "count": item.count}})
            elif isinstance(item, Change):
                said["changes"].append({"key": item.key.name, "cause": item.cause, **version(item.value)})

    def publish(self, command: dict[str, Any]) -> dict[str, Any]:
        channel = channels.parse(command["channel"])
        if channel is None:
            raise LookupError(f"{command['channel']} is no channel of the schema")
        event: Event = channel.read_dict(command["event"])
        return {"receivers": self.manager().publish_event(channel, event)}

    def start(self, command: dict[str, Any]) -> dict[str, Any]:
        arguments = {name: value for name, value in command.items() if name != "do"}
        self.session = self.manager().stroke_session(**arguments)
        return {"session_id": self.session.id, "revision": self.session.revision}

    def update(self, command: dict[str, Any]) -> dict[str, Any]:
        arguments = {name: value for name, value in command.items() if name != "do"}
        return {"revision": self.running().update(**arguments)}

    def end(self, _: dict[str, Any]) -> dict[str, Any]:
        self.running().end()
        return {"ended": True}

    def hold(self, command: dict[str, Any]) -> dict[str, Any]:
        session = self.running()
        if command["do"] == "pause":
            session.pause()
        else:
            session.resume()
        return {"revision": session.revision}

    def robot(self, command: dict[str, Any]) -> dict[str, Any]:
        state: models.RobotState = models.RobotState.from_dict(command["document"])
        return {"revision": self.manager().update_robot_state(state)}

    def health(self, command: dict[str, Any]) -> dict[str, Any]:
        health: models.NodeHealth = models.NodeHealth.from_dict(command["document"])
        return {"revision": self.manager().update_node_health(health)}

    def leave(self, _: dict[str, Any]) -> dict[str, Any]:
        manager = self.manager()
        manager._run(manager._core.leave(manager.node_id))
        return {"left": True}

    def status(self, _: dict[str, Any]) -> dict[str, Any]:
        status = self.manager().get_system_status()
        return {"nodes": status["total_nodes"], "sessions": status["active_stroke_sessions"]}

    def take_over(self, command: dict[str, Any]) -> dict[str, Any]:
        self.session = self.manager().take_over_stroke_session(command["session_id"])
        return {"session_id": self.session.id, "revision": self.session.revision}

    def close(self, _: dict[str, Any]) -> dict[str, Any]:
        state, self.state, self.view, self.session = self.state, None, None, None
        if state is not None:
            state.close()
        return {"closed": True}

    def answer(self, line: str) -> dict[str, Any]:
        try:
            command = json.loads(line)
            do = command["do"]
            known: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
                "validate": self.validate,
                "connect": self.connect,
                "write": self.write,
                "read": self.read,
                "watch": self.watch,
                "seen": self.seen,
                "state": self.condition,
                "events": self.events,
                "publish": self.publish,
                "start": self.start,
                "update": self.update,
                "pause": self.hold,
                "resume": self.hold,
                "end": self.end,
                "robot": self.robot,
                "health": self.health,
                "leave": self.leave,
                "status": self.status,
                "take-over": self.take_over,
                "close": self.close,
            }
            if do not in known:
                raise LookupError(f"nobody knows how to do {do}")
            return known[do](command)
        except StateError as e:
            return {"error": str(e), "reason": e.reason.name}
        except InvalidValueError as e:
            return {"error": str(e), "reason": "INVALID_VALUE"}
        except Exception as e:
            traceback.print_exc()
            return {"error": f"{type(e).__name__}: {e}", "reason": "CRASHED"}


def main() -> None:
    agent = Agent()
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(agent.answer(line)), flush=True)
    agent.close({})


if __name__ == "__main__":
    main()
