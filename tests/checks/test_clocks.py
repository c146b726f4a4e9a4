"""Days, months, windows, and working days around holidays and unknown years."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.clocks import add_months, end_of, near_unknown, window, zh_figure, zh_moment
from data.calendar import Span, WorkCalendar
from data.days import civil
from data.records import SHANGHAI, Precision

CALENDAR = WorkCalendar()


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 5, 22), 6, date(2026, 11, 22)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 7, 1), 6, date(2027, 1, 1)),
    ],
)
def test_add_months(start: date, months: int, expected: date) -> None:
    assert add_months(start, months) == expected


def test_a_day_is_a_day_in_shanghai() -> None:
    assert civil(datetime(2026, 11, 21, 16, 30, tzinfo=UTC)) == date(2026, 11, 22)
    assert end_of(date(2026, 11, 22)).isoformat() == "2026-11-22T23:59:59+08:00"


def test_a_shown_day_is_a_window_of_24_hours_and_a_minute_is_none() -> None:
    at = datetime(2026, 11, 13, 16, 36, tzinfo=SHANGHAI)
    day, minute = window(at, Precision.DAY), window(at, Precision.MINUTE)
    assert (day.latest - day.earliest).total_seconds() == 86400
    assert minute.earliest == minute.latest == at


def test_figures_and_moments_as_printed() -> None:
    assert [zh_figure(value) for value in (0, 72, 72.02, 4.5, 100)] == ["0", "72", "72.02", "4.5", "100"]
    assert zh_moment(datetime(2026, 11, 3, 9, 5, tzinfo=SHANGHAI), Precision.MINUTE) == "2026年11月3日09:05"


@pytest.mark.parametrize(
    ("start", "end", "days", "provisional"),
    [
        (date(2026, 11, 13), date(2026, 11, 13), 0, False),
        (date(2026, 11, 13), date(2026, 11, 15), 0, False),
        (date(2026, 11, 13), date(2026, 11, 16), 1, False),
        (date(2026, 9, 30), date(2026, 10, 10), 3, False),  # 调休 on Saturday 10 October
        (date(2026, 9, 18), date(2026, 9, 25), 5, False),  # 调休 on Sunday 20 September, Mid-Autumn on the 25th
        (date(2020, 4, 24), date(2020, 4, 26), 1, False),  # 调休 on Sunday 26 April
        (date(2026, 11, 16), date(2026, 11, 13), -1, False),
        (date(2026, 12, 31), date(2027, 1, 8), 6, True),
        (date(2026, 12, 30), date(2026, 12, 31), 1, False),
    ],
)
def test_working_days(start: date, end: date, days: int, provisional: bool) -> None:
    assert CALENDAR.workdays_between(start, end) == Span(days, provisional)


def test_an_administrators_table_makes_a_year_known() -> None:
    calendar = WorkCalendar({date(2027, 1, 1): False, date(2027, 1, 2): True, date(2027, 1, 3): False, date(2027, 1, 4): True})
    assert calendar.workdays_between(date(2026, 12, 31), date(2027, 1, 4)) == Span(2, False)
    assert calendar.workdays_between(date(2026, 12, 31), date(2027, 1, 5)) == Span(3, True)


@given(st.dates(date(2003, 6, 1), date(2028, 6, 1)), st.integers(0, 60))
def test_adding_working_days_undoes_counting_them(start: date, days: int) -> None:
    assert CALENDAR.workdays_between(start, CALENDAR.add_workdays(start, days)).days == days


@given(
    st.dates(date(2003, 6, 1), date(2028, 6, 1)), st.dates(date(2003, 6, 1), date(2028, 6, 1)), st.dates(date(2003, 6, 1), date(2028, 6, 1))
)
def test_counts_add_up(first: date, second: date, third: date) -> None:
    first, second, third = sorted((first, second, third))
    parts = CALENDAR.workdays_between(first, second).days + CALENDAR.workdays_between(second, third).days
    assert CALENDAR.workdays_between(first, third).days == parts


@pytest.mark.parametrize(("span", "near"), [(Span(6, True), True), (Span(8, True), True), (Span(9, True), False), (Span(6, False), False)])
def test_near_a_limit_of_five_in_an_unknown_year(span: Span, near: bool) -> None:
    assert near_unknown(span, 5, 3) is near


@pytest.mark.parametrize(
    ("published", "near"),
    [
        (date(2027, 1, 6), False),  # 16 working days at most: in time, however the holidays fall
        (date(2027, 1, 7), True),
        (date(2027, 1, 12), True),  # 20 by weekdays, 19 with 1 January off
        (date(2027, 1, 15), True),  # 23
        (date(2027, 1, 18), False),  # 24: late even if 1 January and two more days were off
    ],
)
def test_twenty_working_days_from_mid_december(published: date, near: bool) -> None:
    span = CALENDAR.workdays_between(date(2026, 12, 15), published)
    assert span.provisional
    assert near_unknown(span, 20, 3) is near


@pytest.mark.parametrize(("published", "near"), [(date(2027, 2, 23), True), (date(2027, 2, 24), True), (date(2027, 2, 25), False)])
def test_a_spring_festival_to_be_announced_takes_up_to_seven_days(published: date, near: bool) -> None:
    span = CALENDAR.workdays_between(date(2027, 1, 18), published)
    assert near_unknown(span, 20, 3) is near


def test_a_span_within_known_years_is_in_no_doubt() -> None:
    assert CALENDAR.workdays_between(date(2026, 1, 10), date(2026, 12, 15)).doubt == 0
    assert not near_unknown(CALENDAR.workdays_between(date(2026, 11, 1), date(2026, 12, 1)), 21, 3)
