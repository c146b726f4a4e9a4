"""Holiday notices and tables: four notices as published (tests/data/notices), held against chinesecalendar day by day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from data.calendar import Source, Span, WorkCalendar, days_of, year_of_table
from data.calendar_tables import read_table, work_calendar, write_table
from data.errors import InputError
from data.holiday_notice import parse_notice, read_notice
from data.registry import Registry
from data.registry_rules import HolidayOptions

NOTICES = Path(__file__).parent / "notices"
# A notice of a year that none is out for, made in the manner of the others.
NEXT = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕前一日、周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。
三、清明节：4月5日（周一）放假，与周末连休。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。

国务院办公厅
2026年11月25日
"""


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_a_published_notice_gives_the_days_of_chinesecalendar(year: int) -> None:
    table = read_notice(NOTICES / f"{year}.txt").table
    read, known = year_of_table(year, table.holidays, table.worked), WorkCalendar()
    assert [day for day, worked in zip(days_of(year), read.worked, strict=True) if worked != known.is_workday(day)] == []
    assert table.year == year


def test_advice_is_no_holiday_and_is_said_to_be_left_aside() -> None:
    reading = read_notice(NOTICES / "2024.txt")
    assert date(2024, 2, 9) not in reading.table.holidays
    assert [sentence[:5] for sentence in reading.unread] == ["春节：鼓励"]


def test_a_turn_of_the_year_reaches_into_the_year_before() -> None:
    assert date(2022, 12, 31) in read_notice(NOTICES / "2023.txt").table.holidays


@pytest.mark.parametrize("broken", ["至3日（周日）放假，共\n3天。", "至3日（周日）放 假，共3天。"])
def test_line_breaks_and_blanks_are_nothing(broken: str) -> None:
    assert parse_notice(NEXT.replace("至3日（周日）放假，共3天。", broken), "n").table == parse_notice(NEXT, "n").table


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("1月1日（周五）", "1月1日（周四）", "2027-01-01 is 周五, and the text says 周四"),
        ("1月31日（周日）", "1月30日（周日）", "2027-01-30 is 周六"),
        ("共7天。1月", "共8天。1月", "春节: says 8 days, and from 2027-02-05 to 2027-02-11 are 7"),
        ("5月8日（周六）", "5月10日", "2027-05-10 is a Monday: only Saturdays and Sundays are make-up days"),
        ("六、中秋节：9月15日（周三）放假1天，不调休。\n", "", "中秋节 is missing"),
        ("10月1日（周五）至7日", "10月7日（周四）至1日", "2027-10-01 is 周五, and the text says 周四"),
        ("6月9日（周三）", "6月31日", "is no date"),
        ("4月5日（周一）放假，与周末连休", "4月5日（周一）照常不用来上班啊", "清明节: not understood"),
        ("关于2027年", "关于", "no year"),
        ("关于2027年", "关于2026年", "2026-01-01 is 周四, and the text says 周五"),
    ],
)
def test_what_contradicts_itself_is_refused(right: str, wrong: str, said: str) -> None:
    assert right in NEXT
    with pytest.raises(InputError, match=r"notice\.txt: ") as refused:
        parse_notice(NEXT.replace(right, wrong), "notice.txt")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_text_without_holidays_is_refused() -> None:
    with pytest.raises(InputError, match="no holiday found"):
        parse_notice("关于2027年工作安排的通知。一切照旧。", "notice.txt")


def test_a_table_is_written_and_read_back(tmp_path: Path) -> None:
    table = parse_notice(NEXT, "n").table
    write_table(table, tmp_path / "calendar-2027.yml")
    assert read_table(tmp_path / "calendar-2027.yml") == table
    assert read_notice(tmp_path / "calendar-2027.yml").table == table


