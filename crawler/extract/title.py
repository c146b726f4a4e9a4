"""The title of a document: where it stands on the page, weighed against what the head of the page says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import html

from crawler.extract.dates import SEAM, find_dates
from crawler.extract.labels import Meaning, is_nothing
from crawler.extract.numbers import is_number_line
from crawler.extract.outline import Block, Outline
from crawler.extract.page import Page
from crawler.extract.pairs import Pair
from data.text import bare, squeeze, title_key

_CLASS = re.compile(r"tit(?:le)?|biaoti|headline|(?:^|[\s_-])bt(?:[\s_-]|$)|(?:^|[\s_-])h[1-3](?:[\s_-]|$)|subject", re.I)
_GENRE = re.compile(
    r"(?:通知|公告|通告|公示|意见|办法|规定|决定|条例|细则|批复|函|方案|规划|计划|报告|解读|问答|令|通报|要点|纪要|预案|标准|指南|制度|目录|说明|清单|答记者问|名单|公报|总结)"
    r"(?:[（(〔][^（()）〕]{1,30}[）)〕])?$"
)
_ISSUER = re.compile(r"(?:政府|办公厅|办公室|委员会|厅|局|部|院|网|门户网站|政府网站|公安|中心|街道办事处)$")
_LINES = frozenset({"p", "h1", "h2", "h3", "h4", "center"})
_SUBJECT = re.compile(r"关于|印发|转发|公布")
_LEAD_WORDS = re.compile(r"^(?:标\s*题|名\s*称)\s*[:：]\s*")
_TRAIL = re.compile(r"当前位置|所在位置|您的位置|当前的位置|您现在的位置")
_SEPARATORS = re.compile(r"\s*[_|｜—–-]{1,3}\s*|\s{2,}")
_REACH = 120  # how many blocks above the text a title can stand
_HEADINGS = {"h1": 3.0, "h2": 2.5, "h3": 2.0, "h4": 1.0, "h5": 0.5, "ucaptitle": 3.0}
_CENTRE = re.compile(r"text-align\s*:\s*center", re.I)
_SPAN_DATE = re.compile(r"^[(（\[【]?\s*(?:发布(?:时间|日期)|日期|时间)?\s*[:：]?\s*(?:19|20)\d\d[\d年月日\-/.:： ]{4,16}\s*[)）\]】]?$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A visible heading: blocks `first` to `last` (inclusive), its text, and a date printed inside it."""

    first: int
    last: int
    text: str
    date: str | None
    score: float


@dataclass(frozen=True, slots=True)
class References:
    """What the head of the page and the metadata block call the document, as keys without white space and punctuation."""

    meta: str
    head: str
    field: str
    site: frozenset[str]


def references(page: Page, pairs: list[Pair]) -> References:
    """Collect them; an unrendered template or a site name is no title."""
    head = page.tree.find(".//title")
    names = {title_key(page.metas.get(name, "")) for name in ("sitename", "columnname", "columntype")}
    field = next((pair.value for pair in pairs if pair.meaning is Meaning.TITLE and not is_nothing(pair.value) and len(pair.value) > 3), "")
    return References(
        title_key(meta_title(page) or ""),
        title_key(head.text_content()) if head is not None else "",
        title_key(field),
        frozenset(names - {""}),
    )


def meta_title(page: Page) -> str | None:
    """The ArticleTitle meta, cleaned of markup; None where it is unrendered or says the site only."""
    for name in ("articletitle", "title", "og:title"):
        text = page.metas.get(name)
        if text and not re.search(r"\{\{|<(?:jsp|cms|CMS)|\$\{|%>", text):
            text = squeeze(re.sub(r"<[^>]{0,40}>|&lt;br\s*/?&gt;", "", text))
            if text and text != page.metas.get("sitename"):
                return text
    return None


def head_title(page: Page) -> str | None:
    """The part of <title> that is not the site or the column."""
    head = page.tree.find(".//title")
    if head is None:
        return None
    names = {title_key(page.metas.get(name, "")) for name in ("sitename", "columnname", "columntype")} - {""}
    parts = [part for part in _SEPARATORS.split(squeeze(head.text_content())) if part]
    parts = [part for part in parts if title_key(part) not in names]
    best = max(parts, key=len, default=None)
    return best if best and len(bare(best)) >= 6 else None


def find_heading(outline: Outline, pairs: list[Pair], refs: References, start: int, limit: int) -> Heading | None:
    """The visible heading before block `limit`, near where the text area starts; None where none is convincing."""
    used = {index for pair in pairs for index in range(pair.first, pair.last + 1)}
    blocks = outline.blocks
    best: Heading | None = None
    limit = min(limit, len(blocks), start + _REACH)
    index = max(0, min(start, limit - 1) - _REACH)
    while index < limit:
        last = index
        if blocks[index].linked > 0.9:
            index += 1
            continue
        while last + 1 < len(blocks) and blocks[last + 1].element is blocks[index].element and last - index < 6:
            last += 1
        if index not in used:
            for stop in dict.fromkeys((last, index, index + 1, index + 2, index + 3)):
                if stop >= len(blocks) or stop < index or any(at in used for at in range(index, stop + 1)):
                    continue
                heading = _weigh(outline, index, stop, refs, pairs, same=stop <= last)
                if heading and (best is None or heading.score > best.score):
                    best = heading
        index += 1
    return best if best and best.score >= 3.5 else None


