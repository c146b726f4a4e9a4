"""Consultations on drafts, what was said of their results, and the documents that they led to.

A result belongs to a consultation by a link either way, or by its matter: the title in 《》, without 征求意见稿 and the like. One result may
answer several consultations. What is only alike is uncertain. A collection of ideas, a questionnaire or a hearing is no consultation on a draft.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from checks.bodies import bodies
from checks.genres import is_policy
from checks.matching import TitleIndex, content
from checks.scope import policy_documents, publication_is_weak, repost_of, title_of
from checks.shared import per_view
from checks.spoken import Term, term_of
from checks.tree import current_listings, site_tree
from data.catalogue import Rule, load_columns
from data.days import civil
from data.records import Document, DocumentKind, Evidence
from data.text import bare, title_core, title_key
from data.urls import url_key
from data.view import SiteView

_ASKS = re.compile(
    r"(征求|征集|听取|征询)(?!.{0,60}(项目|线索|作品|标识|口号|名称|选题|案例)的?(公告|通知|启事)?$).{0,80}(意见|建议)|意见征[求集]|征求意见|意见稿"
)
_TELLS = re.compile(
    "(意见|建议)(建议)?(的|及其?|和|与|征集|征求|公众)*(采纳|反馈|处理|吸收|汇总|落实|办理)*(的)?(情况|结果|反馈|汇总|采纳|回复|总结)"
    "|(征集|征求|听证会?|公示)的?(结果|情况|总结)|结果(反馈|公示|公布|公开)|(意见|建议).{0,8}(反馈|采纳|吸收)|采纳(情况|结果)"
)
_NO_DRAFT = re.compile("听证|问卷|调查|满意度|评选|投票|线索|有奖|建言|金点子|议题|起草说明|编制说明|解读")
_TAG = re.compile(
    r"[(（〔【\[]?(公开|二次|第[一二三]次|再次)*(征求意见稿|意见征求稿|修订草案|草案|送审稿|讨论稿|初稿|草稿|审议稿|公示稿)(修订)?[)）〕】\]]?|[(（〔【\[](公开)?征求意见[)）〕】\]]"
)
_QUOTED = re.compile(r"《([^《》]*(?:《[^《》]*》[^《》]*)*)》")
_ABOUT = re.compile(r"(?:征求|征集|听取|征询)(?:社会各界|社会公众|社会|公众|群众|各方面?|公民)*(?:对于?|关于)?(.{4,80}?)的?(?:意见|建议)")
_BEHIND = re.compile(
    r"(的)?(公开)?(向社会)?(公开)?(征求|征集)?(社会)?(公众)?(意见|建议)*(征集|征求|的)?(采纳|反馈|处理|吸收|结果|情况|汇总|公示|公告|通知|函|启事|说明|总结|公开|回复|报告)*$"
)


@dataclass(frozen=True, slots=True)
class Consultation:
    """One notice that asks for opinions on a draft."""

    document: Document
    matter: str  # title core of the draft
    term: Term | None

    @property
    def published(self) -> date | None:
        return civil(self.document.reading.published_at) if self.document.reading.published_at else None


@dataclass(frozen=True, slots=True)
class Result:
    """What a site says of the opinions it got: a stored page or a row."""

    key: str
    title: str
    matters: tuple[str, ...]
    published: date | None
    weak: bool
    first_seen: datetime
    evidence: Evidence
    links: frozenset[str]  # url_key of the pages that it leads to

    @property
    def known_by(self) -> date | None:
        return None if self.published is None else min(self.published, civil(self.first_seen))


def matter_of(title: str) -> str:
    """The draft that a notice or a result speaks of, as a title core; empty where it names none."""
    text = bare(title)
    quoted = [inner for inner in _QUOTED.findall(text) if title_key(_TAG.sub("", inner))]
    if quoted:
        return title_core(_TAG.sub("", quoted[0]))
    text = _TAG.sub("", text)
    text = re.sub(r"^.{0,30}?关于(公开|向社会|面向社会|再次)*", "", text) if re.search("关于.{0,12}(征求|征集|听取)", text) else text
    asked = _ABOUT.search(text)
    left = asked.group(1) if asked else _BEHIND.sub("", text)
    return title_core(left) if len(title_key(left)) >= 4 else ""


def _outside(title: str) -> str:
    """A title without what stands in 《》: the words of the draft's own name say nothing of the paper."""
    return _QUOTED.sub("《》", bare(title))


def is_result(document: Document) -> bool:
    """Whether a stored page tells what became of the opinions."""
    title = _outside(title_of(document))
    if document.reading.kind is DocumentKind.CONSULTATION_RESULT:
        return bool(_TELLS.search(title)) or not _ASKS.search(title)  # its kind may have been read from the draft's own name
    if any(column == "zjjg" for column in document.columns):
        return not re.search("(公告|通知|启事)$", title) or bool(_TELLS.search(title))
    return bool(_TELLS.search(title)) and document.reading.kind not in (DocumentKind.NEWS, DocumentKind.INTERPRETATION)


def asks_on_draft(document: Document) -> bool:
    """Whether a stored page asks for opinions on the draft of a document."""
    title = bare(title_of(document))
    kind = document.reading.kind
    if kind in (DocumentKind.NEWS, DocumentKind.INTERPRETATION, DocumentKind.ANNUAL_REPORT):
        return False
    if is_result(document) or _NO_DRAFT.search(_outside(title)) or not _ASKS.search(title):
        return False
    placed = kind is DocumentKind.CONSULTATION or any(load_columns().is_within(column, "yjzj") for column in document.columns)
    core = matter_of(title)
    drafted = bool(_TAG.search(title)) or "《" in title
    return bool(core) and (drafted or is_policy(core, core) or (placed and bool(document.reading.attachments)))


