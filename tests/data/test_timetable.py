"""When tasks run: cases at midnight, over midnight, at the ends of windows, and after a machine was off."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from data.errors import RegistryError
from data.records import SHANGHAI
from data.registry import Registry
from data.schedule import Task
from data.timetable import Kind, is_open, missed, next_run, tasks

TEXT = """
version: 1
sites:
  - {id: day, name: 甲, profile: town, home: "http://127.0.0.1/"}
  - {id: night, name: 乙, profile: town, home: "http://127.0.0.2/", crawl: {window: "22:00-06:00"}}
  - {id: noon, name: 丙, profile: town, home: "http://127.0.0.3/", crawl: {window: "12:00-14:00"}}
schedule: {crawl_at: "01:30", probes_per_day: 24, alert_every_minutes: 15, scorecard_on: monday, scorecard_at: "07:00"}
"""
REGISTRY = Registry.parse(TEXT, "registry.yml")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NEXT = [
    (Kind.CRAWL, "day", "2026-11-24T01:29:59", "2026-11-24T01:30"),
    (Kind.CRAWL, "day", "2026-11-24T01:30", "2026-11-25T01:30"),
    (Kind.CRAWL, "day", "2026-12-31T12:00", "2027-01-01T01:30"),
    (Kind.CRAWL, "night", "2026-11-24T12:00", "2026-11-25T01:30"),
    (Kind.CRAWL, "noon", "2026-11-24T01:00", "2026-11-24T12:00"),
    (Kind.CRAWL, "noon", "2026-11-24T12:00", "2026-11-25T12:00"),
    (Kind.PROBE, None, "2026-11-24T01:00", "2026-11-24T02:00"),
    (Kind.PROBE, None, "2026-11-24T23:59", "2026-11-25T00:00"),
    (Kind.ALERT, None, "2026-11-24T08:29", "2026-11-24T08:30"),
    (Kind.CHECK, None, "2026-11-24T05:00", "2026-11-25T13:30"),
    (Kind.SCORECARD, None, "2026-11-24T12:00", "2026-11-30T07:00"),
    (Kind.SCORECARD, None, "2026-11-30T06:59", "2026-11-30T07:00"),
    (Kind.SCORECARD, None, "2026-11-30T07:00", "2026-12-07T07:00"),
]


@pytest.mark.parametrize(("kind", "site", "after", "expected"), NEXT)
def test_next_run(kind: Kind, site: str | None, after: str, expected: str) -> None:
    assert next_run(REGISTRY, kind, site, at(after)) == at(expected)


def test_probes_are_spaced_and_enough_for_the_rule() -> None:
    moment, seen = at("2026-11-24T00:00"), []
    while moment < at("2026-11-25T00:00"):
        moment = next_run(REGISTRY, Kind.PROBE, None, moment)
        seen.append(moment)
    assert len(seen) == 24
    assert {later - earlier for earlier, later in pairwise(seen)} == {timedelta(hours=1)}


OPEN = [
    ("22:00-06:00", "22:00", True), ("22:00-06:00", "03:00", True), ("22:00-06:00", "06:00", False), ("22:00-06:00", "21:59", False),
    ("12:00-14:00", "12:00", True), ("12:00-14:00", "14:00", False), ("00:00-24:00", "23:59", True), ("20:00-24:00", "23:59", True),
    ("20:00-24:00", "00:00", False),
]  # fmt: skip


@pytest.mark.parametrize(("window", "clock", "expected"), OPEN)
def test_windows(window: str, clock: str, expected: bool) -> None:
    assert is_open(window, at(f"2026-11-24T{clock}")) is expected


MISSED = [
    (Kind.CRAWL, "2026-11-24T01:30", "2026-11-24T02:29", 0),
    (Kind.CRAWL, "2026-11-24T01:30", "2026-11-24T02:30", 1),
    (Kind.CRAWL, "2026-11-24T01:30", "2026-11-27T09:00", 4),
    (Kind.PROBE, "2026-11-24T01:00", "2026-11-24T11:30", 10),
    (Kind.CHECK, "2026-11-24T01:00", "2026-11-27T11:30", 0),
    (Kind.SCORECARD, "2026-11-23T07:00", "2026-11-24T09:00", 1),
    (Kind.SCORECARD, "2026-11-09T07:00", "2026-11-24T09:00", 3),
]


@pytest.mark.parametrize(("kind", "due", "now", "runs"), MISSED)
def test_missed_runs(kind: Kind, due: str, now: str, runs: int) -> None:
    task = Task("x", kind, "day" if kind is Kind.CRAWL else None, at(due))
    assert missed(REGISTRY, task, at(now)) == runs


def test_every_site_has_its_crawl_and_probes_may_be_off() -> None:
    assert [task.id for task in tasks(REGISTRY, at("2026-11-24T12:00"))] == [
        "crawl:day", "crawl:night", "crawl:noon", "probe", "check", "alert", "scorecard",
    ]  # fmt: skip
    without = Registry.parse(TEXT.replace("probes_per_day: 24", "probes_per_day: 0"), "registry.yml")
    assert "probe" not in {task.id for task in tasks(without, at("2026-11-24T12:00"))}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('crawl_at: "25:00"', "is no time of day"),
        ('crawl_at: "1:30"', "is no time of day"),
        ('crawl_window: "22:00"', "is no window of hours"),
        ("scorecard_on: someday", "scorecard_on"),
        ("probes_per_day: -1", "probes_per_day"),
    ],
)
def test_what_is_no_time_is_refused_in_one_line(wrong: str, said: str) -> None:
    with pytest.raises(RegistryError, match=said) as caught:
        Registry.parse(TEXT.partition("schedule:")[0] + f"schedule: {{{wrong}}}", "registry.yml")
    assert "\n" not in str(caught.value)
