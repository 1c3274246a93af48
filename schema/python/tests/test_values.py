"""What the classes let in, and what they refuse: the examples of the schema, and one mutation for each keyword of each field."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import schemas
from conftest import SCHEMA

from tatbot_state import channels, events, keys, models
from tatbot_state._objects import Object
from tatbot_state.errors import InvalidValueError
from tatbot_state.events import CustomEvent, HealthUpdate, ProgressUpdate, StateUpdate
from tatbot_state.models import NodeHealth, RobotState, StrokeProgress

CLASSES = {each.SCHEMA: each for each in (*models.ALL, *events.ALL)}
EXAMPLES = SCHEMA / "examples"
NODE = "hog"


def name(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def test_there_is_a_class_for_each_schema() -> None:
    assert set(CLASSES) == {name(file) for file in schemas.files()}


@pytest.mark.parametrize("schema", sorted(CLASSES))
def test_examples(schema: str) -> None:
    seen = 0
    fields, _ = schemas.flat(SCHEMA / f"{schema}.json")
    for file in sorted((EXAMPLES / schema).glob("*/*.json")):
        seen += 1
        data = file.read_bytes()
        if file.parent.name == "valid":
            value = CLASSES[schema].from_json(data)
            again = CLASSES[schema].from_json(value.to_json())
            assert again == value
            written = json.loads(value.to_json())
            for field, given in json.loads(data).items():
                if field in fields and given is not None:
                    assert comparable(written[field]) == comparable(given), field
        else:
            with pytest.raises(InvalidValueError):
                CLASSES[schema].from_json(data)
    assert seen > 3


def comparable(value: Any) -> Any:
    if isinstance(value, str) and value[:2] == "20" and "T" in value:
        return datetime.fromisoformat(value.replace("Z", "").split("+")[0].ljust(26, "0")[:26] if "." in value else value[:19])
    return value


@pytest.mark.parametrize("schema", sorted(CLASSES))
def test_one_mutation_for_each_keyword_of_each_field(schema: str) -> None:
    fields, required = schemas.flat(SCHEMA / f"{schema}.json")
    whole = schemas.whole(fields)
    CLASSES[schema].from_dict(whole)
    mutations = 0
    for field, described in fields.items():
        for keyword, value in schemas.wrong(described):
            assert not schemas.fits(described, value), (field, keyword, value)
            with pytest.raises(InvalidValueError) as refusal:
                CLASSES[schema].from_json(json.dumps(schemas.with_field(whole, field, value)))
            assert str(refusal.value).startswith(field), (field, keyword)
            mutations += 1
        null = schemas.with_field(whole, field, None)
        absent = {k: v for k, v in whole.items() if k != field}
        if "null" not in schemas.types(described):
            with pytest.raises(InvalidValueError, match=f"^{field} must be .*, was null"):
                CLASSES[schema].from_dict(null)
        if field in required:
            with pytest.raises(InvalidValueError, match=f"^{field} is required"):
                CLASSES[schema].from_dict(absent)
        else:
            for said in (absent, null) if "null" in schemas.types(described) else (absent,):
                value = CLASSES[schema].from_dict(said)
                kept = value.to_dict().get(field)
                assert kept == described.get("default"), field
    assert mutations > 20


@pytest.mark.parametrize("schema", sorted(CLASSES))
def test_values_at_the_bounds(schema: str) -> None:
    fields, _ = schemas.flat(SCHEMA / f"{schema}.json")
    whole = schemas.whole(fields)
    for field, described in fields.items():
        allowed: list[Any] = [described[bound] for bound in ("minimum", "maximum") if bound in described]
        allowed += [float(value) for value in allowed if abs(value) < 2**53]
        if "maxLength" in described:
            allowed += ["", "\U0001f58b" * described["maxLength"]]
        if "maxItems" in described:
            allowed += [[], [0] * described["maxItems"] if described["items"]["type"] == "number" else []]
        if "enum" in described:
            allowed += [value for value in described["enum"] if value is not None]
        for value in allowed:
            assert schemas.fits(described, value)
            CLASSES[schema].from_dict(schemas.with_field(whole, field, value))


@pytest.mark.parametrize("kind", ["keys", "channels"])
def test_examples_of_names(kind: str) -> None:
    for file in sorted((EXAMPLES / kind).glob("*/*/*.json")):
        example = json.loads(file.read_bytes())
        parsed: Any = (keys if kind == "keys" else channels).parse(example[kind[:-1]])
        if kind == "keys":
            assert (parsed is not None) == (file.parent.name == "valid"), file
        if parsed is not None and file.parent.name == "valid":
            assert parsed.kind.name.replace("_", "-") == file.parent.parent.name
            assert parsed.kind.of(*parsed.ids) == parsed
        if kind == "channels":
            valid = parsed is not None and reads(parsed, json.dumps(example["event"]))
            assert valid == (file.parent.name == "valid"), file


def reads(channel: Any, event: str) -> bool:
    try:
        channel.read(event)
        return True
    except InvalidValueError:
        return False


def test_names_are_made_by_functions_that_check() -> None:
    assert str(keys.robot_state(NODE)) == "robot:state:hog"
    assert str(channels.node_events(NODE)) == "node:events:hog"
    for hostile in ("", "hog:x", "*", "hog\n", "\u0661hog", "h" * 65):
        with pytest.raises(InvalidValueError, match="^node_id must match"):
            keys.robot_state(hostile)
        with pytest.raises(InvalidValueError, match="^node_id must match"):
            channels.node_events(hostile)


HEAD = '{"timestamp":"2025-08-18T20:09:37Z","node_id":"hog"'


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        "[]",
        "1",
        HEAD,
        HEAD + "}}",
        HEAD + "} x",
        HEAD + ',"node_id":"hog"}',
        HEAD + ',"other":{"a":1,"a":2}}',
        HEAD + ',"goal_time_slow":NaN}',
        HEAD + ',"goal_time_slow":Infinity}',
        HEAD + ',"other":NaN}',
        HEAD + ',"goal_time_slow":1e400}',
        HEAD + ',"goal_time_slow":01}',
        HEAD + ',"goal_time_slow":' + "9" * 1001 + "}",
        HEAD + ',"other":' + "9" * 1001 + "}",
        HEAD + ',"other":' + "[" * 500 + "]" * 500 + "}",
        HEAD + ',"current_pose":"\\ud83d"}',
        HEAD + ',"other":{"\\ud83d":1}}',
        HEAD + ',"current_pose":"a\nb"}',
        "\ufeff" + HEAD + "}",
    ],
)
def test_what_is_no_json_of_ours(text: str) -> None:
    with pytest.raises(InvalidValueError):
        RobotState.from_json(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "}",
        HEAD + ',"other":' + "[" * 499 + "]" * 499 + "}",
        HEAD + ',"other":"' + "[" * 600 + '"}',
        HEAD + ',"goal_time_slow":' + "9" * 300 + "}",
        HEAD + ',"goal_time_slow":-0.0}',
        HEAD + ',"current_pose":"\\ud83d\\ude00","\\ud83d\\ude00":1}',
    ],
)
def test_what_is_unusual_but_fits(text: str) -> None:
    RobotState.from_json(text.encode())


def test_bytes_that_are_not_utf_8() -> None:
    with pytest.raises(InvalidValueError, match="UTF-8"):
        RobotState.from_json((HEAD + ',"other":"').encode() + b'\xff"}')


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2025-08-18T20:09:37", 0),
        ("2025-08-18T20:09:37Z", 0),
        ("2025-08-18T20:09:37.1", 100_000),
        ("2025-08-18T20:09:37.123456789Z", 123_456),
        ("2025-08-18T22:09:37.5+02:00", 500_000),
        ("2025-08-18T20:09:37-00:00", 0),
        ("2025-08-19T14:09:37+18:00", 0),
    ],
)
def test_times(text: str, micros: int) -> None:
    state = RobotState.from_dict({"timestamp": text, "node_id": NODE})
    assert state.timestamp == datetime(2025, 8, 18, 20, 9, 37, micros, tzinfo=timezone.utc)
    assert state.to_dict()["timestamp"] == f"2025-08-18T20:09:37.{micros:06}Z"


@pytest.mark.parametrize("text", ["2025-08-18T20:09:37+18:01", "2025-08-18T20:09:37+02:60", "9999-12-31T23:59:59-01:00"])
def test_offsets_that_do_not_exist(text: str) -> None:
    with pytest.raises(InvalidValueError, match="^timestamp"):
        RobotState.from_dict({"timestamp": text, "node_id": NODE})


def test_a_time_without_a_zone_is_utc() -> None:
    bare = datetime(2025, 8, 18, 20, 9, 37)
    there = datetime(2025, 8, 18, 22, 9, 37, tzinfo=timezone(timedelta(hours=2)))
    assert RobotState(node_id=NODE, timestamp=bare) == RobotState(node_id=NODE, timestamp=there)
    assert datetime.now(timezone.utc) - RobotState(node_id=NODE).timestamp < timedelta(minutes=1)


def test_construction_is_checked_and_immutable() -> None:
    joints = [1, 2.5]
    state = RobotState(node_id=NODE, joints_l=joints)
    joints.append(3)
    assert state.joints_l == (1.0, 2.5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        state.node_id = "ook"  # type: ignore[misc]
    with pytest.raises(InvalidValueError, match="^cpu_percent must be from 0 to 100, was 101"):
        NodeHealth(node_id=NODE, cpu_percent=101)
    with pytest.raises(InvalidValueError, match="^stroke_idx"):
        StrokeProgress(node_id=NODE, stroke_idx=-1)
    with pytest.raises(InvalidValueError, match="^current_pose is required"):
        RobotState(node_id=NODE, current_pose=None)  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="^cpu_percent"):
        NodeHealth(node_id=NODE).replace(cpu_percent=float("nan"))


def test_open_objects_are_copied_and_bounded() -> None:
    inner: list[Any] = [1, {"a": None}]
    event = CustomEvent(type="x", data={"inner": inner})
    inner.append(2)
    assert event.to_dict()["data"] == {"inner": [1, {"a": None}]}
    deep: dict[str, Any] = {"a": 1}
    for _ in range(31):
        deep = {"a": deep}
    CustomEvent(type="x", data=deep)
    for refused in ({"a": deep}, {"a": 2**1024}, {"a": float("inf")}, {"a": object()}, {1: 2}, {"a": "\ud83d"}):
        with pytest.raises(InvalidValueError, match="^data"):
            CustomEvent(type="x", data=refused)  # type: ignore[arg-type]
    assert CustomEvent.from_json(CustomEvent(type="x", data={"a": 2**1024 - 1}).to_json()).data == {"a": 2**1024 - 1}


def test_an_event_carries_its_document_and_gives_it_back() -> None:
    progress = StrokeProgress(node_id=NODE, stroke_idx=5, stroke_description_l="true_blue", dataset_name="d")
    event = ProgressUpdate.of(progress, session_id="stroke_hog_1")
    assert event.description_l == "true_blue"
    assert ProgressUpdate.from_json(event.to_json()).document() == progress
    health = NodeHealth(node_id=NODE, cpu_percent=3)
    assert HealthUpdate.of(health).document() == health
    few = StateUpdate(node_id=NODE, is_connected_l=True, is_connected_r=False, current_pose="ready")
    assert few.document() is None


def test_every_field_says_what_it_means() -> None:
    source = Path(models.__file__).read_text(encoding="utf-8")
    for file in schemas.files():
        if file.parent.name == "models":
            for described in schemas.flat(file)[0].values():
                first = described["description"].split(". ")[0].split(",")[0][:40]
                assert first in source
    assert "Unit: rad/s." in source


def test_all_are_slotted() -> None:
    each: type[Object]
    for each in CLASSES.values():
        assert "__dict__" not in dir(each)
