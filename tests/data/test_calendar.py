"""Working days: the day of the event is day 0; holidays, make-up Saturdays, month and year ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.calendar import Span, WorkCalendar

CALENDAR = WorkCalendar()


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        ("2025-10-01", False),  # National Day, a Wednesday
        ("2025-10-08", False),  # last day of that holiday
        ("2025-10-09", True),
        ("2025-09-28", True),  # make-up Sunday before it
        ("2025-10-11", True),  # make-up Saturday after it
        ("2025-10-12", False),
        ("2025-01-26", True),  # make-up Sunday before the Spring Festival
        ("2025-02-08", True),  # make-up Saturday after it
        ("2025-11-21", True),
        ("2025-11-22", False),
    ],
)
def test_is_workday(text: str, worked: bool) -> None:
    assert CALENDAR.is_workday(day(text)) is worked
    assert CALENDAR.known(day(text))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2025-11-03", "2025-11-03", 0),
        ("2025-11-03", "2025-11-04", 1),
        ("2025-11-07", "2025-11-09", 0),  # Friday to Sunday
        ("2025-11-07", "2025-11-10", 1),
        ("2025-11-08", "2025-11-10", 1),  # a Saturday as day 0
        ("2025-09-26", "2025-09-28", 1),  # the make-up Sunday counts
        ("2025-09-30", "2025-10-09", 1),  # eight days off
        ("2025-09-30", "2025-10-11", 3),
        ("2025-10-31", "2025-11-03", 1),  # month end
        ("2024-12-31", "2025-01-02", 1),  # year end with New Year's Day off
        ("2025-11-03", "2025-12-01", 20),
        ("2025-11-04", "2025-11-03", -1),
    ],
)
def test_workdays_between(start: str, end: str, days: int) -> None:
    assert CALENDAR.workdays_between(day(start), day(end)) == Span(days, provisional=False)


def test_between_and_add_agree() -> None:
    for offset in range(0, 400, 3):
        start = day("2025-01-01") + timedelta(days=offset)
        for days in (1, 5, 20):
            end = CALENDAR.add_workdays(start, days)
            if end.year == 2025:
                assert CALENDAR.workdays_between(start, end).days == days
                assert CALENDAR.workdays_between(start, end - timedelta(days=1)).days == days - 1


def test_a_year_without_its_notice_is_provisional() -> None:
    assert not CALENDAR.known(day("2199-05-01"))
    assert CALENDAR.is_workday(day("2199-05-01"))  # a Wednesday, whatever its holiday will be
    assert CALENDAR.workdays_between(day("2199-04-29"), day("2199-05-06")) == Span(5, provisional=True)


def test_only_days_counted_make_a_span_provisional() -> None:
    last = next(year for year in range(2025, 2100) if not CALENDAR.known(date(year, 1, 1))) - 1
    assert not CALENDAR.workdays_between(date(last, 12, 1), date(last, 12, 31)).provisional
    assert CALENDAR.workdays_between(date(last, 12, 1), date(last + 1, 1, 1)).provisional
    assert not CALENDAR.workdays_between(date(last + 1, 1, 1), date(last + 1, 1, 1)).provisional


def test_a_table_overrides_single_days() -> None:
    mourning, made_up = day("2025-11-05"), day("2025-11-08")
    calendar = WorkCalendar({mourning: False, made_up: True})
    assert (calendar.is_workday(mourning), calendar.is_workday(made_up)) == (False, True)
    assert calendar.workdays_between(day("2025-11-04"), day("2025-11-07")).days == 2
    assert calendar.workdays_between(day("2025-11-04"), day("2025-11-08")).days == 3
    assert calendar.add_workdays(day("2025-11-04"), 3) == made_up
    assert WorkCalendar({day("2199-05-01"): False}).workdays_between(day("2199-04-30"), day("2199-05-01")) == Span(0, provisional=False)
