"""The package itself: its types, its wheel, the agent, and that no field is written twice."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import schemas
from conftest import HERE, PACKAGE, REPOSITORY, RedisServer, until

from tatbot_state import InvalidValueError, StateOptions, _log, _mailbox
from tatbot_state._watch import Change, Lost, Transition
from tatbot_state import channels, events, keys

SOURCES = HERE.parent / "src" / "tatbot_state"


def test_types() -> None:
    """mypy --strict: the package, the agent, and a program that uses it."""
    try:
        import pydantic

        without_pydantic = [] if pydantic.VERSION.startswith("2") else ["--exclude", "pydantic"]
    except ImportError:
        without_pydantic = ["--exclude", "pydantic"]
    found = subprocess.run(
        [
            sys.executable, "-m", "mypy", "--strict", "--python-version", "3.10" if sys.version_info < (3, 13) else "3.13",
            "--cache-dir", str(HERE.parent / "target" / "mypy"), "--no-error-summary", *without_pydantic,
            str(PACKAGE / "tatbot_state"), str(HERE.parent / "agent.py"), str(HERE / "uses.py"),
        ],
        capture_output=True, text=True, env={**os.environ, "MYPYPATH": str(PACKAGE)},
    )  # fmt: skip
    assert (found.returncode, found.stdout) == (0, ""), found.stdout + found.stderr


def test_wrong_types_are_found(tmp_path: Path) -> None:
    program = tmp_path / "wrong.py"
    program.write_text(
        "from tatbot_state import RobotState, keys\n"
        "RobotState(node_id=1)\n"
        "RobotState(node_id='hog', joint_l=[])\n"
        "keys.robot_state()\n"
    )
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(HERE.parent / "target" / "mypy"), str(program)],
        capture_output=True, text=True, env={**os.environ, "MYPYPATH": str(PACKAGE)},
    )  # fmt: skip
    errors = [line for line in found.stdout.splitlines() if line.startswith(str(program)) and ": error:" in line]
    assert [line.split(":")[1] for line in errors] == ["2", "3", "4"]


# What the calls of the client are named after; nothing else may know a field of the schema.
API = {
    "category", "cpu_percent", "data", "details", "disk_percent", "event_id", "is_connected_l", "is_connected_r",
    "is_executing", "is_paused", "is_reachable", "last_heartbeat", "memory_percent", "message", "node_id",
    "offset_idx_l", "offset_idx_r", "pose_idx", "previous_node_id", "reason", "rev", "scene_name", "seq", "seq_lost",
    "session_id", "stroke_description_l", "stroke_description_r", "stroke_idx", "stroke_length", "timestamp",
    "total_strokes", "type", "arm", "fence",
}  # fmt: skip


def test_no_field_is_written_by_hand_but_where_a_call_needs_it() -> None:
    fields = {field for file in schemas.files() for field in schemas.flat(file)[0]}
    written: set[str] = set()
    for source in SOURCES.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            names = (
                [node.attr] if isinstance(node, ast.Attribute)
                else [node.arg] if isinstance(node, (ast.arg, ast.keyword)) and node.arg
                else [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str)
                else []
            )  # fmt: skip
            written.update(fields.intersection(names))
    assert written <= API
    assert fields - API, "there are fields that no hand-written line knows"


def test_scripts_are_those_of_the_java_client() -> None:
    java = REPOSITORY / "state-client" / "src" / "main" / "resources" / "ai" / "tatbot" / "state" / "client" / "internal"
    assert not list(SOURCES.rglob("*.lua"))
    for script in java.glob("*.lua"):
        assert (PACKAGE / "tatbot_state" / "lua" / script.name).read_bytes() == script.read_bytes()


def test_the_wheel(tmp_path: Path) -> None:
    built = []
    for folder in ("first", "second"):
        subprocess.run(
            [sys.executable, "-I", str(HERE.parent / "make_wheel.py"), str(tmp_path / folder)], check=True, capture_output=True
        )
        built.append(next((tmp_path / folder).glob("*.whl")))
    assert built[0].read_bytes() == built[1].read_bytes(), "reproducible"
    with zipfile.ZipFile(built[0]) as wheel:
        names = set(wheel.namelist())
        assert {"tatbot_state/py.typed", "tatbot_state/models.py", "tatbot_state/lua/write.lua"} <= names
        assert not [name for name in names if "agent" in name or "test" in name or "pycache" in name]
        record = wheel.read(next(name for name in names if name.endswith("RECORD"))).decode()
        assert {line.split(",")[0] for line in record.splitlines()} == names
        for line in record.splitlines():
            name, digest, size = line.split(",")
            if digest:
                import base64

                data = wheel.read(name)
                wanted = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                assert (digest, size) == (f"sha256={wanted}", str(len(data)))
        wheel.extractall(tmp_path / "installed")
    run = subprocess.run(
        [sys.executable, "-c", "from tatbot_state import StateManager, keys; print(keys.robot_state('hog'))"],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "installed"), "PATH": os.environ["PATH"]},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert run.stdout.strip() == "robot:state:hog"


def test_the_agent(server: RedisServer) -> None:
    agent = subprocess.Popen(
        [sys.executable, str(HERE.parent / "agent.py")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(PACKAGE)},
    )  # fmt: skip
    assert agent.stdin is not None and agent.stdout is not None
    stdin, stdout = agent.stdin, agent.stdout

    def ask(**command: Any) -> dict[str, Any]:
        stdin.write(json.dumps(command) + "\n")
        stdin.flush()
        return dict(json.loads(stdout.readline()))

    document = {"timestamp": "2025-08-18T20:09:37", "node_id": "hog", "current_pose": "ready"}
    assert ask(do="validate", schema="models/robot-state", document=document)["valid"] is True
    refused = ask(do="validate", schema="models/robot-state", document={**document, "goal_time_slow": -1})
    assert refused["valid"] is False and refused["error"].startswith("goal_time_slow")
    for nonsense in ({"do": "fly"}, {}, {"do": "read", "key": "robot:state:hog"}):
        assert ask(**nonsense)["reason"] == "CRASHED"
    stdin.write("no json\n")
    stdin.flush()
    assert json.loads(stdout.readline())["reason"] == "CRASHED"
    assert ask(do="connect", env=server.environment(STATE_NODE_ID="ook")) == {"node_id": "ook"}
    assert ask(do="read", key="robot:state:hog") == {"document": None, "revision": None}
    assert ask(do="watch") == {"watching": True}
    until(lambda: ask(do="state")["live"])
    rev = ask(do="write", key="robot:state:hog", document=document)["revision"]
    assert ask(do="read", key="robot:state:hog")["revision"] == rev
    until(lambda: ask(do="seen", key="robot:state:hog")["revision"] == rev)
    event = {"type": "lights_on", "timestamp": "2025-08-18T20:09:37Z"}
    assert ask(do="publish", channel="system:events", event=event)["receivers"] == 1
    session = ask(do="start", total_strokes=3, stroke_length=4)
    assert ask(do="update", stroke_idx=1, pose_idx=2)["revision"] == session["revision"] + 1
    assert ask(do="end") == {"ended": True}
    told: list[dict[str, Any]] = []

    def all_told() -> bool:
        told.extend(ask(do="events")["events"])
        return len(told) == 3

    until(all_told)
    assert [each["event"]["type"] for each in told] == ["lights_on", "session_start", "session_end"]
    server.kill()
    failed = ask(do="read", key="robot:state:hog")
    assert failed["reason"] == "UNAVAILABLE"
    assert ask(do="close") == {"closed": True}
    stdin.close()
    assert agent.wait(10) == 0


def test_options_from_the_environment() -> None:
    options = StateOptions.from_environment(
        {"REDIS_HOST": "eek", "REDIS_PORT": "7000", "REDIS_PASSWORD": "pw", "REDIS_DB": "", "STATE_NODE_ID": "hog",
         "STATE_TIMEOUT": "0.5", "STATE_HEARTBEAT_INTERVAL": "300"}  # fmt: skip
    )
    assert (options.host, options.port, options.node_id, options.timeout) == ("eek", 7000, "hog", 0.5)
    assert options.heartbeat_interval == 30
    url = StateOptions.from_environment(
        {"REDIS_HOST": "other", "REDIS_URL": "rediss://hog:p%2Fw@eek:7001/2", "STATE_NODE_ID": "hog"}
    )
    assert (url.host, url.port, url.database, url.tls) == ("eek", 7001, 2, True)
    assert (url.username, url.password) == ("hog", "p/w")
    assert "p/w" not in repr(url)
    sentinels = StateOptions.from_environment({"REDIS_URL": "redis-sentinel://hog:s@eek,ook:7/0#tatbot", "STATE_NODE_ID": "a"})
    assert sentinels.sentinels == (("eek", 26379), ("ook", 7)) and sentinels.primary_name == "tatbot"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"REDIS_PORT": "x"}, "^REDIS_PORT: must be a number"),
        ({"REDIS_PORT": "1.5"}, "^REDIS_PORT: must be a whole number"),
        ({"REDIS_PORT": "70000"}, "^REDIS_PORT: port must be from 1"),
        ({"STATE_NODE_ID": "a:b"}, "^STATE_NODE_ID: node_id must match"),
        ({"STATE_TIMEOUT": "-1"}, "^STATE_TIMEOUT"),
        ({"REDIS_URL": "http://:secret@eek"}, "^REDIS_URL: the Redis URL must begin"),
        ({"REDIS_URL": "redis://:secret@"}, "^REDIS_URL: the Redis URL names no host"),
        ({"REDIS_URL": "redis-cluster://:secret@eek"}, "Cluster is not supported"),
        ({"REDIS_URL": "redis-sentinel://:secret@eek"}, "does not name the primary"),
        ({"REDIS_TLS_CERT_FILE": "x"}, "need each other"),
    ],
)
def test_wrong_variables_are_named(variables: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidValueError, match=words) as refusal:
        StateOptions.from_environment(variables)
    assert "secret" not in str(refusal.value)


def transition(number: int) -> Transition:
    event = events.CustomEvent(type=f"number.{number}")
    return Transition(channels.system_events(), event, False)


def test_a_slow_consumer_gets_the_latest_position_and_every_transition() -> None:
    box = _mailbox.Mailbox()
    key = keys.robot_state("hog")
    for number in range(500):
        box.put(Change(key, None, f"change {number}"))
        if number % 100 == 0:
            box.put(transition(number))
    items = []
    while box:
        items.append(box.take())
    assert [item.event.type for item in items if isinstance(item, Transition)] == [f"number.{n}" for n in range(0, 500, 100)]
    changes = [item for item in items if isinstance(item, Change)]
    assert len(changes) < 100 and changes[-1].cause == "change 499"
    small = _mailbox.Mailbox(most=3)
    for number in range(5):
        small.put(transition(number))
    taken = [small.take() for _ in range(4)]
    assert isinstance(taken[3], Lost) and taken[3].count == 2 and small.take() is None


def test_the_cursor_counts_what_is_missing() -> None:
    epoch = 17_955_395_000 * 100_000
    cursor = _log.Cursor("5-0", epoch + 3)
    assert cursor.is_next(epoch + 4, 0) and not cursor.is_next(epoch + 5, 0)
    assert cursor.advance("6-0", epoch + 4, 0) == 0
    assert cursor.advance("9-0", epoch + 7, 0) == 2
    # A log begun anew after a loss: four that the writer was given before are gone, and one of the new one.
    assert cursor.advance("20-0", epoch + 300_002, 0) == 1
    assert cursor.advance("21-0", epoch + 300_003, epoch + 11) == 4
    assert cursor.advance("22-0", epoch + 300_004, epoch + 11) == 0
    back = _log.Cursor("30-0", epoch + 30)
    back.go_back_to(_log.Cursor("20-0", epoch + 20))
    assert (back.id, back.seq) == ("20-0", epoch + 20)


def test_examples_of_the_readme_compile() -> None:
    readme = (HERE.parent / "README.md").read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in readme.split("```python\n")[1:]]
    assert len(blocks) >= 3
    for block in blocks:
        compile(block, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


