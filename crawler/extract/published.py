"""The dates of a document by role, and which of them is its publication."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from crawler.extract.body import Place, beside_place, is_header_date
from crawler.extract.dates import SEAM, find_dates, parse_date
from crawler.extract.fields import Shown
from crawler.extract.labels import Meaning
from crawler.extract.outline import Block, Outline
from crawler.extract.page import Page
from crawler.extract.row_dates import join_parts
from crawler.extract.signature import in_data_row
from crawler.extract.split_dates import inline_date, split_date
from data.records import DateRole, Precision, ShownDate

_ROLES = {
    Meaning.PUBLISHED: DateRole.PUBLISHED,
    Meaning.UPDATED: DateRole.PUBLISHED,
    Meaning.MADE: DateRole.MADE,
    Meaning.ISSUED: DateRole.ISSUED,
}
_META_NAMES = (
    "pubdate",
    "publishdate",
    "publish_date",
    "publishtime",
    "pubtime",
    "article:published_time",
    "dc.date.issued",
    "firstpublishedtime",
)
_GENERATED = re.compile(r"生成时间[^\d<>]{0,12}((?:19|20)\d{2}[-/.年][\d\-/.年月日:：T\s]{4,20})")
_GENERATED_METAS = ("generatetime", "generatedtime", "pagegeneratetime", "generatedate", "buildtime", "createhtmltime")
_URL_DAY = re.compile(r"(?:/|t|_|-)((?:19|20)\d{2})[-/]?(0?[1-9]|1[0-2])[-/]?(0?[1-9]|[12]\d|3[01])(?=[/_.]|$)")
_URL_SOLID = re.compile(r"(?:/|t|_)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.]|$)")
_URL_MONTH = re.compile(r"/((?:19|20)\d{2})[-/]?(0[1-9]|1[0-2])/")
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)[一二三四五六日天]")
_EPOCH = re.compile(r"\s*\d{10}(?:\d{3})?\s*")
_LEAP = timedelta(days=3)  # how far an address may lie from the date it stands for
_WEAK = {"时间": 2, "日期": 2, "发布": 1, "信息时间": 1}


@dataclass(frozen=True, slots=True)
class Publication:
    """The publication as held: its date (None where the page shows none) and what was noticed on the way."""

    date: ShownDate | None
    marks: tuple[str, ...]


def field_dates(shown: list[Shown]) -> list[ShownDate]:
    """Dates of metadata blocks and labelled header lines, by role; epoch numbers that a template leaked are none."""
    found: list[ShownDate] = []
    for item in shown:
        role = _ROLES.get(item.pair.meaning)
        if role is None or _EPOCH.fullmatch(item.pair.value):
            continue
        parsed = parse_date(item.pair.value, role, item.where) or _of_parts(item, role)
        if parsed is not None:
            found.append(parsed)
    return found


def _of_parts(item: Shown, role: DateRole) -> ShownDate | None:
    """A labelled date in parts: 发布日期 over 11-05 over 2026."""
    raw = item.pair.raw or item.pair.value
    day = join_parts(raw) or join_parts(re.sub(r"\s+", SEAM, item.pair.value)) if len(item.pair.value) <= 20 else None
    parsed = parse_date(day, role, item.where) if day else None
    return replace(parsed, raw=item.pair.value) if parsed else None


def header_dates(view: Outline, place: Place) -> list[ShownDate]:
    """Dates without a label: inside the title's element, or alone in a line beside the title."""
    found: list[ShownDate] = []
    heading = place.heading
    if heading is None:
        return found
    if heading.date:
        parsed = parse_date(heading.date, DateRole.PUBLISHED, "header")
        if parsed:
            found.append(parsed)
    used = {index for pair in place.pairs for index in range(pair.first, pair.last + 1) if pair.meaning in _ROLES}
    near = [
        *range(heading.last + 1, min(heading.last + 7, max(place.start, heading.last + 1))),
        *range(max(0, heading.first - 3), heading.first),
    ]
    for index in near:
        block = view.blocks[index]
        if index not in used and not in_data_row(block.element, place.element) and (parsed := _split(view, index)):
            found.append(parsed)
            continue
        if beside_place(view, index, index) or heading.first - index > 2 or (index < heading.first and _WEEKDAY.search(block.text)):
            continue  # a date that far above belongs to the page's head, and one with its weekday above a title is today's
        if (
            index not in used
            and (block.linked < 0.5 or _links_source(block))
            and is_header_date(block)
            and not in_data_row(block.element, place.element)
        ):
            stretch = next(iter(find_dates(block.text)), None)
            parsed = parse_date(block.text[stretch.start : stretch.end], DateRole.PUBLISHED, "header") if stretch else None
            if parsed:
                found.append(parsed)
    return found


