"""Rules on what an interpretation is like: linked with its document, more than an excerpt, with the elements that explain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from checks.blemishes import Blemish, blemishes, nothing_found
from checks.bodies import bodies
from checks.excerpts import overlap
from checks.explaining import Interpretation, subjects_of
from checks.forms import Form, form_of, is_part
from checks.observing import document_evidence
from checks.pairing import Match, interpretations
from checks.papers import files_unread, name_of, whole_body, words_of
from checks.registry import Outcome, check
from checks.scope import not_public, policy_documents, repost_of, title_of, withdrawn
from checks.shared import per_view
from checks.subjects import document_subject
from data.catalogue import Rule
from data.days import civil
from data.records import Document, DocumentReading, Measure, Status
from data.text import bare, title_core
from data.urls import url_key
from data.view import SiteView

# --- pairs ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """A document of the unit's own and its certain interpretations."""

    document: Document
    matches: tuple[Match, ...]


def _pairs(view: SiteView, rule: Rule) -> tuple[Pair, ...]:
    """The unit's own documents that have interpretations, in duty; worked out once for rules that pair by the same figures."""
    key = ("pairs", *(rule.params[name] for name in _PAIRING))
    if key not in view.memo:
        view.memo[key] = tuple(_find_pairs(view, rule))
    found = view.memo[key]
    assert isinstance(found, tuple)
    return found


_PAIRING = ("duty_since", "certain_from", "uncertain_from", "match_days", "better_by", "same_title_days", "min_title_chars")


def _find_pairs(view: SiteView, rule: Rule) -> Iterator[Pair]:
    who, gone, pairs = bodies(view), withdrawn(view), interpretations(view, rule)
    since = date.fromisoformat(str(rule.params["duty_since"]))
    for document in policy_documents(view):
        reading = document.reading
        day = civil(reading.published_at) if reading.published_at else reading.issued_on or reading.made_on
        if (day is not None and day < since) or repost_of(document, who) or not_public(document) or url_key(document.url) in gone:
            continue
        matches = tuple(match for match in pairs.matches(document) if match.certain)
        if matches:
            yield Pair(document, matches)


@per_view
def pages_by_key(view: SiteView) -> Mapping[str, Document]:
    """Every stored page of the site and of its parent portal by address."""
    places = [place for place in (view.parent, view) if place is not None]
    return {url_key(document.url): document for place in places for document in place.documents}


def _explained(view: SiteView, rule: Rule) -> Mapping[str, tuple[Document, list[Document]]]:
    """Stored interpretations of the unit's own documents, each with what it explains."""
    found: dict[str, tuple[Document, list[Document]]] = {}
    for pair in _pairs(view, rule):
        for match in pair.matches:
            page = pages_by_key(view).get(match.interpretation.key) if match.interpretation is not None else None
            if page is not None:
                found.setdefault(url_key(page.url), (page, []))[1].append(pair.document)
    return found


@per_view
def column_names(view: SiteView) -> Mapping[str, str]:
    return {url_key(column.url): column.name for column in view.columns}


def _form(view: SiteView, document: Document, reading: DocumentReading, rule: Rule) -> Form:
    names = [column_names(view).get(url_key(url), "") for url in document.column_urls]
    return form_of(title_of(document), names, reading, rule)


# --- interpretation-linked-both-ways ----------------------------------------------------------