@per_view
def consultations(view: SiteView) -> tuple[Consultation, ...]:
    """The consultations on drafts of the site, those taken down included, upper bodies' left out."""
    who = bodies(view)
    found = []
    for document in view.documents:
        if not asks_on_draft(document) or repost_of(document, who):
            continue
        reading = document.reading
        published = civil(reading.published_at) if reading.published_at else None
        term = term_of(reading.body, reading.fields, published, view.calendar)
        found.append(Consultation(document, matter_of(title_of(document)), term))
    return tuple(found)


@per_view
def results(view: SiteView) -> tuple[Result, ...]:
    """Every result on the site and on its parent portal."""
    places = [place for place in (view, view.parent) if place is not None]
    found: dict[str, Result] = {}
    for place in places:
        for item in _results(place):
            found.setdefault(item.key, item)
    return tuple(found.values())


def _results(view: SiteView) -> Iterator[Result]:
    stored = set()
    for document in view.documents:
        stored.add(url_key(document.url))
        if is_result(document):
            reading, title = document.reading, title_of(document)
            quotes = [title_core(_TAG.sub("", inner)) for inner in _QUOTED.findall(bare(reading.body))[:40]]
            own = matter_of(title)
            general = not own or bool(re.search("季度|年度|近期|等|汇总|批", bare(title)))
            yield Result(
                key=url_key(document.url),
                title=title,
                matters=tuple(dict.fromkeys(core for core in (own, *(quotes if general else ())) if core)),
                published=civil(reading.published_at) if reading.published_at else None,
                weak=publication_is_weak(document),
                first_seen=document.first_seen,
                evidence=Evidence(document.url, document.observed_at, document.sha256, "征集结果反馈页"),
                links=frozenset(url_key(link.url) for link in reading.related),
            )
    lists = {url_key(column.url) for column in site_tree(view).within("zjjg")}
    for row in current_listings(view):
        if url_key(row.column_url) in lists and (row.url is None or url_key(row.url) not in stored):
            key = url_key(row.url) if row.url else f"{row.column_url} {row.title}"
            evidence = Evidence(row.url or row.column_url, row.last_seen, None, "征集结果反馈栏目的条目")
            day = civil(row.date.value) if row.date else None
            yield Result(key, row.title, tuple(filter(None, [matter_of(row.title)])), day, False, row.first_seen, evidence, frozenset())


@dataclass(frozen=True, slots=True)
class Answers:
    """The results of one consultation: certain ones, and ones that may be its."""

    certain: tuple[Result, ...]
    uncertain: tuple[Result, ...]


class Pairs:
    """Finds what belongs to a consultation, and the document that it led to."""

    def __init__(self, view: SiteView, rule: Rule) -> None:
        self._rule = rule
        self._by_key = {item.key: item for item in results(view)}
        self._by_link: dict[str, list[Result]] = defaultdict(list)
        self._by_matter: dict[str, list[Result]] = defaultdict(list)
        for item in self._by_key.values():
            for key in sorted(item.links):
                self._by_link[key].append(item)
            for matter in item.matters:
                self._by_matter[content(matter)].append(item)
        asked = {content(own.matter) for own in consultations(view)}
        self._claimed = {
            item.key for matter in asked for item in self._by_matter.get(matter, ())
        }  # they name what another notice asked about
        self._alike = TitleIndex((matter, item) for item in self._by_key.values() for matter in item.matters)
        who = bodies(view)
        self._finals: dict[str, list[Document]] = defaultdict(list)
        portal = policy_documents(view.parent) if view.parent is not None else ()
        for document in (*(own for own in policy_documents(view) if not repost_of(own, who)), *portal):
            if not asks_on_draft(document):
                self._finals[content(title_core(_TAG.sub("", bare(title_of(document)))))].append(document)

    def answers(self, consultation: Consultation) -> Answers:
        document, since = consultation.document, consultation.published
        linked = [url_key(link.url) for link in document.reading.related if link.relation == "result"]
        certain = [self._by_key[key] for key in linked if key in self._by_key] + self._by_link.get(url_key(document.url), [])
        certain += [item for item in self._by_matter.get(content(consultation.matter), ()) if not _before(item.published, since)]
        if certain:
            return Answers(tuple({item.key: item for item in certain}.values()), ())
        alike = self._alike.similar(consultation.matter, self._rule.params["uncertain_from"])
        return Answers((), tuple(item for _, item in alike if item.key not in self._claimed and not _before(item.published, since)))

    def final(self, consultation: Consultation) -> Document | None:
        """The earliest document of the draft's title that came after the consultation began."""
        since = consultation.published
        found = [
            document
            for document in self._finals.get(content(consultation.matter), ())
            if since is not None and (day := came_out(document)) is not None and day >= since
        ]
        return min(found, key=lambda document: came_out(document) or date.max, default=None)


def came_out(document: Document) -> date | None:
    """The day a document was issued, else published, else made."""
    reading = document.reading
    return reading.issued_on or (civil(reading.published_at) if reading.published_at else None) or reading.made_on


def _before(day: date | None, since: date | None) -> bool:
    return day is not None and since is not None and day < since
