"""The registry's block `schedule`, and the hours in which a site may be crawled. Every figure here is a product default."""

from __future__ import annotations

import re
from datetime import time
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_WINDOW = re.compile(r"(?P<begin>\d\d:\d\d)-(?P<end>\d\d:\d\d|24:00)")


def clock_time(text: str) -> time:
    """`01:30` as a time of day. Raises ValueError."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no time of day; write e.g. 01:30, with quotes")
    return time(int(match[1]), int(match[2]))


def _clock(value: str) -> str:
    clock_time(value)
    return value


def span(text: str) -> tuple[time, time]:
    """`22:00-06:00` as begin and end; it may go over midnight, and begin and end alike mean the whole day. Raises ValueError."""
    match = _WINDOW.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no window of hours; write e.g. 22:00-06:00, or 00:00-24:00 for the whole day")
    return clock_time(match["begin"]), clock_time("00:00" if match["end"] == "24:00" else match["end"])


def _window(value: str) -> str:
    span(value)
    return value


ClockTime = Annotated[str, AfterValidator(_clock)]
Window = Annotated[str, AfterValidator(_window)]


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class ScheduleOptions(BaseModel):
    """When `gongkai schedule` runs what, in Asia/Shanghai."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    crawl_at: ClockTime = "01:30"
    crawl_window: Window = "00:00-24:00"
    probes_per_day: int = Field(default=24, ge=0, le=288)
    alert_every_minutes: int = Field(default=15, ge=1, le=1440)
    scorecard_on: Weekday = Weekday.MONDAY
    scorecard_at: ClockTime = "08:40"
    scorecard_send: bool = True
    late_minutes: int = Field(default=60, ge=1, le=1440)
