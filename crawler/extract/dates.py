"""Dates as Chinese government pages print them. Nothing here raises; what cannot be read without doubt is None."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from data.records import SHANGHAI, DateRole, Precision, ShownDate
from data.text import squeeze

SEAM = "\ue0fe"  # the outline's mark between inline elements; a blank to every date
FIRST_YEAR, LAST_YEAR = 1949, 2099
# One character for one character, so that positions in the text stay true.
_FOLD = str.maketrans(
    f"０１２３４５６７８９：∶︰﹕ː／－–—‐‑−．　\u00a0\u2009\u202f{SEAM}",
    "0123456789:::::/------.     ",
)
_ZEROS = "〇○零ＯOo◯Ο０0"
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "元": 1, "两": 2, "壹": 1, "贰": 2}
_YEAR = rf"(?:(?:19|20)\d{{2}}|[一二][{_ZEROS}九][{_ZEROS}一二三四五六七八九]{{2}})"
_SMALL = r"(?:\d{1,2}|[一二三四五六七八九十廿卅元]{1,3})"
# Blanks are counted, never unlimited: a run of thousands must not be tried in every division.
_CLOCK = (
    r"(?:[\sT,，日]{0,6}(?:[(（\[]?(?:(?:星期|周|礼拜)[一二三四五六日天]|(?:[Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un)[a-z]{0,6}\.?)[)）\]]?[\s,，]{0,4})?(?P<half>上午|下午|晚上|中午|凌晨|[AaPp][Mm])?\s{0,3}"
    r"(?P<hour>\d{1,2})\s{0,2}[:时点]\s{0,2}(?P<minute>\d{1,2})(?!\d)\s{0,2}(?:[:分]\s{0,2}(?P<second>\d{1,2})(?!\d)(?:\.\d{1,9})?\s{0,2}秒?|分)?"
    r"(?:\s{0,2}(?P<tail>[AaPp][Mm])(?![A-Za-z]))?(?P<zone>Z|\s?[+-](?:0\d|1[0-4]):?[0-5]\d(?!\d))?)?"
)
_DATE = re.compile(
    rf"(?<![\d〇○零])(?P<year>{_YEAR})\s{{0,4}}(?:年\s{{0,4}}(?P<m1>{_SMALL})\s{{0,4}}月\s{{0,4}}(?P<d1>{_SMALL})(?!\d)\s{{0,4}}[日号]?|"
    rf"(?P<sep>[-/.])\s{{0,2}}(?P<m2>\d{{1,2}})\s{{0,2}}(?P=sep)\s{{0,2}}(?P<d2>\d{{1,2}})(?!\d))" + _CLOCK
)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:\s*T?(?P<clock>\d{4}(?:\d{2})?))?Z?")
_LOST = re.compile(r"((?:19|20)\d{2})[年\-/. ]?(\d{2,4})[日号]?")
_BROKEN = re.compile(r"((?:19|20)\d{2})[\ufffd?？□■*]{1,3}(\d{1,2})[\ufffd?？□■*]{1,3}(\d{1,2})[\ufffd?？□■*]{0,3}")
_YEARLESS = re.compile(r"(\d{1,2})\s{0,2}(?:月|[-/.])\s{0,2}(\d{1,2})\s{0,2}日?" + _CLOCK)
_SHORT_LINE = 120
_ANY_DIGIT = re.compile(r"\d")
_RANGE = re.compile(r"\s*(?:至|到|~|～|--)")
_TRIM = " \t\r\n[](){}【】（）［］〔〕<>《》|:;,，。；"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in running text: `text[start:end]` is its raw form."""

    start: int
    end: int
    value: datetime
    precision: Precision


def find_dates(text: str) -> tuple[FoundDate, ...]:
    """Every full date of a running text, in order; dates that do not exist are left out."""
    if "年" not in text and not _ANY_DIGIT.search(text):
        return ()
    return _short_dates(text) if len(text) <= _SHORT_LINE else _dates(text)


@lru_cache(2048)  # several readers ask for the dates of a line
def _short_dates(text: str) -> tuple[FoundDate, ...]:
    return _dates(text)


def _dates(text: str) -> tuple[FoundDate, ...]:
    return tuple(_scan(text.translate(_FOLD)))


def parse_date(text: str, role: DateRole, where: str, *, year: int | None = None) -> ShownDate | None:
    """Read a string that is expected to be a date; `year` is the hint for a date printed without one."""
    raw = squeeze(text.replace(SEAM, " "))
    if not raw or len(raw) > 200:
        return None
    folded = raw.translate(_FOLD)
    core = folded.strip(_TRIM)

    def shown(value: datetime, precision: Precision, *, repaired: bool = False) -> ShownDate:
        return ShownDate(role, raw, value, precision, where, repaired)

    first = next(_scan(folded), None)
    if first is not None:
        if _RANGE.match(folded, first.end) and next(_scan(folded[first.end :]), None):
            return None
        return shown(first.value, first.precision)
    for reading in (_compact(core), _epoch(core)):
        if reading is not None:
            return shown(*reading)
    mended = _mend(core)
    if mended is not None:
        return shown(mended, Precision.DAY, repaired=True)
    if year is not None:
        match = _YEARLESS.fullmatch(core)
        built = _built(year, int(match.group(1)), int(match.group(2)), match) if match else None
        if built:
            return shown(*built)
    return None


