"""Runs of readings that came to the same: the last row of each address, which the next reading extends or ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import FileTextRow, LinkVisitRow

_AT_ONCE = 500  # addresses of one statement
_Run = TypeVar("_Run", FileTextRow, LinkVisitRow)


def last_runs(session: Session, model: type[_Run], site: str, keys: Sequence[bytes]) -> dict[bytes, _Run]:
    """By url_hash: the last row of each of a site's addresses that has any."""
    last: dict[bytes, _Run] = {}
    for start in range(0, len(keys), _AT_ONCE):
        for row in session.execute(
            select(model)
            .where(model.site == site, model.url_hash.in_(keys[start : start + _AT_ONCE]))
            .order_by(model.observed_from, model.id)
        ).scalars():
            last[row.url_hash] = row
    return last
