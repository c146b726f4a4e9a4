"""Whether the rows of a walk are those of one slice of a list alone (P21): one year's, one month's, one kind's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from data.records import Choice, ListEntry

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def spans(choice: Choice, entries: Iterable[ListEntry]) -> bool:
    """Whether the rows go beyond what one choice shows. No row at all goes beyond nothing."""
    rows = tuple(entries)
    if choice.kind == "years":
        return _years(choice, rows)
    if choice.kind == "months":
        return len({row.date.value.month for row in rows if row.date is not None}) > 1
    named = {name for row in rows for name in choice.names if _names(row, name)}
    return len(named) > 1


def _years(choice: Choice, rows: tuple[ListEntry, ...]) -> bool:
    """Years are told by the rows' dates; or by their titles, for the report on one year comes in the next.

    Where the page marks whose rows it shows, and they are another year's, the choice is not of this list.
    """
    dated = {row.date.value.year for row in rows if row.date is not None}
    titled = [told for row in rows if (told := {int(year) for year in _YEAR.findall(row.title)})]
    common = set.intersection(*titled) if titled else set()
    shown = int(choice.shown) if choice.shown is not None else None
    if shown is None:
        return len(dated) > 1 and not common if dated else bool(titled) and not common
    if len(dated) == 1:
        return not (dated & {shown, shown + 1}) and shown not in common
    return shown not in common if dated or titled else False


def _names(row: ListEntry, name: str) -> bool:
    """Whether a row says that it is of a kind: in a cell, as its section, in brackets before its title."""
    return (
        row.section == name or any(cell.value == name for cell in row.cells) or bool(re.match(rf"[\[【〔（(]{re.escape(name)}", row.title))
    )
