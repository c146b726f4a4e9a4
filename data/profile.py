"""What a kind of unit has to have: the columns that its profile requires, beside those that were found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data.catalogue import ColumnType, load_columns
from data.records import Column
from data.registry import Site


@dataclass(frozen=True, slots=True)
class Required:
    """One column of the catalogue for a site: how strongly it is required, and where it was found."""

    column: ColumnType
    level: str  # must, should, optional
    found: tuple[Column, ...]


def compare_with_profile(site: Site, columns: Iterable[Column]) -> tuple[Required, ...]:
    """Every column that the site's profile knows, in catalogue order, the least deep find first."""
    by_id: dict[str, list[Column]] = {}
    for column in columns:
        if column.canonical is not None:
            by_id.setdefault(column.canonical, []).append(column)
    key = (site.profile or "").replace("-", "_")
    required = []
    for kind in load_columns().columns:
        level = kind.required_of.get(key, "no")
        found = tuple(sorted(by_id.get(kind.id, ()), key=lambda column: (column.depth, column.url)))
        if level != "no" or found:
            required.append(Required(kind, level, found))
    return tuple(required)
