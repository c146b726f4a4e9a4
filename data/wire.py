"""Records to and from plain JSON values, driven by their type hints. One place, so no room writes its own."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_wire(value: Any) -> Any:
    """A record as JSON values: instants and dates in ISO 8601, tuples as lists, enums by value."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, StrEnum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_wire(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [to_wire(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_wire(item) for key, item in value.items()}
    return value


@cache
def _names(record: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))


def from_wire(record: type[T], value: Mapping[str, Any]) -> T:
    """The record that to_wire gave; keys it does not know are ignored, so older rows can be read. Raises TypeError, ValueError."""
    return record(**{name: build(value[name]) for name, build in _builders(record) if name in value})  # type: ignore[arg-type]


Builder = Callable[[Any], Any]


@cache
def _builders(record: type) -> tuple[tuple[str, Builder], ...]:
    return tuple((name, _builder(hint)) for name, hint in get_type_hints(record).items())


@cache
def _builder(hint: Any) -> Builder:
    """How a value of a field is built; found once a type, because a round reads tens of thousands of records."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        options = [option for option in get_args(hint) if option is not type(None)]
        return _builder(options[0]) if len(options) == 1 else _as_it_is
    if origin is tuple:
        inner = _builder(get_args(hint)[0])
        return lambda value: None if value is None else tuple(inner(item) for item in value)
    if isinstance(hint, type):
        if is_dataclass(hint):
            return lambda value: None if value is None else from_wire(hint, value)
        if issubclass(hint, StrEnum):
            return lambda value: None if value is None else hint(value)
        if issubclass(hint, datetime):
            return lambda value: None if value is None else datetime.fromisoformat(value)
        if issubclass(hint, date):
            return lambda value: None if value is None else date.fromisoformat(value)
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