@check("interpretation-linked-both-ways")
def interpretation_linked_both_ways(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办秘函〔2019〕19号 扣分 政策解读: a document and its interpretation lead to each other."""
    pairs = _pairs(view, rule)
    for pair in pairs:
        yield _linked(view, rule, pair)
    if not pairs:
        yield nothing_found(view, "no-pairs")


def _linked(view: SiteView, rule: Rule, pair: Pair) -> Outcome:
    document, items = pair.document, [match.interpretation for match in pair.matches if match.interpretation is not None]
    pages = [page for item in items if (page := pages_by_key(view).get(item.key)) is not None]
    named = next((match.title for match in pair.matches if match.title), None)
    facts: dict[str, object] = {"interpretation": f"解读“{named}”" if named else "其解读"}
    subject = document_subject(document)
    there = _leads_to(view, document, items)
    back = any(_leads_back(view, page, document) for page in pages)
    evidence = (document_evidence(document, "文件页：" + ("见到" if there else "未见") + "指向解读的链接"),) + tuple(
        document_evidence(page, "解读页：" + ("见到" if _leads_back(view, page, document) else "未见") + "指向文件的链接")
        for page in pages[:2]
    )
    measured = Measure(there + back, "direction")
    assert rule.threshold is not None
    if measured.value >= rule.threshold.value:
        return Outcome(Status.PASS, "both", subject, facts, evidence, measured)
    missing = [] if there else ["文件页面未见指向解读的链接"]
    missing += [] if back or not pages else ["解读页面未见指向文件的链接"]
    if not missing:
        return Outcome(Status.INCONCLUSIVE, "interpretation-unread", subject, facts, evidence)
    if _by_script(document) or any(_by_script(page) for page in pages):
        return Outcome(Status.INCONCLUSIVE, "links-by-script", subject, facts, evidence)
    if _read_before(document, items, pages, there=there, back=back):
        return Outcome(Status.INCONCLUSIVE, "not-observed-since", subject, facts, evidence)
    return Outcome(Status.FAIL, "missing", subject, {**facts, "missing": "，".join(missing)}, evidence, measured)


def _leads_to(view: SiteView, document: Document, items: list[Interpretation]) -> bool:
    """Whether a document's page holds a link to an interpretation; one to a column of interpretations is none."""
    keys = {item.key for item in items}
    names = {about for item in items for about in item.about}
    shown = [(url_key(link.url), link.relation, link.title) for link in document.reading.related]
    shown += [(url_key(link.url), "", link.text) for link in document.reading.outlinks if link.hidden is None]
    shown += [(url_key(file.url), "", file.name) for file in document.reading.attachments]
    own = {url_key(document.url), url_key(view.site.home), *column_names(view)}
    if any((url_key(document.url), key) in _tried(view) for key in keys):
        return True
    return any(
        key in keys or (key not in own and (relation == "interpretation" or ("解" in title and bool(names & set(subjects_of(title))))))
        for key, relation, title in shown
    )


def _leads_back(view: SiteView, page: Document, document: Document) -> bool:
    """Whether an interpretation's page holds a link to the document, to a copy of it, or the document as a file."""
    if (url_key(page.url), url_key(document.url)) in _tried(view):
        return True
    core = title_core(title_of(document))
    own = {url_key(page.url), url_key(view.site.home), *column_names(view)}
    shown = [(url_key(link.url), link.relation, link.title) for link in page.reading.related]
    shown += [(url_key(link.url), "", link.text) for link in page.reading.outlinks if link.hidden is None]
    shown += [(url_key(file.url), "", re.sub(r"\.\w{2,5}$", "", file.name)) for file in page.reading.attachments]
    for key, relation, title in shown:
        if key == url_key(document.url) or (key not in own and (relation == "original" or title_core(title) == core)):
            return True
        target = pages_by_key(view).get(key)
        if target is not None and target is not page and title_core(title_of(target)) == core:
            return True
    return False


@per_view
def _tried(view: SiteView) -> frozenset[tuple[str, str]]:
    """Links that were tried, as (page, target): they show links that stand in the running text as well."""
    return frozenset((url_key(link.on), url_key(link.url)) for link in view.links)


def _by_script(document: Document) -> bool:
    return any("script" in mark for mark in document.reading.marks)


def _read_before(document: Document, items: list[Interpretation], pages: list[Document], *, there: bool, back: bool) -> bool:
    """Whether the page that lacks a link was last read before what it should lead to was there."""
    if not there and items and document.observed_at < min(item.first_seen for item in items):
        return True
    return not back and bool(pages) and max(page.observed_at for page in pages) < document.first_seen


# --- interpretation-not-mere-excerpt ----------------------------------------------------------

_OWN = {
    "背景": re.compile("背景|缘由|起因|为什么|为何|必要性|出台目的|出台意义|起草过程|制定依据|起草依据|现状|近年来"),
    "对比": re.compile("相比|新旧|修订后|变化|调整为|提高到|提高至|压缩至|由原来|原来的|此前|以往|差异|不同之处|亮点|创新点"),
    "问答": re.compile("^问|问[:：]|答[:：]|怎么|如何|哪些|什么"),
    "举例": re.compile("例如|比如|举例|为例|假设|假如|譬如|案例"),
    "释义": re.compile("名词解释|关键词|是指|指的是|通俗|也就是说|换句话说|意味着"),
    "提示": re.compile("咨询电话|咨询方式|注意事项|温馨提示|需要注意|办理方式|下一步"),
}


def _original(document: Document, least: int) -> str:
    """The text of a document: that of its page, or of its files where the page only hands them out; an interpretation among them is none."""
    if len(document.reading.body) >= least:
        return document.reading.body
    own = [seen for seen in document.files if "解读" not in name_of(document.reading.attachments, seen)]
    return f"{document.reading.body}\n{words_of(own)}"


@check("interpretation-not-mere-excerpt")
def interpretation_not_mere_excerpt(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 二(一)14: no interpretation by merely excerpting the document."""
    found, params = _explained(view, rule), rule.params

    def look(page: Document, reading: DocumentReading) -> Blemish | None:
        originals = [_original(document, params["min_chars"]) for document in found[url_key(page.url)][1]]
        if len(reading.body) < params["min_chars"] or max(map(len, originals)) < params["min_chars"]:
            return None  # too short to compare, or the document's text is in its files
        if _form(view, page, reading, rule) is not Form.TEXT:
            return None
        shared = overlap(
            reading.body, originals, piece_chars=params["piece_chars"], run_chars=params["run_chars"], run_share=params["run_share"]
        )
        own = [name for name, words in _OWN.items() if any(words.search(piece) for piece in shared.own)]
        percent = int(shared.ratio * 100)
        assert rule.threshold is not None
        facts = {"percent": percent, "own": "、".join(own) or "无"}
        note = f"解读正文与文件正文相同的句子约占{percent}%，自有内容：{facts['own']}"
        if shared.ratio < params["review_from_percent"] / 100 or len(own) >= params["own_elements"]:
            return None
        copied = percent >= rule.threshold.value and len(own) <= params["own_tolerated"]
        status, reason = (Status.FAIL, "excerpt") if copied else (Status.INCONCLUSIVE, "review")
        return Blemish(reason, note, facts, Measure(percent, "percent"), status=status)

    yield from blemishes(view, [page for page, _ in found.values()], look)


# --- interpretation-content-elements ----------------------------------------------------------

_ELEMENTS = {
    "背景依据": re.compile("背景|依据|缘由|为什么|为何|必要性|起因|出台的?(目的|意义|原因)|近年来|起草过程|(为|为了).{2,40}制定"),
    "目标任务": re.compile("目标|主要任务|工作任务|总体要求|总体思路|力争|到20\\d\\d年|旨在"),
    "主要内容": re.compile(
        "主要内容|(主要|重点|重要|具体|核心)(措施|举措|任务|内容|条款|亮点)|哪些内容|(共分|分为|共有?)[一二三四五六七八九十\\d]+(个?部分|章|条|个?方面|大类)"
        "|包括.{1,12}(方面|部分|内容)|从.{1,8}方面|框架"
    ),
    "涉及范围": re.compile("适用范围|适用于|(适用|服务|补贴|奖励|支持|申请|申报|保障|实施|监管)(的)?(对象|范围)|涉及范围|受益人群|哪些人|覆盖范围|谁(可以|能)"),
    "执行标准": re.compile(
        "(执行|补贴|奖励|补助|认定|收费|发放|支持|保障|申请|申报|办理)(的)?(标准|条件|额度|时限|流程|程序|期限)|标准(为|是)|[\\d一二三四五六七八九十百千]+(元|万元|%|个工作日)"
    ),
    "注意事项": re.compile("注意事项|需要注意|须知|有效期|(施行|实施)(日期|时间)|起(施行|实施)|咨询(电话|方式)|温馨提示"),
    "关键词诠释": re.compile("名词解释|关键词|概念|定义|是指|指的是|术语|所称"),
    "惠民利民措施": re.compile("惠民|利民|惠企|便民|优惠|减免|补助|补贴|减轻.{0,8}负担|获得感|压缩.{0,8}时限|精简"),
    "新旧政策差异": re.compile("新旧|相比|差异|变化|(新|原)(增|办法|政策|规定)|修订(的|了|内容|要点)|亮点|创新点|不同之处|调整为|提高到|提高至"),
}  # fmt: skip


@check("interpretation-content-elements")
def interpretation_content_elements(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """利通区实施方案 二(四): background, aims, content, scope, standards, and what else explains a policy."""
    who = bodies(view)

    def look(page: Document, reading: DocumentReading) -> Blemish | None:
        if len(reading.body) < rule.params["min_chars"] or is_part(title_of(page)) or _form(view, page, reading, rule) is not Form.TEXT:
            return None
        now = reading is page.reading  # of its earlier versions the files are not known
        unread = files_unread(page) is not None if now else bool(reading.attachments)
        if unread or any("script" in mark for mark in reading.marks) or any(reading.media.values()):
            return None  # the rest may stand in a file or a picture
        text = bare(whole_body(page) if now else reading.body)
        found = [name for name, words in _ELEMENTS.items() if words.search(text)]
        assert rule.threshold is not None
        if len(found) >= rule.threshold.value:
            return None
        facts = {"found": "、".join(found) or "无", "missing": "、".join(name for name in _ELEMENTS if name not in found)}
        return Blemish("thin", f"解读正文见到的要素：{facts['found']}", facts, Measure(len(found), "element"))

    pages = [page for page, _ in _explained(view, rule).values() if not repost_of(page, who)]
    yield from blemishes(view, pages, look)
