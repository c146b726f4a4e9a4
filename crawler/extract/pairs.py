"""Label and value, whatever the markup between them: one cell, two cells, two lines, a list item, a definition."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import html

from crawler.extract.dates import SEAM, find_dates
from crawler.extract.labels import Meaning, find_labels, label_key, meaning_of
from crawler.extract.outline import Block, Outline
from data.text import squeeze

MAX_LINE = 600  # a metadata line is short; a label further on stands in running text
MAX_VALUE = 300
_STOP = frozenset({"td", "th", "li", "dt", "dd", "tr", "table", "ul", "ol", "dl", "body"})
_TAIL = re.compile(
    r"(?:^|\s|[】\]）)|｜])\s*(?:浏览(?:量|次数|数)?|点击(?:量|数|次数|率)?|阅读(?:量|次数|数)?|访问(?:量|次数)?|字体|字号|打印|收藏|分享(?:到|至)?|扫一扫|保护视力|"
    r"责任编辑|责编|【\s*字体|\[\s*(?:打印|关闭|大|字体)|【\s*(?:打印|关闭|大)|大\s*中\s*小).*$",
    re.S,
)
_NAMED = frozenset({Meaning.SOURCE, Meaning.PUBLISHER})
_LONG = frozenset({Meaning.TITLE, Meaning.OTHER})
_CLOSERS = {"】": "【", "]": "[", "）": "（", ")": "("}
_EDGES = " \t\r\n|｜;；,，\u3000"


@dataclass(slots=True)
class Pair:
    """A label and its value: blocks `first` to `last` (inclusive) hold them."""

    label: str
    meaning: Meaning
    value: str
    first: int
    last: int
    colon: bool
    apart: bool  # label and value in elements of their own: a table or list of metadata
    raw: str = ""


def read_pairs(outline: Outline) -> list[Pair]:
    """Every label-and-value pair of the page, in reading order; where they stand decides later which count."""
    blocks = outline.blocks
    pairs: list[Pair] = []
    taken = -1
    for index, block in enumerate(blocks):
        if index <= taken or block.chars > MAX_LINE:
            continue
        if block.chars <= 14:
            whole = meaning_of(block.raw)
            if whole is not None:
                below = _columns(outline, index)
                if below:
                    pairs.extend(below)
                    taken = below[-1].last
                    continue
                pair = _apart(outline, index, whole)
                if pair is not None:
                    pairs.append(pair)
                    taken = pair.last
                continue
        found = find_labels(block.raw)
        if not found:
            pairs.extend(_seamed(block, index))
            continue
        ends = [label.start for label in found[1:]] + [len(block.raw)]
        for label, end in zip(found, ends, strict=True):
            raw = block.raw[label.end : end]
            pairs.append(
                Pair(
                    label.label,
                    label.meaning,
                    _clean(_undated(raw) if label.meaning in _NAMED else raw),
                    index,
                    index,
                    label.colon,
                    len(found) == 1 and label.start <= _lead(block),
                    raw,
                )
            )
        last = pairs[-1]
        if not last.value and last.colon and len(found) == 1:
            beyond = _apart(outline, index, last.meaning, label=last.label)
            if beyond is not None and beyond.value:
                pairs[-1] = beyond
                taken = beyond.last
    return pairs


def _seamed(block: Block, index: int) -> list[Pair]:
    """Labels without a colon in inline elements of their own, each before its value: <span>索引号</span><span>A1</span>."""
    if SEAM not in block.raw or block.chars > 200:
        return []
    segments = [part for part in block.raw.split(SEAM) if part and not part.isspace()]
    if not segments or len(segments[0]) > 20 or meaning_of(segments[0]) is None:
        return []
    parts = [squeeze(part) for part in segments]
    meanings = [meaning_of(part) for part in parts[::2]]
    if len(parts) < 2 or len(parts) % 2 or not all(meaning and meaning is not Meaning.TOOL for meaning in meanings):
        return []
    return [
        Pair(label_key(label), meaning, value[:MAX_VALUE], index, index, False, True, value)
        for label, meaning, value in zip(parts[::2], meanings, parts[1::2], strict=True)
        if meaning is not None
    ]


def _lead(block: Block) -> int:
    return len(block.raw) - len(block.raw.lstrip(" \t\r\n\u3000\xa0" + "•·●■◆*" + SEAM))


def _undated(raw: str) -> str:
    """A name without the unlabelled date that follows it on the line (来源：示例局 2026-11-02)."""
    found = find_dates(raw)
    return raw[: found[0].start].rstrip(_EDGES + SEAM + "[【(（") if found and raw[: found[0].start].strip(_EDGES + SEAM) else raw


def _clean(raw: str) -> str:
    text = squeeze(raw.replace(SEAM, " "))
    text = squeeze(_TAIL.sub("", text)).strip(_EDGES)
    while text and (text[-1] in "【[（(" or (text[-1] in _CLOSERS and text.count(text[-1]) > text.count(_CLOSERS[text[-1]]))):
        text = text[:-1].rstrip(_EDGES)
    return text[:MAX_VALUE]


def _apart(outline: Outline, index: int, meaning: Meaning, *, label: str | None = None) -> Pair | None:
    """The value of a label that fills its block, read by structure: next cell, next sibling, or next line of the same element."""
    block = outline.blocks[index]
    name = label or label_key(block.raw).strip("【】[]（）()*·•")
    colon = bool(re.search(r"[:：∶︰﹕]", block.raw))
    empty = Pair(name, meaning, "", index, index, colon, True)
    span = _value_span(outline, index)
    if span is None:
        return empty if colon else None
    first, last = span
    if first > last:
        return empty
    inside = outline.blocks[first : last + 1]
    if meaning_of(inside[0].raw) is not None or find_labels(inside[0].raw):
        return empty if colon else None
    value = squeeze(" ".join(part.text for part in inside)).lstrip(":：∶ ").strip()
    if (
        last - first > 3
        or len(value) > (MAX_VALUE if meaning in _LONG else 120)
        or (meaning not in _LONG and value.endswith(("：", ":", "。", "；")))
    ):
        return empty if colon else None  # what follows is the text itself
    if meaning is Meaning.TOOL:
        return None
    return Pair(name, meaning, value, index, last, colon, True, value)


def _value_span(outline: Outline, index: int) -> tuple[int, int] | None:
    """Blocks of the value, inclusive; (n, n-1) where its place is empty; None where there is no place for one."""
    block = outline.blocks[index]
    element = block.element
    start, end = outline.span(element)
    if end - start > 1 and index + 1 < end:
        # The label's element goes on: the value is its next line, or a child of it.
        return index + 1, index + 1
    while True:
        sibling = _next(element)
        while sibling is not None and sibling in outline.spans and _only_colon(outline, sibling):
            sibling = _next(sibling)
        if sibling is not None:
            first, stop = outline.span(sibling)
            return (first, stop - 1) if stop > first else (index + 1, index)
        if element.tag in _STOP:
            return None
        parent = element.getparent()
        if parent is None or outline.span(parent)[0] != index:
            return None
        element = parent


def _next(element: html.HtmlElement) -> html.HtmlElement | None:
    for sibling in element.itersiblings():
        if isinstance(sibling.tag, str) and sibling.tag not in ("br", "script", "style", "hr", "input"):
            return sibling
    return None


def _only_colon(outline: Outline, element: html.HtmlElement) -> bool:
    first, stop = outline.span(element)
    return stop - first == 1 and outline.blocks[first].text in (":", "：")


def _columns(outline: Outline, index: int) -> list[Pair]:
    """A row of labels over one row of values; empty where it is a table of many rows, or no such table."""
    cell = outline.blocks[index].element
    row = next((at for at in [cell, *cell.iterancestors()] if at.tag in ("tr", "table")), None)
    if row is None or row.tag != "tr" or outline.span(row)[0] != index:
        return []
    labels = [at for at in row if at.tag in ("td", "th")]
    rows = [at for at in row.itersiblings("tr") if outline.span(at)[1] > outline.span(at)[0]]
    if len(labels) < 3 or len(rows) != 1:
        return []
    values = [at for at in rows[0] if at.tag in ("td", "th")]
    meanings = [
        meaning_of(outline.blocks[outline.span(at)[0]].raw) if outline.span(at)[1] - outline.span(at)[0] == 1 else None for at in labels
    ]
    if len(values) != len(labels) or None in meanings:
        return []
    pairs = []
    for label, value, meaning in zip(labels, values, meanings, strict=True):
        assert meaning is not None
        first, stop = outline.span(value)
        text = squeeze(" ".join(block.text for block in outline.blocks[first:stop]))[:MAX_VALUE]
        pairs.append(
            Pair(
                label_key(outline.blocks[outline.span(label)[0]].raw),
                meaning,
                text,
                index,
                max(index, outline.span(rows[0])[1] - 1),
                True,
                True,
                text,
            )
        )
    return pairs
