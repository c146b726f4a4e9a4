"""Every form of date that government pages print, and what is no date."""

from __future__ import annotations

import pytest

from crawler.extract.dates import find_dates, parse_date
from data.records import DateRole

FORMS = [
    ("2023-09-19", "2023-09-19T00:00:00+08:00", "day"),
    ("2023/09/19", "2023-09-19T00:00:00+08:00", "day"),
    ("2023.09.19", "2023-09-19T00:00:00+08:00", "day"),
    ("2023年09月19日", "2023-09-19T00:00:00+08:00", "day"),
    ("2025年9月5日", "2025-09-05T00:00:00+08:00", "day"),
    ("2025 年 9 月 5 日", "2025-09-05T00:00:00+08:00", "day"),
    ("[2023-09-19]", "2023-09-19T00:00:00+08:00", "day"),
    ("【2023-09-19】", "2023-09-19T00:00:00+08:00", "day"),
    ("( 2022-04-26)", "2022-04-26T00:00:00+08:00", "day"),
    ("2022-08-11 14:21", "2022-08-11T14:21:00+08:00", "minute"),
    ("2024-03-03 15:54:07", "2024-03-03T15:54:07+08:00", "second"),
    ("2020年02月18日 09:15", "2020-02-18T09:15:00+08:00", "minute"),
    ("2020年9月15日 09时32分", "2020-09-15T09:32:00+08:00", "minute"),
    ("2026/9/17 10:30", "2026-09-17T10:30:00+08:00", "minute"),
    ("2020-02-18 10∶08", "2020-02-18T10:08:00+08:00", "minute"),
    ("2020-02-18 10：08：09", "2020-02-18T10:08:09+08:00", "second"),
    ("２０２６年１１月２日", "2026-11-02T00:00:00+08:00", "day"),
    ("二〇二六年十一月二日", "2026-11-02T00:00:00+08:00", "day"),
    ("二○二六年十月二十日", "2026-10-20T00:00:00+08:00", "day"),
    ("二零二六年一月三十一日", "2026-01-31T00:00:00+08:00", "day"),
    ("二ＯＯ九年元月廿三日", "2009-01-23T00:00:00+08:00", "day"),
    ("二〇二六年11月2日", "2026-11-02T00:00:00+08:00", "day"),
    ("2026-11-02T08:00:00Z", "2026-11-02T16:00:00+08:00", "second"),
    ("2026-11-02T08:00:00.123+0800", "2026-11-02T08:00:00+08:00", "second"),
    ("2026-11-02T08:00:00+08:00", "2026-11-02T08:00:00+08:00", "second"),
    ("20261102", "2026-11-02T00:00:00+08:00", "day"),
    ("20261102093000", "2026-11-02T09:30:00+08:00", "second"),
    ("1762041600000", "2025-11-02T08:00:00+08:00", "second"),
    ("1762041600", "2025-11-02T08:00:00+08:00", "second"),
    ("2026年11月2日印发", "2026-11-02T00:00:00+08:00", "day"),
    ("发布时间：2026-11-02 09:15 来源：本站", "2026-11-02T09:15:00+08:00", "minute"),
    ("2026-11-02 星期一 09:15", "2026-11-02T09:15:00+08:00", "minute"),
    ("2026年11月2日（星期一）下午3:05", "2026-11-02T15:05:00+08:00", "minute"),
    ("2026-11-02 03:05 PM", "2026-11-02T15:05:00+08:00", "minute"),
    ("2026-11-02 12:05 AM", "2026-11-02T00:05:00+08:00", "minute"),
    ("2026-11-02 24:00", "2026-11-02T00:00:00+08:00", "day"),
    ("2026-11-02 25:61", "2026-11-02T00:00:00+08:00", "day"),
    ("2024-02-29", "2024-02-29T00:00:00+08:00", "day"),
]
NONE = [
    "",
    "无",
    "-",
    "暂无",
    "10∶08",
    "09-19",
    "[09-19]",
    "2023-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026年11月",
    "2026",
    "1899-01-01",
    "3026-01-01",
]
NONE += [
    "2026年1月1日至2026年2月1日",
    "202611-345",
    "99999999999999",
    "0000-00-00",
    "第2026-1号",
    "2021116",
    "202111",
    "2021年11日",
    "十一月二日",
    "12345",
]
REPAIRED = [
    ("202166", "2021-06-06"),
    ("2021131", "2021-01-31"),
    ("2021年66日", "2021-06-06"),
    ("2021年0606日", "2021-06-06"),
    ("2021\ufffd6\ufffd6\ufffd", "2021-06-06"),
]


@pytest.mark.parametrize(("text", "value", "precision"), FORMS)
def test_reads_every_form(text: str, value: str, precision: str) -> None:
    shown = parse_date(text, DateRole.PUBLISHED, "header")
    assert shown is not None
    assert (shown.value.isoformat(), str(shown.precision), shown.repaired) == (value, precision, False)
    assert (shown.role, shown.where) == (DateRole.PUBLISHED, "header")


@pytest.mark.parametrize("text", NONE)
def test_no_date_is_none(text: str) -> None:
    assert parse_date(text, DateRole.PUBLISHED, "header") is None


@pytest.mark.parametrize(("text", "day"), REPAIRED)
def test_lost_characters_are_restored_only_without_doubt_and_said_so(text: str, day: str) -> None:
    shown = parse_date(text, DateRole.MADE, "field:成文日期")
    assert shown is not None
    assert shown.repaired
    assert shown.raw == text
    assert shown.value.date().isoformat() == day


def test_a_year_comes_only_from_the_caller() -> None:
    shown = parse_date("[09-19]", DateRole.LIST, "row", year=2023)
    assert shown is not None
    assert shown.value.date().isoformat() == "2023-09-19"
    assert parse_date("02-29", DateRole.LIST, "row", year=2023) is None


def test_running_text_gives_each_date_with_its_place() -> None:
    text = "根据2015年10月29日公布、2022-05-31 10:00修订的规定，自二〇二六年一月一日起施行，第2026-13-40号除外。"
    found = find_dates(text)
    assert [text[date.start : date.end] for date in found] == ["2015年10月29日", "2022-05-31 10:00", "二〇二六年一月一日"]
    assert [date.value.date().isoformat() for date in found] == ["2015-10-29", "2022-05-31", "2026-01-01"]
