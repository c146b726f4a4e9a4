"""Label and value, whatever the markup between them: one cell, two cells, two lines, a list item, a definition."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import html

from crawler.extract.dates import SEAM, find_dates
from crawler.extract.labels import Meaning, find_labels, is_framed, label_word, meaning_of
from crawler.extract.numbers import is_complete, is_opening
from crawler.extract.outline import Block, Outline
from crawler.extract.row_dates import join_parts
from data.text import squeeze

MAX_LINE = 600  # a metadata line is short; a label further on stands in running text
MAX_VALUE = 300
_STOP = frozenset({"td", "th", "li", "dt", "dd", "tr", "table", "ul", "ol", "dl", "body"})
_TAIL = re.compile(
    r"(?:^|\s|[】\]）)|｜])\s*(?:浏览(?:量|次数|数)?|点击(?:量|数|次数|率)?|阅读(?:量|次数|数)?|访问(?:量|次数)?|字体|字号|打印|收藏|分享(?:到|至)?|扫一扫|保护视力|"
    r"责任编辑|责编|【\s*字体|\[\s*(?:打印|关闭|大|字体)|【\s*(?:打印|关闭|大)|大\s*中\s*小).*$",
    re.S,
)
_TOOLS_BEHIND = re.compile(r"\s+(?:下载|收藏|打印|关闭|分享)(?:\s.*)?$")
_NAMED = frozenset({Meaning.SOURCE, Meaning.PUBLISHER})
_LONG = frozenset({Meaning.TITLE, Meaning.OTHER})
_CLOSERS = {"】": "【", "]": "[", "）": "（", ")": "(", "〗": "〖", "］": "［"}
_COLONS = re.compile(r"[:：∶︰﹕]")
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "ucaptitle"})
_SIBLINGS = {"dt": ("dd",), "td": ("td", "th"), "th": ("td", "th"), "li": ("li",)}  # what can hold the value beside such a label
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
                    _complete(outline, pair)
                    pairs.append(pair)
                    taken = pair.last
                continue
        seamed = _seamed(block, index)
        if seamed:
            pairs.extend(seamed)
            continue
        found = find_labels(block.raw)
        if not found:
            continue
        ends = [label.start for label in found[1:]] + [len(block.raw)]
        for label, end in zip(found, ends, strict=True):
            raw = block.raw[label.end : end]
            pairs.append(
                Pair(
                    label.label,
                    label.meaning,
                    _clean(_undated(raw) if label.meaning in _NAMED else raw if label.colon else _dated(raw)),
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
        _complete(outline, pairs[-1])
        taken = max(taken, pairs[-1].last)
    return pairs


def _seamed(block: Block, index: int) -> list[Pair]:
    """Labels without a colon in inline elements of their own, each before its value: <span>索引号</span><span>A1</span>.

    A label that another label follows has no value. Empty where a value has no label, or a label may be unknown to us.
    """
    if SEAM not in block.raw or block.chars > 200 * (1 + block.raw.count("【")):
        return []
    raw = [part for part in block.raw.split(SEAM) if part and not part.isspace()]
    if len(raw) < 2:
        return []
    parts = [squeeze(part) for part in raw]
    if len(parts[0]) > 20 or meaning_of(parts[0]) is None or any(_COLONS.match(part) for part in parts):
        return []
    runs: list[tuple[str, Meaning, list[str]]] = []
    for part in parts:
        meaning = meaning_of(part)
        if meaning is None:
            if find_labels(part):
                return []
            runs[-1][2].append(part)
        elif meaning is Meaning.TOOL or _COLONS.search(part):
            return []
        else:
            runs.append((part, meaning, []))
    if not any(values for _, _, values in runs):
        return []
    pairs: list[Pair] = []
    for label, meaning, values in runs:
        value = _one_value(meaning, values)
        if value is None:
            return []
        pairs.append(Pair(label_word(label), meaning, value[:MAX_VALUE], index, index, is_framed(label), True, value))
    return pairs


def _one_value(meaning: Meaning, values: list[str]) -> str | None:
    """The value that inline elements make up; None where they may be more than one thing."""
    if len(values) <= 1:
        return "".join(values)
    if meaning is Meaning.NUMBER and is_complete("".join(values)):
        return "".join(values)
    whole = " ".join(values)
    dates = find_dates(whole)
    return whole if len(dates) == 1 and not dates[0].start else join_parts(SEAM.join(values))


def _complete(outline: Outline, pair: Pair) -> None:
    """Let a 发文字号 go on in the next lines where they make it whole."""
    if pair.meaning is not Meaning.NUMBER or not is_opening(pair.value):
        return
    joined = pair.value
    for at in range(pair.last + 1, min(pair.last + 4, len(outline.blocks))):
        block = outline.blocks[at]
        if block.chars > 20 or find_labels(block.raw) or meaning_of(block.raw) is not None:
            return
        joined += block.text
        if is_complete(joined):
            pair.value, pair.last = joined, at
            return


def _lead(block: Block) -> int:
    return len(block.raw) - len(block.raw.lstrip(" \t\r\n\u3000\xa0" + "•·●■◆*" + SEAM))


def _undated(raw: str) -> str:
    """A name without the unlabelled date that follows it on the line (来源：示例局 2026-11-02)."""
    found = find_dates(raw)
    return raw[: found[0].start].rstrip(_EDGES + SEAM + "[【(（") if found and raw[: found[0].start].strip(_EDGES + SEAM) else raw


def _dated(raw: str) -> str:
    """What a date label without a colon labels: the date behind it, nothing beyond."""
    found = find_dates(raw)
    return raw[: found[0].end] if found else raw


def _clean(raw: str) -> str:
    text = squeeze(raw.replace(SEAM, " "))
    text = _TOOLS_BEHIND.sub("", squeeze(_TAIL.sub("", text))).strip(_EDGES)
    while text and (text[-1] in "【[（(" or (text[-1] in _CLOSERS and text.count(text[-1]) > text.count(_CLOSERS[text[-1]]))):
        text = text[:-1].rstrip(_EDGES)
    return text[:MAX_VALUE]


def _apart(outline: Outline, index: int, meaning: Meaning, *, label: str | None = None) -> Pair | None:
    """The value of a label that fills its block, read by structure: next cell, next sibling, or next line of the same element."""
    block = outline.blocks[index]
    name = label or label_word(block.raw)
    colon = bool(_COLONS.search(block.raw)) or is_framed(block.raw.replace(SEAM, ""))
    empty = Pair(name, meaning, "", index, index, colon, True)
    span = _value_span(outline, index)
    if span is None:
        return empty if colon else None
    first, last = span
    if first > last:
        return empty
    if outline.blocks[first].element.tag in _HEADING_TAGS and block.element.tag not in _HEADING_TAGS and meaning is not Meaning.TITLE:
        return empty  # the page's title follows, not a value
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
    if _holds_empty(block):
        return index + 1, index
    while True:
        sibling = _next(element)
        while sibling is not None and sibling in outline.spans and _only_colon(outline, sibling):
            sibling = _next(sibling)
        if sibling is not None and sibling.tag not in _SIBLINGS.get(element.tag, (sibling.tag,)):
            return index + 1, index
        if sibling is not None:
            first, stop = outline.span(sibling)
            return (first, stop - 1) if stop > first else (index + 1, index)
        if element.tag in _STOP:
            return None
        parent = element.getparent()
        if parent is None or outline.span(parent)[0] != index:
            return None
        element = parent


def _holds_empty(block: Block) -> bool:
    """Whether an empty inline element stands behind the label: <span>文号</span><span></span>."""
    bare = re.sub(r"[^\S\n]+", "", block.raw)
    trail, lead = len(bare) - len(bare.rstrip(SEAM)), len(bare) - len(bare.lstrip(SEAM))
    return trail - lead >= 2


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
    table = next(row.iterancestors("table"), row)
    below = [at for at in table.iter("tr") if outline.span(at)[0] > index]
    rows = [at for at in below if outline.span(at)[1] > outline.span(at)[0]]
    if len(labels) < 2 or len(rows) != 1:
        return []
    values = [at for at in rows[0] if at.tag in ("td", "th")]
    meanings = [
        meaning_of(outline.blocks[outline.span(at)[0]].raw) if outline.span(at)[1] - outline.span(at)[0] == 1 else None for at in labels
    ]
    if len(values) != len(labels) or None in meanings or any(meaning_of("".join(at.itertext())) is not None for at in values):
        return []
    pairs = []
    for label, value, meaning in zip(labels, values, meanings, strict=True):
        assert meaning is not None
        first, stop = outline.span(value)
        text = squeeze(" ".join(block.text for block in outline.blocks[first:stop]))[:MAX_VALUE]
        pairs.append(
            Pair(
                label_word(outline.blocks[outline.span(label)[0]].raw),
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
