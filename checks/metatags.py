"""Rules on the <meta> tags of government pages (网页标签): that they are there, and that they say what the page shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from checks.bodies import places
from checks.observing import Held, Reading, held
from checks.registry import Outcome, check
from checks.sitecodes import footer_code
from checks.subjects import site_subject
from checks.templates import Faults, Told, mended, tell
from checks.tree import current_columns, lives_on_parent
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import ColumnKind, Confidence, DateRole, Document, DocumentReading, Evidence, Home, Measure, Status
from data.text import bare, is_utility
from data.urls import host_of, registrable, url_key
from data.view import SiteView

_PLACEHOLDER = re.compile(
    r"^[\W_]*$|^(网站名称|站点名称|网站域名|政府网站标识码|网站标识码|栏目名称|栏目类别|栏目描述|文章标题|内容标题|标题|发布时间|发布日期|来源|内容来源|null|none|undefined|test|测试)$"
    r"|<[a-z/%]|\{\{|\$\{|%>|CMSPRO_",
    re.I,
)
_DATE = re.compile(r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_SERVICE = re.compile("地图$|登录|注册|我要(写信|留言|咨询)")  # no column of content
_OWN_HOSTED = frozenset({ColumnKind.LIST, ColumnKind.SECTION, ColumnKind.SINGLE_PAGE})


def meta(metas: Mapping[str, str], name: str) -> str | None:
    """The content of a tag whatever the case of its name; None where the page has no such tag."""
    return next((content.strip() for key, content in metas.items() if key.strip().lower() == name.lower()), None)


def _missing(metas: Mapping[str, str], names: Sequence[str], may_be_empty: Sequence[str]) -> tuple[str, ...]:
    """The required tags that a page lacks, or that hold nothing or what the template was delivered with."""
    found = {name: meta(metas, name) for name in names}
    return tuple(
        name
        for name, content in found.items()
        if content is None or (_PLACEHOLDER.search(bare(content)) and not (content == "" and name in may_be_empty))
    )


@check("meta-tags-present")
def meta_tags_present(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山 五(一)45 标签设置: three tags of the site on its home page, those of the column on a column's page, three on a page of content."""
    optional = rule.params["may_be_empty"]

    def lacks(metas: Mapping[str, str], names: Sequence[str]) -> str | None:
        missing = _missing(metas, names, optional)
        return f"缺少或未填写网页标签{'、'.join(missing)}" if missing else None

    faults = Faults()
    own_pages = {url_key(column.url) for column in view.columns}  # a guide that is its column bears the column's tags
    pages = [each for each in view.documents if (each.column_urls or each.columns) and url_key(each.url) not in own_pages]
    repaired = _documents(pages, faults, lambda reading: lacks(reading.metas, rule.params["article"]))
    for column in current_columns(view):
        if column.kind not in _OWN_HOSTED or column.hosted_by is not None or is_utility(column.name) or _SERVICE.search(bare(column.name)):
            continue
        if column.page is not None and column.page.metas:
            faults.examined += 1
            if (what := lacks(column.page.metas, rule.params["column"])) is not None:
                faults.columns[column.url] = (column, what)
    yield from mended(repaired)
    yield from _told(view, rule, faults, lambda home: lacks(home.metas, rule.params["site"]))