def _split(view: Outline, index: int) -> ShownDate | None:
    """A date whose parts fill a line or several, or stand together in a line with a source."""
    lines, inline = split_date(view, index), inline_date(view.blocks[index].raw)
    day, printed = lines[1:] if lines else inline if inline else ("", "")
    parsed = parse_date(day, DateRole.PUBLISHED, "header") if day else None
    return replace(parsed, raw=printed) if parsed else None


def _links_source(block: Block) -> bool:
    """Whether what is linked in a short line is the one name beside its date."""
    return len(block.anchors) == 1 and block.chars <= 60 and block.chars > block.link_chars and not find_dates(block.anchors[0].text)


def meta_date(page: Page) -> ShownDate | None:
    for name in _META_NAMES:
        content = page.metas.get(name)
        if content and (parsed := parse_date(content, DateRole.META, f"meta:{'PubDate' if name == 'pubdate' else name}")):
            return parsed
    return None


def generated_at(page: Page) -> datetime | None:
    """When the page says that it was generated: a meta, a comment, a line of its foot."""
    for name in _GENERATED_METAS:
        if name in page.metas and (parsed := parse_date(page.metas[name], DateRole.META, name)):
            return parsed.value
    match = _GENERATED.search(page.text)
    parsed = parse_date(match.group(1), DateRole.META, "generated") if match else None
    return parsed.value if parsed else None


def url_date(url: str) -> ShownDate | None:
    """The day in an address (t20260828_1.html, /art/2026/9/5/, /2019-02/15/); a cross-check only."""
    path = urlsplit(url).path
    match = _URL_SOLID.search(path) or next(
        (match for match in _URL_DAY.finditer(path) if "/" in match.group(0)[1:] or "-" in match.group(0)[1:]), None
    )
    if match is None:
        return None
    return parse_date("-".join(match.groups()), DateRole.URL, "url")


def publication(page: Page, dates: list[ShownDate], shown: list[Shown], made_on: date | None) -> Publication:
    """Field, then header, then a weaker label (更新时间), then a meta tag that nothing speaks against."""
    marks: list[str] = []
    weak = {item.pair.value for item in shown if item.pair.meaning is Meaning.UPDATED}
    rank = {item.pair.value: _WEAK.get(item.pair.label, 0) for item in shown if item.pair.meaning is Meaning.PUBLISHED}
    strong = [item for item in dates if item.role is DateRole.PUBLISHED and (item.raw not in weak or item.raw in rank)]
    fields = sorted((item for item in strong if item.where.startswith("field:")), key=lambda item: rank.get(item.raw, 0))
    headers = sorted((item for item in strong if item.where == "header"), key=lambda item: rank.get(item.raw, 0))
    weaker = [item for item in dates if item.role is DateRole.PUBLISHED and item not in strong]
    meta = next((item for item in dates if item.role is DateRole.META), None)
    sources: dict[str, ShownDate] = {}
    for name, items in (("field", fields), ("header", headers)):
        if items:
            sources[name] = items[0]
    if not sources and weaker:
        sources["header"] = weaker[0]
        marks.append("published-from-update-time")
    regenerated = meta is not None and _is_regeneration(page, meta)
    if regenerated:
        marks.append("meta-date-is-regeneration")
    best = next(iter(sources.values()), None)
    if best is None:
        if meta is not None and not regenerated and (doubt := _doubt(page, meta, made_on)) is None:
            return Publication(meta, (*marks, "published-from-meta"))
        if meta is not None and not regenerated:
            marks.append(f"meta-date-not-used:{doubt}")
        return Publication(None, tuple(marks))
    if meta is not None and not regenerated:
        sources["meta"] = meta
    apart = [name for name, item in sources.items() if item.value.date() != best.value.date()]
    if apart:
        marks.append("published-disagrees:" + ",".join([next(iter(sources)), *apart]))
    header = sources.get("header")
    if best.precision is Precision.DAY and header and header.value.date() == best.value.date() and header.precision is not Precision.DAY:
        best = header
    return Publication(best, tuple(marks))


def _is_regeneration(page: Page, meta: ShownDate) -> bool:
    generated = generated_at(page)
    return generated is not None and abs(generated - meta.value) < (
        timedelta(minutes=2) if meta.precision is not Precision.DAY else timedelta(days=1)
    )


def _doubt(page: Page, meta: ShownDate, made_on: date | None) -> str | None:
    """Why a meta date can't stand in for a visible one; None where nothing speaks against it."""
    on = meta.value.date()
    if made_on is not None and on < made_on:
        return "earlier-than-made"
    address = url_date(page.url)
    if address is not None:
        return "url-disagrees" if abs(address.value.date() - on) > _LEAP else None
    month = _URL_MONTH.search(urlsplit(page.url).path)
    if month:
        first = date(int(month[1]), int(month[2]), 1)
        if not first - _LEAP <= on <= first + timedelta(days=31) + _LEAP:
            return "url-disagrees"
    elif made_on is not None and on - made_on > timedelta(days=366):
        return "long-after-made"
    return None