def _weigh(outline: Outline, first: int, last: int, refs: References, pairs: list[Pair], *, same: bool) -> Heading | None:
    blocks = outline.blocks[first : last + 1]
    if sum(block.chars for block in blocks) > 240:
        return None
    if not same and not (refs.meta or refs.field) and not _is_issuer_and_subject(blocks):
        return None  # nothing there could say that the lines are one title
    text, date = _text(blocks)
    key = title_key(text)
    if not 4 <= len(key) <= 200 or _TRAIL.search(text) or is_number_line(text):
        return None
    score = _agreement(key, refs, same=same)
    if not same:
        if _is_issuer_and_subject(blocks) and _GENRE.search(text):
            score += 3
        elif score < 5:
            return None  # lines are joined only where something says so
    elif _ISSUER.search(key) and not _GENRE.search(key) and key != refs.meta:
        score -= 5  # a name alone is a letterhead or the site's own
    score += _look(blocks[0].element) + _wording(text, key)
    if sum(block.link_chars for block in blocks) > 0.6 * len(bare(text)):
        score -= 6
    if _dated_below(outline, last, pairs):
        score += 2
    # Among equals the later one is nearer to the text.
    return Heading(first, last, text, date, score + first * 1e-4)


def _is_issuer_and_subject(blocks: list[Block]) -> bool:
    """Whether lines are an issuer and, on the next ones, its subject."""
    return (
        blocks[0].element.tag in _LINES
        and len({block.element.tag for block in blocks}) == 1
        and (len(blocks) == 2 or all(_centred(block.element) for block in blocks))
        and bool(_ISSUER.search(bare(blocks[0].text)))
        and bool(_SUBJECT.match(bare(blocks[1].text)))
    )


def _agreement(key: str, refs: References, *, same: bool) -> float:
    """How far the head of the page and the metadata block call the document by this name."""
    score = 0.0
    if len(key) >= 5:
        if key == refs.meta:
            score += 6
        elif len(key) >= 8 and refs.meta and (refs.meta.startswith(key) or key.startswith(refs.meta)):
            score += 3.5 if same else 2
        if key in refs.head:
            score += 3 if refs.head.startswith(key) else 2
        if key == refs.field:
            score += 5
    return score - 6 if key in refs.site else score


def _wording(text: str, key: str) -> float:
    score = 1.0 if 8 <= len(key) <= 100 else 0.0
    if text.endswith(("。", "；", "：", ":", "，")):
        score -= 4
    return score + 1.5 if _GENRE.search(key) or _GENRE.search(text) else score


def _dated_below(outline: Outline, last: int, pairs: list[Pair]) -> bool:
    """Whether a publication line follows: a labelled one within three blocks, or a date in the next."""
    if any(last < pair.first <= last + 3 and pair.meaning in (Meaning.PUBLISHED, Meaning.SOURCE, Meaning.UPDATED) for pair in pairs):
        return True
    return any(block.chars <= 80 and find_dates(block.text[:60]) for block in outline.blocks[last + 1 : last + 2])


def _look(element: html.HtmlElement) -> float:
    score = 0.0
    at: html.HtmlElement | None = element
    for step in range(3):
        if at is None or at.tag in ("body", "html"):
            break
        weight = _HEADINGS.get(at.tag, 0.0)
        if weight and step < 2:
            score = max(score, weight)
        if step < 2 and _CLASS.search(f"{at.get('class') or ''} {at.get('id') or ''}"):
            score = max(score, score + 1.5 if step == 0 else score + 1)
        at = at.getparent()
    if _centred(element):
        score += 0.75
    if element.find(".//strong") is not None or element.find(".//b") is not None or element.find(".//font") is not None:
        score += 0.5
    return score


def _centred(element: html.HtmlElement) -> bool:
    align = (element.get("align") or "").lower()  # middle: what old editors wrote for center
    return align in ("center", "middle") or element.tag == "center" or bool(_CENTRE.search(element.get("style") or ""))


def _text(blocks: list[Block]) -> tuple[str, str | None]:
    """Lines joined without space; a date in an element of its own at the end is taken off."""
    lines: list[str] = []
    date: str | None = None
    for block in blocks:
        if not any(character.isdigit() for character in block.text[-12:]):
            lines.append(block.text)
            continue
        parts = [squeeze(part) for part in block.raw.split(SEAM)]
        while parts and (not parts[-1] or (len(parts[-1]) <= 40 and _SPAN_DATE.match(parts[-1]))):
            date = parts.pop() or date
        lines.append(squeeze("".join(parts)))
    return _LEAD_WORDS.sub("", "".join(lines)), date
