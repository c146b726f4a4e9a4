"""Records to and from plain JSON values, driven by their type hints. One place, so no room writes its own."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_wire(value: Any) -> Any:
    """A record as JSON values: instants and dates in ISO 8601, tuples as lists, enums by value."""
    if isinstance(value, StrEnum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_wire(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [to_wire(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_wire(item) for key, item in value.items()}
    return value


@cache
def _hints(record: type) -> dict[str, Any]:
    return get_type_hints(record)


def from_wire(record: type[T], value: Mapping[str, Any]) -> T:
    """The record that to_wire gave; keys it does not know are ignored, so older rows can be read. Raises TypeError, ValueError."""
    hints = _hints(record)  # type: ignore[arg-type]
    return record(**{name: _build(hint, value[name]) for name, hint in hints.items() if name in value})


def _build(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        options = [option for option in get_args(hint) if option is not type(None)]
        return _build(options[0], value) if len(options) == 1 else value
    if origin is tuple:
        return tuple(_build(get_args(hint)[0], item) for item in value)
    if isinstance(hint, type):
        if is_dataclass(hint):
            return from_wire(hint, value)
        if issubclass(hint, StrEnum):
            return hint(value)
        if issubclass(hint, datetime):
            return datetime.fromisoformat(value)
        if issubclass(hint, date):
            return date.fromisoformat(value)
    return value
