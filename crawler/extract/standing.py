"""What an element shows though its text does not say it: the value of an input, the whole of a text cut short."""

from __future__ import annotations

import re

from lxml import html

from crawler.extract.labels import meaning_of
from data.text import squeeze, title_key

_INVITES = re.compile(r"^(?:请|搜索|检索|查询|全文|关键[词字]|站内|输入|提交|打印|关闭)")
_CUT = re.compile(r"(?:…+|\.{2,}|。{2,})$")
_LABELLED = re.compile(r"^(.{1,14}?[:：])\s*(.+)$")
_LONGEST = 300


def entered(element: html.HtmlElement) -> str:
    """The value of an input or textarea that is there to be read; empty for one that waits to be filled in."""
    if element.tag == "textarea":
        value = squeeze(element.text or "")
    elif (element.get("type") or "text").lower() == "text":
        value = squeeze(element.get("value") or "")
    else:
        return ""
    if not value or len(value) > _LONGEST or _INVITES.match(value):
        return ""
    fixed = element.get("readonly") is not None or element.get("disabled") is not None
    return value if fixed or meaning_of(_before(element)) is not None else ""


def _before(element: html.HtmlElement) -> str:
    """The text in front of an element: in its parent, else in the cell or element before it."""
    current: html.HtmlElement | None = element
    for _ in range(3):
        if current is None or current.tag in ("body", "form", "tr"):
            return ""
        previous, parent = current.getprevious(), current.getparent()
        text = (previous.tail if previous is not None else parent.text if parent is not None else "") or ""
        if text.strip():
            return text
        if previous is not None:
            return "".join(previous.itertext()) if isinstance(previous.tag, str) else ""
        current = parent
    return ""


def untruncated(element: html.HtmlElement) -> str | None:
    """The whole text of an element whose text ends in dots and goes on in its title attribute; None for every other."""
    given = element.get("title")
    if not given or len(given) > _LONGEST:
        return None
    shown = squeeze("".join(element.itertext())) if len(element) < 4 else ""
    if not 2 <= len(shown) <= _LONGEST or not _CUT.search(shown):
        return None
    given = squeeze(given)
    labelled = _LABELLED.match(shown)
    for lead, text in (("", shown), (labelled[1], labelled[2]) if labelled else ("", "")):
        stem = title_key(_CUT.sub("", text))
        if stem and title_key(given).startswith(stem) and not _CUT.search(given):
            return lead + given
    return None