@check("meta-values-match-page")
def meta_values_match_page(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山 五(一)45 网站名称、域名、标识、标签设置: PubDate is the day the page shows; site name, domain and code are those of the site."""
    faults = Faults()
    repaired = _documents(view.documents, faults, _other_day)
    yield from mended(repaired)
    yield from _told(view, rule, faults, lambda home: _other_site(view, home))


def _documents(documents: Iterable[Document], faults: Faults, look: Callable[[DocumentReading], str | None]) -> list[Document]:
    """Look at pages of content whose tags were read; the answer is those that were mended."""
    repaired = []
    for document in documents:
        reading = document.reading
        if not reading.metas or any(mark.startswith("script-shell") for mark in reading.marks):
            continue
        faults.examined += 1
        faults.contents += 1
        what = look(reading)
        if what is not None:
            faults.documents.append((document, what))
        elif any(version.reading.metas and look(version.reading) is not None for version in document.earlier):
            repaired.append(document)
    return repaired


def _told(view: SiteView, rule: Rule, faults: Faults, look: Callable[[Home], str | None]) -> Iterator[Outcome]:
    told = tell(view, rule, faults)
    yield from told.outcomes
    readings = [] if lives_on_parent(view) else list(_homes(view, look))
    home = held(readings, rule)
    if home is not None or told.site:
        yield _site_fails(view, told, home, look)
        return
    examined = faults.examined + sum(reading.holds is not None for reading in readings[-1:])
    if not examined:
        yield Outcome(Status.INCONCLUSIVE, "not-observed", site_subject(view))
    elif not any(outcome.status is Status.FAIL for outcome in told.outcomes):
        yield Outcome(Status.PASS, "none", site_subject(view), {"examined": examined}, measured=Measure(0, "page"))


def _homes(view: SiteView, look: Callable[[Home], str | None]) -> Iterator[Reading]:
    for home in view.homes:
        if not home.readable or not (home.metas or home.links):  # a page with links and without any tag was read whole
            yield Reading(home.observed_at, None)
            continue
        what = look(home)
        yield Reading(
            home.observed_at, what is not None, (Evidence(home.url, home.observed_at, home.sha256, f"首页{what}"),) if what else ()
        )


def _site_fails(view: SiteView, told: Told, home: Held | None, look: Callable[[Home], str | None]) -> Outcome:
    whats = list(told.site)
    if home is not None:
        whats.insert(0, home.readings[-1].evidence[0].note)
    confidence = Confidence.CONFIRMED if told.site or home is None else home.confidence
    return Outcome(
        Status.FAIL, "site", site_subject(view), {"what": "；".join(whats)}, (*(home.evidence if home else ()), *told.evidence), confidence=confidence
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    found = _DATE.search(text or "")
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _other_day(reading: DocumentReading) -> str | None:
    printed = meta(reading.metas, "PubDate")
    told = _day(printed)
    shown = {civil(item.value) for item in reading.dates if item.role is DateRole.PUBLISHED}
    if reading.published_at is not None and "published-from-meta" not in reading.marks:
        shown.add(civil(reading.published_at))
    if told is None or not shown or told in shown:
        return None
    if printed is not None and re.search(r"\d(Z|GMT|UTC)", printed) and min(abs((told - day).days) for day in shown) <= 1:
        return None  # the day of another time zone
    return f"标签PubDate（{zh_day(told)}）与页面所示发布日期（{zh_day(max(shown))}）不同"


def _other_site(view: SiteView, home: Home) -> str | None:
    """What the home page's tags say of another site than this."""
    found = []
    code, printed = meta(home.metas, "SiteIDCode"), footer_code(home.footer)
    if code and printed and code.lower() != printed.lower() and not _PLACEHOLDER.search(code):
        found.append(f"标签SiteIDCode（{code}）与页脚网站标识码（{printed}）不同")
    domain = meta(home.metas, "SiteDomain")
    if domain and not _same_domain(domain, home.url):
        found.append(f"标签SiteDomain（{domain}）与网站域名（{host_of(home.url)}）不同")
    name = meta(home.metas, "SiteName")
    if name and (bare(name) in ("首页", "主页", "网站首页") or _other_place(view, name)):
        found.append(f"标签SiteName（{name}）未反映本网站名称")
    return "；".join(found) or None


def _same_domain(told: str, url: str) -> bool:
    """Whether a SiteDomain may be that of the site: one of several, with or without scheme, port and www; an address of figures tells nothing."""
    host = host_of(url)
    names = [host_of(part if "//" in part else f"//{part}") for part in re.split(r"[,，;；、\s|]+", told.strip()) if part]
    if not any("." in name for name in names) or (registrable(host) == host and re.fullmatch(r"[\d.]+|.*:.*", host)) or "." not in host:
        return True
    return any(registrable(name) == registrable(host) for name in names)


def _other_place(view: SiteView, name: str) -> bool:
    """Whether a site name names only places that the unit's own and its parent's names do not know."""
    known = "".join(bare(text) for text in (view.site.name, view.site.unit, view.parent.site.name if view.parent else None) if text)
    named = places(bare(name))
    return bool(named) and bool(places(known)) and not any(place[:-1] in known for place in named)