def test_sheets_are_read(tmp_path: Path) -> None:
    table = parse_notice(NEXT, "n").table
    rows = [(day, "放假", name) for day, name in table.holidays.items()] + [(day, "上班", "") for day in table.worked]
    text = "日期,安排,节日\n" + "".join(f"{day},{kind},{name}\n" for day, kind, name in rows)
    (tmp_path / "t.csv").write_bytes(text.encode("gb18030"))
    book = Workbook()
    assert book.active is not None
    for row in (("日期", "安排", "节日"), *rows):
        book.active.append(list(row))
    book.save(tmp_path / "t.xlsx")
    for name in ("t.csv", "t.xlsx"):
        read = read_notice(tmp_path / name).table
        assert (read.year, read.holidays, read.worked) == (2027, table.holidays, table.worked)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("日期,安排\n2027-01-01,放假\n明天,放假\n", "row 3: expected a date"),
        ("2027-01-01,上学\n", "row 1: expected 放假 or 上班"),
        ("日期,安排\n", "no day off"),
        ("2027-01-01,放假,元旦\n", "春节 is missing"),
    ],
)
def test_a_sheet_at_fault_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"t\.csv: ") as refused:
        read_notice(tmp_path / "t.csv")
    assert said in str(refused.value)


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    write_table(parse_notice(NEXT, "n").table, tmp_path / "calendar-2027.yml")
    path = tmp_path / "registry.yml"
    path.write_text("version: 1\nsites:\n- {id: a, name: 甲, profile: town, home: 'http://127.0.0.1/'}\n", encoding="utf-8")
    return path


def test_a_table_beside_the_registry_makes_its_year_known(beside: Path) -> None:
    calendar = work_calendar(Registry.load(beside).holidays)
    assert calendar.year(2027).source is Source.TABLE
    assert calendar.known(date(2027, 6, 1))
    assert not calendar.known(date(2028, 1, 4))
    assert (calendar.is_workday(date(2027, 2, 8)), calendar.is_workday(date(2027, 2, 20))) == (False, True)
    before, after = date(2026, 12, 15), date(2027, 1, 13)
    assert WorkCalendar().workdays_between(before, after) == Span(21, True)
    assert calendar.workdays_between(before, after) == Span(20, False)
    assert sum(calendar.is_workday(day) for day in days_of(2027)) == calendar.workdays_between(date(2026, 12, 31), date(2027, 12, 31)).days
    assert calendar.workdays_between(date(2025, 5, 1), date(2029, 5, 1)).days == sum(
        calendar.is_workday(day) for year in range(2025, 2030) for day in days_of(year) if date(2025, 5, 1) < day <= date(2029, 5, 1)
    )


def test_a_table_wins_over_chinesecalendar(beside: Path, tmp_path: Path) -> None:
    table = read_notice(NOTICES / "2026.txt").table
    other = table.model_copy(update={"holidays": {**table.holidays, date(2026, 9, 3): "纪念日"}})
    write_table(other, tmp_path / "ours.yml")
    named = HolidayOptions(tables=(Path("ours.yml"),)).beside(beside)
    assert [path.name for path in named.tables] == ["calendar-2027.yml", "ours.yml"]
    calendar = work_calendar(named)
    assert not calendar.is_workday(date(2026, 9, 3))
    assert calendar.workdays_between(date(2026, 9, 1), date(2026, 9, 4)).days == 2
    assert calendar.year(2026).source is Source.TABLE


def test_without_chinesecalendar_only_tables_are_known(beside: Path) -> None:
    calendar = work_calendar(HolidayOptions(china=False).beside(beside))
    assert (calendar.known(date(2026, 5, 1)), calendar.known(date(2027, 5, 1))) == (False, True)


def test_a_table_that_is_not_whole_is_refused(beside: Path) -> None:
    beside.with_name("calendar-2027.yml").write_text("year: 2027\nsource: …\nholidays: {2027-01-01: 元旦}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"calendar-2027.yml: no whole table of a year: 春节 is missing"):
        work_calendar(Registry.load(beside).holidays)


def test_a_table_that_is_not_there_is_named(beside: Path) -> None:
    with pytest.raises(InputError, match=r"calendar-2028.yml: no such file"):
        work_calendar(HolidayOptions(tables=(Path("calendar-2028.yml"),)).beside(beside))
