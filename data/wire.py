"""Records to and from plain JSON values, by their type hints. One place, so no room writes its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def to_wire(value: Any) -> Any:
    """A record as JSON values: instants and dates in ISO 8601, tuples as lists, enums by value."""
    return msgspec.json.decode(msgspec.json.encode(value))


def from_wire(record: type[T], value: Mapping[str, Any]) -> T:
    """The record that to_wire gave; keys it does not know are ignored, so older rows can be read. Raises msgspec.ValidationError."""
    return msgspec.convert(value, record)
