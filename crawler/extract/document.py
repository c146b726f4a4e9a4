"""A document page as one reading: every field from the most trusted place that shows it, disagreements kept."""

from __future__ import annotations

import re
from datetime import date

from crawler.extract.attachments import read_attachments
from crawler.extract.beside import read_media, read_outlinks
from crawler.extract.body import Place, body_text, place
from crawler.extract.breadcrumb import read_breadcrumb
from crawler.extract.fields import Shown, first_value, shown_pairs
from crawler.extract.kind import kind_of
from crawler.extract.labels import Meaning, is_nothing
from crawler.extract.numbers import is_number, leading_number, number_in_lines, number_in_title
from crawler.extract.outline import Block, Outline, outline
from crawler.extract.page import Page, once
from crawler.extract.published import field_dates, header_dates, meta_date, publication, url_date
from crawler.extract.relations import read_related, twins
from crawler.extract.signature import Signature, in_data_row, read_issued, read_openness, read_promulgator, read_signature
from crawler.extract.title import head_title, meta_title
from data.records import DateRole, DocumentKind, DocumentReading, Field, ShownDate
from data.text import title_key

_SIGNER = re.compile(r"\s*签\s*发\s*人?\s*[:：].*$")  # right of the number in a letterhead
_VALID = re.compile(r"有效|失效|废止|修改|修订|终止|尚未|生效|现行|宣布")


def read_document(page: Page) -> DocumentReading:
    """Read everything a document page shows; the page is taken to be one."""
    view = outline(page)
    found = place(page)
    shown = shown_pairs(page)
    blocks = view.blocks[found.start : found.stop]
    marks: list[str] = list(page.marks)
    title = _title(page, found, shown, marks)
    signature = read_signature(blocks, found.element)
    trail = tuple(link.text for link in read_breadcrumb(page, view, max(found.start, found.heading.first if found.heading else 0)))
    number, number_marks = _number(shown, title, _head_lines(view, found))
    dates = _dates(page, found, shown, signature)
    made_on = _made(dates, marks)
    published = publication(page, dates, shown, made_on)
    issued = next((item for item in dates if item.role is DateRole.ISSUED), None)
    files = read_attachments(page, view, *found.zone)
    text = body_text(page)
    marks += [*number_marks, *published.marks, *(f"date-repaired:{item.role}" for item in dates if item.repaired)]
    if made_on is not None and published.date is not None and made_on > published.date.value.date():
        marks.append("made-after-published")
    policy_block = any(item.block and item.pair.meaning in (Meaning.NUMBER, Meaning.ISSUER) for item in shown)
    column = page.metas.get("columnname")
    kind = kind_of(title, trail, column, number=number, policy_block=policy_block, body_chars=len(text))
    if kind is DocumentKind.INTERPRETATION and number and first_value(shown, Meaning.NUMBER) is None:
        number = None  # what stands in an interpretation's title is the number of what it explains
    return DocumentReading(
        kind=kind,
        title=title,
        published_at=published.date.value if published.date else None,
        published_precision=published.date.precision if published.date else None,
        made_on=made_on,
        issued_on=issued.value.date() if issued else None,
        doc_number=number,
        index_number=_index(shown),
        issuer=first_value(shown, Meaning.ISSUER, Meaning.PUBLISHER)
        or (signature.signer if signature else None)
        or read_promulgator(_foot(page, found)),
        source=_source(page, found, shown),
        validity=_validity(shown),
        openness=first_value(shown, Meaning.OPENNESS) or read_openness(blocks),
        topic=_topic(shown, trail, column),
        breadcrumb=trail,
        attachments=files,
        related=read_related(page, view, *found.zone, title=title) + twins(files),
        body=text,
        dates=tuple(dates),
        fields=tuple(Field(item.pair.label, item.pair.value) for item in shown),
        marks=tuple(dict.fromkeys(marks)),
        metas=page.named_metas,
        outlinks=read_outlinks(page),
        media=read_media(page),
    )


@once
def document_evidence(page: Page) -> tuple[str, ...]:
    """Why a page may be a document: what it shows that lists and home pages do not."""
    view = outline(page)
    found = place(page)
    shown = shown_pairs(page)
    blocks = view.blocks[found.start : found.stop]
    chars = sum(block.chars for block in blocks)
    plain = chars - sum(block.link_chars for block in blocks)
    reasons = {
        "heading": found.heading is not None,
        "metadata-block": len({item.pair.meaning for item in shown if item.block}) >= 3,
        "header-line": any(not item.block and item.pair.meaning in (Meaning.PUBLISHED, Meaning.SOURCE, Meaning.UPDATED) for item in shown)
        or bool(header_dates(view, found)),
        "body-container": found.named and plain >= 20,
        "running-text": plain >= 200
        and plain > 0.7 * chars
        and sum(1 for block in blocks if block.chars >= 40 and block.linked < 0.3) >= 2,
        "article-meta": bool(meta_title(page) and page.metas.get("pubdate")),
        "signature": read_signature(blocks, found.element) is not None,
        "doc-number": number_in_lines([block.text for block in blocks[:8]]) is not None,
    }
    return tuple(name for name, holds in reasons.items() if holds)


