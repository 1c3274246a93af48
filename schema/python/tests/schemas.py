"""The schema as it is written, put together without the generator; and an opinion of its own on what fits it."""

from __future__ import annotations

import copy
import json
import math
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from conftest import SCHEMA


def load(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def resolve(field: dict[str, Any], file: Path) -> dict[str, Any]:
    own = dict(field)
    if "$ref" not in own:
        return own
    target, _, pointer = own.pop("$ref").partition("#")
    path = (file.parent / target).resolve()
    found: Any = load(path)
    for step in pointer.split("/")[1:]:
        found = found[step]
    return {**resolve(found, path), **own}


def flat(file: Path) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """Fields by name, and which of them are required."""
    source = load(file)
    fields: dict[str, dict[str, Any]] = {}
    required = set(source.get("required", ()))
    renames = source.get("x-rename", {})
    carried_fields: set[str] = set()
    for base in source.get("allOf", ()):
        path = (file.parent / base["$ref"]).resolve()
        inherited, needed = flat(path)
        required |= needed
        for name, field in inherited.items():
            carried = dict(field)
            if path.parent.name == "models" and file.parent.name == "events":
                # In an event an absent field says nothing.
                carried.pop("default", None)
                carried_fields.add(renames.get(name, name))
            fields.setdefault(renames.get(name, name), carried)
    for name, field in source["properties"].items():
        fields[name] = {**(fields.get(name, {}) if "const" in field else {}), **resolve(field, file)}
        if name in carried_fields:
            fields[name].pop("default", None)
    return fields, required


def files() -> list[Path]:
    return [
        file
        for folder in ("models", "events")
        for file in sorted((SCHEMA / folder).glob("*.json"))
        if file.stem not in ("base", "event")
    ]


def types(field: dict[str, Any]) -> list[str]:
    kind = field.get("type", "string")
    return list(kind) if isinstance(kind, list) else [kind]


def fits(field: dict[str, Any], value: Any) -> bool:
    """Whether JSON Schema lets a value in; null apart."""
    kind = types(field)[0]
    if "const" in field:
        return bool(value == field["const"])
    if "enum" in field:
        return value in field["enum"]
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("integer", "number"):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            return False
        if kind == "integer" and value != math.floor(value):
            return False
        return bool(field.get("minimum", -math.inf) <= value <= field.get("maximum", math.inf))
    if kind == "string":
        if not isinstance(value, str):
            return False
        if not field.get("minLength", 0) <= len(value) <= field.get("maxLength", math.inf):
            return False
        if "pattern" in field and re.fullmatch(field["pattern"][1:-1], value) is None:
            return False
        return field.get("format") != "utc-time" or is_time(value)
    if kind == "array":
        inner = field["items"]
        return (
            isinstance(value, list)
            and field.get("minItems", 0) <= len(value) <= field["maxItems"]
            and all(fits(inner, item) for item in value)
        )
    return isinstance(value, dict)


def is_time(text: str) -> bool:
    try:
        datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")
        return True
    except ValueError:
        return False


def good(field: dict[str, Any], name: str) -> Any:
    """A value that fits."""
    if "const" in field:
        return field["const"]
    if "enum" in field:
        return field["enum"][0]
    kind = types(field)[0]
    if kind == "boolean":
        return True
    if kind in ("integer", "number"):
        return field.get("maximum", field.get("minimum", 0)) if kind == "integer" else field.get("minimum", 0) + 0.5
    if kind == "array":
        return [0.5] * 7 if field["items"]["type"] == "number" else ["a"]
    if kind == "object":
        return {"a": [1, 2.5, None, {"b": "c"}]}
    if field.get("format") == "utc-time":
        return "2025-08-18T20:09:37.123456Z"
    if name == "event_id":
        return "1795395625000-0"
    return "hog"


def whole(fields: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {name: good(field, name) for name, field in fields.items()}


def wrong(field: dict[str, Any]) -> list[tuple[str, Any]]:
    """One value that does not fit for each keyword, with the keyword."""
    values: list[tuple[str, Any]] = []
    kind = types(field)[0]
    others: dict[str, list[Any]] = {
        "boolean": [1, 0, "true", [], {}],
        "integer": [True, "1", 1.5, [1], {}],
        "number": [True, "1", [1], {}, "NaN"],
        "string": [1, 1.5, True, ["a"], {}],
        "array": ["a", 1, {}, True],
        "object": ["a", 1, [], True],
    }
    values += [("type", other) for other in others[kind]]
    if "const" in field:
        values += [("const", field["const"] + "x"), ("const", "")]
    if "enum" in field:
        values += [("enum", "neither"), ("enum", "")]
    if "minimum" in field:
        values.append(("minimum", field["minimum"] - 1))
        if kind == "number":
            values.append(("minimum", field["minimum"] - 1e-9))
    if "maximum" in field:
        values.append(("maximum", field["maximum"] + 1))
    if "maxLength" in field:
        values += [("maxLength", "x" * (field["maxLength"] + 1)), ("maxLength", "\U0001f58b" * (field["maxLength"] + 1))]
    if "minLength" in field and field["minLength"] > 0:
        values.append(("minLength", ""))
    if "pattern" in field:
        fitting = good(field, "event_id" if "[0-9]{1,20}-" in field["pattern"] else "")
        values += [("pattern", ""), ("pattern", fitting + "\n"), ("pattern", " " + fitting), ("pattern", "\u0661" + fitting)]
    if field.get("format") == "utc-time":
        values += [
            ("format", "2025-02-30T20:09:37Z"),
            ("format", "2025-13-01T20:09:37Z"),
            ("format", "2025-08-18T24:00:00Z"),
            ("format", "2025-08-18T20:60:37Z"),
            ("format", "2025-08-18T20:09:60Z"),
            ("format", "2025-08-18"),
            ("format", "2025-08-18 20:09:37Z"),
            ("format", "2025-08-18T20:09:37.1234567890Z"),
        ]
    if "maxItems" in field:
        item: Any = 0.5 if field["items"]["type"] == "number" else "a"
        values += [("maxItems", [item] * (field["maxItems"] + 1)), ("items", [item, None]), ("items", [[item]])]
        values.append(("items", ["a"] if field["items"]["type"] == "number" else [1]))
    return values


def with_field(document: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    changed[name] = value
    return changed
