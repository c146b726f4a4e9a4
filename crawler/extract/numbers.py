"""发文字号 outside the metadata block: a line of its own, the title's brackets, the note under a title."""

from __future__ import annotations

import re

from data.text import squeeze

_OPEN, _CLOSE = r"[〔\[［（(【﹝〈]", r"[〕\]］）)】﹞〉]"
_CN = "一二三四五六七八九十百〇○零"
_YEAR = r"(?:(?:19|20)\d{2}|[一二][九〇○零][一二三四五六七八九〇○零]{2})"
_COUNT = rf"(?:\d{{1,5}}|[{_CN}]{{1,6}})"
_BRACKETED = rf"[\u4e00-\u9fffA-Za-z·]{{1,24}}\s{{0,4}}{_OPEN}\s*{_YEAR}\s*年?{_CLOSE}\s*第?\s*{_COUNT}\s*号"
_ORDER = rf"[\u4e00-\u9fff、 　（）()]{{2,90}}?(?:令|公告|通告|决定)\s*(?:{_OPEN}?\s*{_YEAR}\s*年?\s*{_CLOSE}?)?\s*第\s*{_COUNT}\s*号"
_YEARLY = rf"(?:{_YEAR}|[一二][{_CN}]{{3}})\s*年\s*第\s*{_COUNT}\s*号"
_LINE = re.compile(rf"[（(]?\s*((?:{_BRACKETED})(?:之[一二三四五])?|{_ORDER}|{_YEARLY}|第\s*{_COUNT}\s*号)\s*[)）]?")
_TITLE_END = re.compile(rf"[（(]\s*({_BRACKETED})\s*[)）]\s*$|[\s　]({_BRACKETED})\s*$")
_TITLE_YEARLY = re.compile(rf"(?:公告|通告|令)\s*[（(]\s*({_YEARLY})\s*[)）]\s*$")
_TITLE_HEAD = re.compile(rf"^({_ORDER}|{_BRACKETED})(?=\s|《|$|（|\()")
_NOTE = re.compile(
    rf"^[（(]\s*(?:{_YEAR}|[一二][{_CN}]{{3}})\s*年[^，,。；;]{{2,8}}?日\s*((?:[\u4e00-\u9fff、]{{2,40}}?(?:令|公告|通告)\s*(?:{_YEAR}\s*年?)?\s*第?\s*{_COUNT}\s*号)|{_BRACKETED})\s*(?:公布|发布|颁布|印发)"
)
_SUBJECT = "关于"  # what follows it is what a document is about
_LONGEST = 160  # a number's line is short; longer ones are text
_LETTERHEAD = re.compile(r"^[\u4e00-\u9fff、\s　]{2,60}(?:令|公告|通告)$")
_OPENING = re.compile(
    rf"[\u4e00-\u9fffA-Za-z·]{{1,12}}(?<!通知|意见|方案|公告|通告|决定|办法|规定|报告|公示|批复|暂无)(?:\s*{_OPEN}\s*{_YEAR}\s*年?{_CLOSE}?\s*第?)?"
)
_VALUE = re.compile(rf"号|{_OPEN}\s*{_YEAR}|第.{{1,6}}[号次届]")


def is_number(value: str) -> bool:
    """Whether a field's value can be a 发文字号 at all."""
    return bool(_VALUE.search(value)) and len(value) <= 120 and not re.fullmatch(r"[\W_]*(?:年|号|第)*[\W_]*(?:年|号|第)*[\W_]*", value)


def is_complete(text: str) -> bool:
    """Whether a text is one whole 发文字号 and nothing else."""
    return bool(re.fullmatch(_BRACKETED, text.strip()))


def is_opening(text: str) -> bool:
    """Whether a text may be the first part of a 发文字号: its letters, or letters and year."""
    return bool(_OPENING.fullmatch(text.strip()))


def number_in_title(title: str) -> str | None:
    """In brackets at the title's end, or an order's number in front of its name."""
    title = title[:_LONGEST]
    yearly = _TITLE_YEARLY.search(title)
    if yearly:
        return _tidy(yearly.group(1))
    found = _TITLE_END.search(title)
    if found:
        return _tidy(found.group(1) or found.group(2))
    found = _TITLE_HEAD.match(title)
    return _tidy(found.group(1)) if found else None


def leading_number(value: str) -> str:
    """A field's value without what a template set behind its 发文字号 (the title once more)."""
    found = re.match(_BRACKETED, value)
    rest = value[found.end() :].strip() if found else ""
    return found.group(0) if found and len(rest) >= 8 and not re.search(_BRACKETED, rest) else value


def is_number_line(line: str) -> bool:
    """Whether a line is a 发文字号, in brackets or not, and nothing else: 关于…的公告（2026年第7号） is a title that ends in one."""
    return len(line) <= 60 and _SUBJECT not in line and bool(_LINE.fullmatch(line))


def number_in_lines(lines: list[str]) -> str | None:
    """The first line of a text's head that is a number and nothing else, or the promulgation note; letterhead and number may be two lines."""
    for index, line in enumerate(lines):
        if len(line) > _LONGEST:
            break
        several = line.split()
        if len(several) > 1 and all(map(is_complete, several)):
            return " ".join(several)  # one number of each of the bodies that issue it together
        found = _LINE.fullmatch(line) if _SUBJECT not in line else None
        if found:
            number = _tidy(found.group(1))
            before = lines[index - 1] if index else ""
            if number.startswith("第") and _LETTERHEAD.match(before):
                return squeeze(before).replace(" ", "") + number
            return number if not re.fullmatch(rf"第{_COUNT}号", number) else None
        note = _NOTE.match(line)
        if note:
            return _tidy(note.group(1))
        if is_opening(line):
            for stop in (index + 2, index + 3):
                if any(is_complete(part) for part in lines[index + 1 : stop]):
                    break  # what stands above a whole number is its letterhead, not its first letters
                joined = "".join(lines[index:stop])
                if len(joined) <= 40 and is_complete(joined):
                    return _tidy(joined)
    return None


def _tidy(text: str) -> str:
    return re.sub(r"\s+", "", text)
