"""The pydantic models give the same verdicts as the dataclasses. Collected where pydantic 2 is."""

from __future__ import annotations

import json
from typing import Any

import pydantic
import pytest
import schemas
from conftest import SCHEMA

from tatbot_state import events, models, pydantic_models
from tatbot_state.errors import InvalidValueError

CLASSES = {each.SCHEMA: each for each in (*models.ALL, *events.ALL)}
PYDANTIC = {each.OF.SCHEMA: each for each in pydantic_models.ALL}


def verdict(read: Any) -> Any:
    try:
        return read()
    except (InvalidValueError, pydantic.ValidationError):
        return None


def test_there_is_a_model_for_each_class() -> None:
    assert set(PYDANTIC) == set(CLASSES)


@pytest.mark.parametrize("schema", sorted(CLASSES))
def test_the_same_verdict_on_examples_and_mutations(schema: str) -> None:
    plain, model = CLASSES[schema], PYDANTIC[schema]
    texts = [file.read_text(encoding="utf-8") for file in sorted((SCHEMA / "examples" / schema).glob("*/*.json"))]
    fields, _ = schemas.flat(SCHEMA / f"{schema}.json")
    whole = schemas.whole(fields)
    for field, described in fields.items():
        texts.append(json.dumps(schemas.with_field(whole, field, None)))
        texts += [json.dumps(schemas.with_field(whole, field, value)) for _, value in schemas.wrong(described)]
    accepted = 0
    for text in texts:
        expected, found = verdict(lambda: plain.from_json(text)), verdict(lambda: model.from_json(text))
        by_pydantic = verdict(lambda: model.model_validate_json(text))
        assert (expected is None) == (found is None) == (by_pydantic is None), text[:200]
        if expected is not None:
            accepted += 1
            assert found == by_pydantic
            assert json.loads(found.to_json()) == expected.to_dict()
            assert model.model_validate(expected) == found
            assert plain.from_json(found.to_json()) == expected
    assert 0 < accepted < len(texts)


def test_models_are_made_by_name_and_frozen() -> None:
    state = pydantic_models.RobotState(node_id="hog", joints_l=[1, 2])
    assert state.joints_l == (1.0, 2.0) and state.goal_time_slow == 2.0
    with pytest.raises(pydantic.ValidationError, match="node_id must match"):
        pydantic_models.RobotState(node_id="h:g")
    with pytest.raises(pydantic.ValidationError):
        state.node_id = "ook"  # type: ignore[misc]


def test_the_bounds_are_in_the_schema_that_pydantic_makes() -> None:
    made = pydantic_models.NodeHealth.model_json_schema()["properties"]
    assert (made["cpu_percent"]["minimum"], made["cpu_percent"]["maximum"]) == (0, 100)
    assert "percent" in made["cpu_percent"]["description"]
