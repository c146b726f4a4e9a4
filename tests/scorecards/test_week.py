from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from data.errors import InputError
from data.records import SHANGHAI
from scorecards.week import Week, closed, last_closed, run_of_weeks


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2027-W01", date(2027, 1, 4), date(2027, 1, 10)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026w7", date(2026, 2, 9), date(2026, 2, 15)),
    ],
)
def test_a_week_runs_from_monday_to_sunday(text: str, first: date, last: date) -> None:
    week = Week.parse(text)
    assert (week.first_day, week.last_day) == (first, last)
    assert week.starts_at.isoformat().endswith("T00:00:00+08:00")
    assert week.ends_at - week.starts_at == timedelta(days=7)


@pytest.mark.parametrize("text", ["2027-W53", "2026-W54", "2026-W00", "2026-47", "W47", "", "2026-W47-1", "0000-W01"])
def test_what_is_no_week_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as error:
        Week.parse(text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        ("2026-12-27T23:59:59+08:00", "2026-W52"),
        ("2026-12-28T00:00:00+08:00", "2026-W53"),
        ("2027-01-01T12:00:00+08:00", "2026-W53"),
        ("2027-01-03T23:59:59+08:00", "2026-W53"),
        ("2027-01-04T00:00:00+08:00", "2027-W01"),
        ("2027-01-03T16:00:00+00:00", "2027-W01"),  # already Monday in Shanghai
        ("2027-01-03T15:59:59+00:00", "2026-W53"),
    ],
)
def test_the_week_of_a_moment_is_that_of_shanghai(moment: str, week: str) -> None:
    assert str(Week.of(datetime.fromisoformat(moment))) == week


def test_weeks_follow_each_other_over_new_year() -> None:
    assert str(Week.parse("2026-W53").shifted(1)) == "2027-W01"
    assert str(Week.parse("2027-W01").shifted(-1)) == "2026-W53"
    assert Week.parse("2026-W53") < Week.parse("2027-W01")
    assert run_of_weeks("2026-W52", "2027-W02", 10) == ("2026-W52", "2026-W53", "2027-W01", "2027-W02")
    assert run_of_weeks("2026-W40", "2027-W01", 2) == ("2026-W53", "2027-W01")


def test_a_week_is_closed_from_monday_on() -> None:
    week, monday = Week.parse("2026-W53"), datetime(2027, 1, 4, tzinfo=SHANGHAI)
    assert not closed(week, monday - timedelta(microseconds=1))
    assert closed(week, monday)
    assert str(last_closed(monday)) == "2026-W53"
    assert str(last_closed(monday - timedelta(seconds=1))) == "2026-W52"
