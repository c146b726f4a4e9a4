"""Civil days in Asia/Shanghai, and how they are written in Chinese."""

from __future__ import annotations

from datetime import date, datetime

from data.records import SHANGHAI


def civil(at: datetime) -> date:
    """The day of an instant in Asia/Shanghai."""
    return at.astimezone(SHANGHAI).date()


def zh_day(at: date | datetime) -> str:
    """2026年11月13日."""
    day = civil(at) if isinstance(at, datetime) else at
    return f"{day.year}年{day.month}月{day.day}日"