def _scan(folded: str) -> Iterator[FoundDate]:
    if "年" not in folded and not re.search(r"\d{4}\s{0,4}[-/.]", folded):
        return
    for match in _DATE.finditer(folded):
        year = _year(match["year"])
        month, day = _small(match["m1"] or match["m2"]), _small(match["d1"] or match["d2"])
        if year is None or month is None or day is None:
            continue
        built = _built(year, month, day, match)
        if built:
            end = match.end() if built[1] is not Precision.DAY or match["hour"] is None else match.start("hour")
            yield FoundDate(match.start(), len(folded[:end].rstrip()), *built)


def _built(year: int, month: int, day: int, clock: re.Match[str]) -> tuple[datetime, Precision] | None:
    """The instant in Asia/Shanghai; a clock that does not exist (24:00, 25:61) leaves the day alone."""
    try:
        value = datetime(year, month, day, tzinfo=SHANGHAI)
    except ValueError:
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if clock["hour"] is None:
        return value, Precision.DAY
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    half = (clock["half"] or clock["tail"] or "").lower()
    if half in ("下午", "晚上", "pm") and hour < 12:
        hour += 12
    elif half in ("上午", "凌晨", "am") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return value, Precision.DAY
    value = value.replace(hour=hour, minute=minute, second=second)
    precision = Precision.SECOND if clock["second"] else Precision.MINUTE
    zone = (clock["zone"] or "").strip()
    if zone:
        value = _moved(value, zone)
    return value, precision


def _moved(value: datetime, zone: str) -> datetime:
    if zone == "Z":
        offset = timedelta(0)
    else:
        digits = zone[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    return value.replace(tzinfo=timezone(offset)).astimezone(SHANGHAI)


def _year(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text)
    digits = "".join("0" if character in _ZEROS else str(_DIGITS.get(character, "")) for character in text)
    return int(digits) if len(digits) == 4 else None


def _small(text: str | None) -> int | None:
    """1 to 31 in digits or Chinese numerals (十一, 二十, 廿三)."""
    if not text:
        return None
    if text.isdigit():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, found, units = text.partition("十")
    if not found:
        return _DIGITS.get(text)
    if len(tens) > 1 or len(units) > 1:
        return None
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(units, 0) if units else 0)


def _day(year: str, month: str, day: str) -> datetime | None:
    try:
        value = datetime(int(year), int(month), int(day), tzinfo=SHANGHAI)
    except ValueError:
        return None
    return value if FIRST_YEAR <= value.year <= LAST_YEAR else None


def _compact(core: str) -> tuple[datetime, Precision] | None:
    match = _COMPACT.fullmatch(core)
    if not match:
        return None
    value = _day(match["y"], match["m"], match["d"])
    if value is None or not match["clock"]:
        return (value, Precision.DAY) if value else None
    clock = match["clock"]
    hour, minute, second = int(clock[:2]), int(clock[2:4]), int(clock[4:] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return value, Precision.DAY
    return value.replace(hour=hour, minute=minute, second=second), Precision.SECOND if len(clock) == 6 else Precision.MINUTE


def _epoch(core: str) -> tuple[datetime, Precision] | None:
    if not re.fullmatch(r"\d{10}|\d{13}", core):
        return None
    seconds = int(core[:10])
    value = datetime.fromtimestamp(seconds, tz=UTC).astimezone(SHANGHAI)
    return (value, Precision.SECOND) if 1990 <= value.year <= LAST_YEAR else None


def _mend(core: str) -> datetime | None:
    """A date that lost its separators or whose separators are broken characters; None where two readings exist."""
    broken = _BROKEN.fullmatch(core)
    if broken:
        return _day(*broken.groups())
    lost = _LOST.fullmatch(core)
    if not lost:
        return None
    year, rest = lost.groups()
    if rest in ("11", "12"):  # as well a year and a month
        return None
    readings = {reading for cut in (1, 2) if (reading := _cut(year, rest, cut)) is not None}
    return readings.pop() if len(readings) == 1 else None


def _cut(year: str, rest: str, cut: int) -> datetime | None:
    month, day = rest[:cut], rest[cut:]
    if not 1 <= len(day) <= 2 or (len(month) == 1 and len(day) == 2 and day[0] == "0"):
        return None
    if len(rest) == 4 and cut != 2:
        return None
    return _day(year, month, day)
