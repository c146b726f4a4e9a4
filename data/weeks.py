"""Closed weeks' figures, kept for trend and change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select

from data.database import Database
from data.models import WeekScoreRow


def save_week(database: Database, week: str, figures: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep a week's figures, site id -> JSON values; what was kept of that week is replaced."""
    with database.session() as session:
        session.execute(delete(WeekScoreRow).where(WeekScoreRow.week == week))
        if figures:
            session.execute(
                insert(WeekScoreRow), [{"week": week, "site": site, "figures": dict(values)} for site, values in figures.items()]
            )


def load_weeks(database: Database, since: str = "") -> tuple[Mapping[str, Any], ...]:
    """Every kept week's figures from a week on, oldest week first."""
    query = select(WeekScoreRow.figures).where(WeekScoreRow.week >= since).order_by(WeekScoreRow.week, WeekScoreRow.site)
    with database.session() as session:
        return tuple(session.execute(query).scalars())
