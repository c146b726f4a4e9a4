"""The registry's blocks `notices` and `findings`: when people are told what, and how long a finding may rest.

Every figure here is a product default; no document states them.
"""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_MINUTES = 24 * 60


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _minutes(text: str) -> tuple[int, int] | None:
    match = _HOURS.fullmatch(text)
    if match is None:
        return None
    first_hour, first, last_hour, last = (int(part) for part in match.groups())
    begin, end = first_hour * 60 + first, last_hour * 60 + last
    return (begin, end) if first < 60 and last < 60 and begin < end <= _MINUTES else None


def _hours(value: str) -> str:
    if _minutes(value) is None:
        raise ValueError(f"{value!r} are no hours of a day; write e.g. 08:30-17:30, or 00:00-24:00 for all of it")
    return value


Hours = Annotated[str, AfterValidator(_hours)]


def opens_at(hours: str) -> time:
    """When a span of hours begins."""
    begin, _ = _minutes(hours) or (0, _MINUTES)
    return time(begin // 60, begin % 60)


def within(hours: str, clock: time) -> bool:
    """Whether a time of day lies in a span of hours; its end does not."""
    begin, end = _minutes(hours) or (0, _MINUTES)
    return begin <= clock.hour * 60 + clock.minute < end


class Ladder(_Strict):
    """The steps of escalation, in working days after the day by which a finding was to be mended."""

    reminder: int = Field(default=1, ge=1, le=250)
    urge: int = Field(default=5, ge=1, le=250)
    supervisor: int = Field(default=10, ge=1, le=250)

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        if not self.reminder < self.urge < self.supervisor:
            raise ValueError(
                f"reminder {self.reminder}, urge {self.urge}, supervisor {self.supervisor}: each step comes later than the one before"
            )
        return self


def _stages(value: tuple[int, ...]) -> tuple[int, ...]:
    if any(days < 0 for days in value) or list(value) != sorted(set(value), reverse=True):
        raise ValueError(f"{list(value)}: expected working days before a deadline, the longest first, such as [5, 2, 0]")
    return value


class NoticeOptions(_Strict):
    """When people are told what."""

    hours: Hours = "08:30-17:30"
    workdays_only: bool = True
    urgent_hours: Hours = "07:00-22:00"
    baseline_days: int = Field(default=7, ge=0, le=90)
    due_soon: Annotated[tuple[int, ...], AfterValidator(_stages)] = (5, 2, 0)
    remind_before: int = Field(default=2, ge=0, le=60)
    ladder: Ladder = Ladder()
    remind_every: int = Field(default=10, ge=0, le=250)
    fresh_days: int = Field(default=7, ge=1, le=60)
    observed_days: int = Field(default=10, ge=1, le=60)
    incident_sites: int = Field(default=3, ge=2)
    full_items: int = Field(default=20, ge=1)


class FindingOptions(_Strict):
    """What a waiver and an explanation (情况说明) may be."""

    waiver_days: int = Field(default=366, ge=1)
    explanation_coefficient: float = Field(default=0.8, ge=0, le=1)
    explanation_days: int = Field(default=92, ge=1)
    explanation_times: int = Field(default=2, ge=0)


def typed(key: str, text: str) -> Any:
    """A sheet's cell of `notices.KEY` as the YAML would hold it; text that is no such value is left for validation to name."""
    if key in ("hours", "urgent_hours"):
        return text
    if key == "workdays_only":
        return text.strip().lower() not in ("false", "0", "no", "否")
    parts = [part for part in re.split(r"[,，;；\s]+", text.strip("[] ")) if part]
    numbers = [int(float(part)) if re.fullmatch(r"\d+(\.0)?", part) else part for part in parts]
    return numbers if key == "due_soon" else (numbers[0] if len(numbers) == 1 else text)