def _head_lines(view: Outline, found: Place) -> list[str]:
    """Lines in which a document shows its 发文字号: between title and text and at the text's head; the header line's parts each by itself."""
    lines: list[str] = []
    for index in range(_head_start(view, found), min(found.start + 8, len(view.blocks))):
        block = view.blocks[index]
        if not in_data_row(block.element, found.element):
            text = _SIGNER.sub("", block.text)
            lines += [part.strip() for part in re.split(r"[|｜]", text)] if index < found.start else [text]
    return lines


def _head_start(view: Outline, found: Place) -> int:
    """Where lines that can be a 发文字号 begin: a few above the title where these stand in the text's own element, else below it."""
    if found.heading is None or found.heading.last >= found.start:
        return found.start
    inside = view.span(found.element)[0] if found.element is not None else found.heading.last + 1
    return max(inside, found.heading.first - 3) if inside <= found.heading.first else found.heading.last + 1


def _foot(page: Page, found: Place) -> list[Block]:
    blocks = outline(page).blocks
    return [*blocks[max(found.start, found.stop - 3) : found.stop + 3]]


def _title(page: Page, found: Place, shown: list[Shown], marks: list[str]) -> str | None:
    """Metadata block and visible heading weighed against the head's title; the head alone only where neither is shown."""
    field = first_value([item for item in shown if len(item.pair.value) >= 4], Meaning.TITLE)
    heading = found.heading.text if found.heading else None
    meta = meta_title(page)
    if field and heading:
        keys = {name: title_key(text) for name, text in (("field", field), ("heading", heading), ("meta", meta or ""))}
        if keys["field"] == keys["heading"]:
            return heading
        cut = field.endswith(("…", "...", "..")) or (keys["heading"].startswith(keys["field"]) and len(keys["field"]) >= 60)
        marks.append("title-disagrees:field,heading")
        return heading if cut or keys["meta"] == keys["heading"] else field
    visible = field or heading
    if visible:
        if meta and visible.endswith(("…", "...")) and title_key(meta).startswith(title_key(visible)):
            return meta
        return visible
    if meta or (meta := head_title(page)):
        marks.append("title-from-head")
    return meta


def _number(shown: list[Shown], title: str | None, lines: list[str]) -> tuple[str | None, tuple[str, ...]]:
    value = first_value(shown, Meaning.NUMBER)
    if value is not None and is_number(value):
        return re.sub(r"\s+", "", leading_number(value)), ()
    if any(item.block and item.pair.meaning is Meaning.NUMBER and item.pair.value and is_nothing(item.pair.value) for item in shown):
        return None, ()  # the metadata block says that there is none
    marks = ("doc-number-unreadable",) if value is not None else ()
    return number_in_lines(lines) or (number_in_title(title) if title else None), marks


def _dates(page: Page, found: Place, shown: list[Shown], signature: Signature | None) -> list[ShownDate]:
    view = outline(page)
    dates = [*field_dates(shown), *header_dates(view, found)]
    printed = read_issued(view.blocks[found.start : found.zone[1]])
    extras = (signature.date if signature else None, printed, meta_date(page), url_date(page.url))
    return dates + [extra for extra in extras if extra is not None]


def _made(dates: list[ShownDate], marks: list[str]) -> date | None:
    field = next((item for item in dates if item.role is DateRole.MADE), None)
    signed = next((item for item in dates if item.role is DateRole.SIGNED), None)
    if field and signed and field.value.date() != signed.value.date():
        marks.append("made-disagrees:field,signature")
    best = field or signed
    return best.value.date() if best else None


def _index(shown: list[Shown]) -> str | None:
    value = first_value(shown, Meaning.INDEX)
    return value if value and re.search(r"[0-9A-Za-z]", value) else None


def _validity(shown: list[Shown]) -> str | None:
    for item in shown:
        if item.pair.meaning is Meaning.VALIDITY and not is_nothing(item.pair.value):
            if item.pair.value in ("是", "否"):
                return "有效" if item.pair.value == "是" else "失效"
            if len(item.pair.value) <= 30 and _VALID.search(item.pair.value):
                return item.pair.value
    return None


def _topic(shown: list[Shown], trail: tuple[str, ...], column: str | None) -> str | None:
    """主题分类; a bare 分类 only where it isn't the column's own name."""
    topic = first_value(shown, Meaning.TOPIC)
    if topic is None:
        category = first_value(shown, Meaning.CATEGORY)
        if category and category not in trail and category != column:
            topic = category
    return topic


def _source(page: Page, found: Place, shown: list[Shown]) -> str | None:
    """The header's, then the closing line's （来源：新华网）, then the meta tag's."""
    value = first_value(shown, Meaning.SOURCE)
    if value:
        return value
    tail = [pair for pair in found.pairs if pair.meaning is Meaning.SOURCE and max(found.start, found.stop - 4) <= pair.first < found.stop]
    for pair in tail:
        if not is_nothing(pair.value) and len(pair.value) <= 40:
            return pair.value.rstrip("）)】]。 ")
    meta = page.metas.get("contentsource")
    return meta if meta and not is_nothing(meta) else None
