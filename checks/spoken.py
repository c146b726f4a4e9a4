"""Dates, counts and terms as a text says them: 即日起至11月30日, 自公布之日起三十日内, 收到意见十二条."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from data.calendar import WorkCalendar
from data.records import Field
from data.text import bare

COUNT = r"(\d+|[零〇一二两三四五六七八九十百]+)"
_DIGITS = {"零": 0, "〇": 0, **{digit: index + 1 for index, digit in enumerate("一二三四五六七八九")}, "两": 2}
_DATE = r"(?:((?:19|20)\d{2})[年./-])?(\d{1,2})[月./-](\d{1,2})日?"
_FULL = r"((?:19|20)\d{2})[年./-](\d{1,2})[月./-](\d{1,2})日?"
_HOUR = r"(?:\(?(?:星期|周)[一二三四五六日天]\)?)?(?:上午|下午|中午)?(?:\d{1,2}(?:[:：]\d{2}){0,2}(?:时|点)?(?:\d{1,2}分)?)?(?:下班)?"
_RANGE = re.compile(rf"{_DATE}{_HOUR}起?(?:至|到|—|–|-|－|~|～)+{_DATE}")
_CLOSES = (
    re.compile(rf"(?:截止|截至|止于|结束)[^。;；\d]{{0,16}}?{_DATE}"),
    re.compile(rf"(?:起|开始)[^。;；\d]{{0,6}}(?:至|到){_DATE}"),
    re.compile(rf"(?:于|在)[^。;；\d]{{0,4}}{_DATE}{_HOUR}(?:之|以)?(?:前|止)"),
    re.compile(rf"{_DATE}{_HOUR}(?:(?:之|以)?前(?=[^。;；]{{0,60}}(?:反馈|提出|反映|寄|发送|报送|提交|电话|邮|书面))|截止|为止|止)"),
)
_TERM = (
    re.compile(rf"(?:之日|日|今|公布|发布|公告|公示)起[^。;；\d]{{0,8}}?{COUNT}个?(工作日|自然日|日|天|个月|月)(?!后|\d)"),
    re.compile(rf"(?:期限|时间|为期|期间|征集期|公示期)[^。;；,，\d]{{0,10}}?{COUNT}个?(工作日|自然日|日|天|个月|月)(?!\d)"),
)
_MATTER = re.compile("征求|征集|意见|建议|反馈|公示|期限|时间|期间|截止|公告")
_CLOCK = re.compile(r"(\d)\s+(?=\d{1,2}[:：]\d)")
_ASKED = re.compile("征求|征集|意见|建议|反馈|公告|公示")
_DRAFT_BEGINS = re.compile("第一章|第一条")


def number(text: str) -> int:
    """A count in figures or in Chinese numerals up to 999."""
    if text.isdigit():
        return int(text)
    total, current = 0, 0
    for character in text:
        if character in ("十", "百"):
            total += (current or 1) * (10 if character == "十" else 100)
            current = 0
        else:
            current = _DIGITS[character]
    return total + current


def plain(text: str) -> str:
    """A text without white space, in which the clock time behind a date stays apart from its day: 2026-1-2 08:00."""
    return bare(_CLOCK.sub(r"\1日", text))


@dataclass(frozen=True, slots=True)
class Term:
    """The span that a notice leaves for answers."""

    opens: date | None  # as stated
    closes: date
    in_workdays: int | None = None  # where it is stated in working days


def full_dates(text: str) -> Iterator[tuple[int, int, date]]:
    """Every date with its year in a text without white space: where it begins, where it ends, the day."""
    for match in re.finditer(_FULL, text):
        day = _day(match.group(1), match.group(2), match.group(3), None)
        if day is not None:
            yield match.start(), match.end(), day


def term_of(body: str, fields: Iterable[Field], published: date | None, calendar: WorkCalendar) -> Term | None:
    """The span for answers that a notice states, in its fields or its text; None where none is understood."""
    stated = _of_fields(fields, published)
    if stated is not None:
        return stated
    # Where the draft itself stands below the notice, the terms that it sets are not the notice's.
    text = plain(body)
    draft = _DRAFT_BEGINS.search(text)
    behind = re.search(r"(意见反馈|反馈意见|公开征求|征求意见|联系人|联系方式|联系电话)(?!.*第[一二三四五六七八九十百]+条).*$", text)
    parts = [text] if draft is None else [text[: draft.start()], behind.group() if behind else ""]
    return next((term for part in parts if (term := _of_text(part, published, calendar)) is not None), None)


def _of_fields(fields: Iterable[Field], published: date | None) -> Term | None:
    opens = closes = None
    for field in fields:
        label, value = bare(field.label), plain(field.value)
        span = _RANGE.search(value)
        if span and re.search("时间|期限|日期", label):
            return _range(span, published)
        day = _first_day(value, published)
        if re.search("截止|结束|止日", label):
            closes = day or closes
        elif re.search("开始|起始", label):
            opens = day or opens
    return Term(opens, closes) if closes is not None else None


def _of_text(text: str, published: date | None, calendar: WorkCalendar) -> Term | None:
    for span in _RANGE.finditer(text):
        if _MATTER.search(text[max(0, span.start() - 40) : span.start()]):
            found = _range(span, published)
            if found is not None:
                return found
    for pattern in _CLOSES:
        for match in pattern.finditer(text):
            day = _day(match.group(1), match.group(2), match.group(3), published)
            if day is not None and (published is None or published <= day <= published + timedelta(days=400)):
                return Term(None, day)
    terms = (match for pattern in _TERM for match in pattern.finditer(text))
    asked = next((match for match in terms if _ASKED.search(text[max(0, match.start() - 40) : match.end() + 20])), None)
    if asked is not None and published is not None:
        count, unit = number(asked.group(1)), asked.group(2)
        if unit == "工作日":
            return Term(None, calendar.add_workdays(published, count), count)
        return Term(None, published + timedelta(days=count * (30 if "月" in unit else 1)))
    return None


def _range(match: re.Match[str], published: date | None) -> Term | None:
    opens = _day(match.group(1), match.group(2), match.group(3), published)
    closes = _day(match.group(4), match.group(5), match.group(6), opens or published)
    return Term(opens, closes) if opens is not None and closes is not None and opens <= closes else None


def _first_day(text: str, published: date | None) -> date | None:
    match = re.search(_DATE, text)
    return _day(match.group(1), match.group(2), match.group(3), published) if match else None


def _day(year: str | None, month: str, day: str, near: date | None) -> date | None:
    """A stated day; without its year the first such day not long before `near`."""
    if year is None and near is None:
        return None
    try:
        if year is not None:
            return date(int(year), int(month), int(day))
        assert near is not None
        found = date(near.year, int(month), int(day))
        return found if found >= near - timedelta(days=60) else date(near.year + 1, int(month), int(day))
    except ValueError:
        return None
