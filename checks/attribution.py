"""Whether what is carried from upper bodies says where it comes from, and says what the original says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from checks.blemishes import Blemish, blemishes
from checks.bodies import Bodies, Whose, bodies, title_lead
from checks.registry import Outcome, check
from checks.scope import UPPER_COLUMNS, repost_of, title_of
from checks.shared import per_view
from data.catalogue import Rule
from data.records import Confidence, Document, DocumentReading, OutLink, Status, UpstreamItem
from data.text import bare, doc_number_key, title_core
from data.urls import host_of
from data.view import SiteView

_MARKED = re.compile(r"^[【\[(（〔]?(转载|转发|转)[】\])）〕:：]")
_NOTHING = re.compile(r"^[\W_]*(无|暂无|未知|不详|null|none|nan|undefined)?[\W_]*$", re.I)
_IN_TEXT = re.compile(r"(信息|文章|稿件|内容)?来源[:：]\s*[^\s，。；:：]{2,}|(转载|摘|转)自[:：]?\s*[^\s，。；]{2,}|原文(链接|地址|来源)")
_SOURCE_LABEL = re.compile("来源|出处|转载|发布机构|发文机关|发布单位|发文单位|发布机关|制发机关")
_SCRIPT = ("script", "header-script", "fields-script")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


@check("repost-attribution")
def repost_attribution(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办发〔2017〕47号 信息转载: a repost names its source and keeps the text; 东昌府 五(二) for the review of reposts."""
    who, originals = bodies(view), _originals(view)
    reposts = [document for document in view.documents if _is_repost(document, who, view)]

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        if _names_source(reading):
            return _changed(rule, reading, originals.get(_key(reading.doc_number, reading.title or title_of(document))))
        if any(mark.startswith(_SCRIPT) for mark in reading.marks) or any(
            not _NOTHING.match(value) for name, value in reading.metas.items() if name.lower() in ("contentsource", "source")
        ):
            return Blemish("source-unread", "来源未能读出", status=Status.INCONCLUSIVE)
        return Blemish("no-source", "转载页面未见来源")

    yield from blemishes(view, reposts, look)


def _is_repost(document: Document, who: Bodies, view: SiteView) -> bool:
    """Whether a document surely is another body's: by its mark, or in a column of upper documents and not the unit's own."""
    if not repost_of(document, who):
        return False
    lead = who.whose(title_lead(title_of(document)))
    if lead is Whose.OWN or (lead is not Whose.UPPER and who.whose(document.reading.issuer) is Whose.OWN and document.reading.doc_number):
        return False
    return bool(_MARKED.match(bare(title_of(document))) or set(document.columns) & UPPER_COLUMNS or lead is Whose.UPPER)


def _names_source(reading: DocumentReading) -> bool:
    """Whether a page says where it comes from: a source, an issuing body, a word in the text, a link to the origin."""
    if any(not _NOTHING.match(value) for value in _shown(reading)):
        return True
    if any(_SOURCE_LABEL.search(bare(field.label)) and not _NOTHING.match(field.value) for field in reading.fields):
        return True
    if any(related.relation == "original" for related in reading.related):
        return True
    if any(_leads_to_a_page(link) for link in reading.outlinks if link.hidden is None and host_of(link.url).endswith(".gov.cn")):
        return True
    return bool(_IN_TEXT.search(reading.body[:400]) or _IN_TEXT.search(reading.body[-400:]))


def _leads_to_a_page(link: OutLink) -> bool:
    """Whether a link may be the way to the original: no picture without words, and no friendly link to a site's front door."""
    return bool(link.text) and urlsplit(link.url).path.strip("/") not in ("", "index.html", "index.htm", "index.shtml")


def _shown(reading: DocumentReading) -> Iterator[str]:
    """The source and the issuing body that a page shows as such: not what stands in its tags alone, or under its text as the signature."""
    printed = {bare(field.value) for field in reading.fields}
    tags = {bare(content) for name, content in reading.metas.items() if name.lower() in ("contentsource", "source")}
    if reading.source is not None and (bare(reading.source) in printed or bare(reading.source) not in tags):
        yield reading.source
    if reading.issuer is not None and (bare(reading.issuer) in printed or bare(reading.issuer) not in bare(reading.body[-120:])):
        yield reading.issuer


def _key(number: str | None, title: str) -> str:
    return doc_number_key(number) if number else title_core(title)


@per_view
def _originals(view: SiteView) -> Mapping[str, UpstreamItem]:
    """The upper items whose text is known, by 文号 and by title."""
    found: dict[str, UpstreamItem] = {}
    for item in (item for upstream in view.upstreams for item in upstream.items if item.body):
        found[title_core(item.title)] = item
        if item.doc_number:
            found[doc_number_key(item.doc_number)] = item
    return found


@lru_cache(maxsize=2000)  # one upper item is held against a copy on each of a thousand sites
def _original_text(body: str) -> str:
    return bare(body)


def _changed(rule: Rule, reading: DocumentReading, original: UpstreamItem | None) -> Blemish | None:
    """A copy of nearly the whole text in which single figures stand where the original has others."""
    if original is None:
        return None
    here, there = bare(reading.body), _original_text(original.body)
    if min(len(here), len(there)) < rule.params["min_chars"]:
        return None
    ours, theirs = Counter(_FIGURE.findall(here)), Counter(_FIGURE.findall(there))
    added, lost = list((ours - theirs).elements()), list((theirs - ours).elements())
    # A figure more or less is a date of the page or a note; one in another's place is a change of the text.
    if len(added) != len(lost) or not 0 < len(added) <= rule.params["most_figures"]:
        return None
    # Last, because it takes as long as the texts are long, twice over.
    if fuzz.ratio(here, there, score_cutoff=rule.params["alike_percent"]) == 0:
        return None
    facts = {"here": "、".join(added), "there": "、".join(lost)}
    return Blemish("text-differs", f"本站文中为{facts['here']}，上级原文为{facts['there']}", facts, confidence=Confidence.CONFIRMED)
