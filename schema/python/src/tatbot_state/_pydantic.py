"""What all pydantic models have in common: they read and check as the dataclasses do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, TypeVar

import pydantic
from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, ValidationInfo, model_validator

from . import _json, wire_time
from ._objects import Object

if int(pydantic.VERSION.split(".")[0]) < 2:
    raise ImportError(
        f"tatbot_state.pydantic_models needs pydantic 2, found {pydantic.VERSION}; "
        "tatbot_state.models has the same documents without it"
    )

Self = TypeVar("Self", bound="StateModel")

Floats = Annotated[Sequence[float], AfterValidator(tuple)]
Texts = Annotated[Sequence[str], AfterValidator(tuple)]
WireTime = Annotated[datetime, PlainSerializer(wire_time.format, return_type=str, when_used="json")]


class StateModel(BaseModel):
    """A document or an event; immutable."""

    OF: ClassVar[type[Object]]
    """The dataclass with the same fields."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _checked(cls, values: Any, info: ValidationInfo) -> Any:
        if isinstance(values, Object):
            values = {field.name: getattr(values, field.attribute) for field in values.FIELDS}
        elif info.mode == "json" or not isinstance(values, Mapping):
            # What was read must say all that is required, be it that a constructor has a default for it.
            cls.OF.arguments(values)
        checked: dict[str, Any] = {}
        for field in cls.OF.FIELDS:
            value = values.get(field.name, values.get(field.attribute))
            if value is not None:
                checked[field.name] = field.check(value if isinstance(value, datetime) else field.read(value))
            elif field.name in values or field.attribute in values:
                field.check(None)
        return checked

    @classmethod
    def from_json(cls: type[Self], data: bytes | str) -> Self:
        """Reads UTF-8 JSON, with the verdict of every reader of the fleet; ``model_validate_json`` is more lenient."""
        values = _json.read_object(data)
        cls.OF.arguments(values)
        return cls.model_validate(values)

    def to_json(self) -> str:
        """It as JSON, as it goes over the wire."""
        return self.model_dump_json(by_alias=True, exclude_none=True)
