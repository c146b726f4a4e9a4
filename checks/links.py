"""Rules on links that lead nowhere: dead links, attachments that do not download."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from checks.observing import Held, Reading, held, latest_crawl
from checks.registry import Outcome, check
from checks.shared import per_view
from checks.subjects import document_subject, site_subject
from checks.tree import last_whole_visit
from data.catalogue import Rule, gloss
from data.days import civil, zh_day
from data.records import Confidence, CrawlState, Document, Evidence, LinkKind, LinkTarget, LinkVisit, Measure, Status, Subject, SubjectKind
from data.urls import url_key
from data.view import SiteView

_FILE = re.compile(r"\.(docx?|xlsx?|pptx?|pdf|ofd|wps|et|zip|rar|7z|txt|csv|jpe?g|png)$", re.I)
_SCRIPT = re.compile(r"\.(jspx?|do|action|aspx?|ashx|php)$|/download(/|$)", re.I)
_NO_LINK = re.compile(r"^(javascript|mailto|tel|data|about):|^#", re.I)


@dataclass(frozen=True, slots=True)
class _Tried:
    """A link with what its tries say."""

    target: LinkTarget
    dead: Held | None
    conclusive: bool
    was_dead: bool


@check("dead-links")
def dead_links(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办发〔2015〕15号 首页及其他页面不能正常访问的链接: each target that twice answered that it is not there, and the share of those tried."""
    assert rule.threshold is not None
    pages = _documents(view)
    found: list[tuple[LinkTarget, Held]] = []
    conclusive, whole = 0, last_whole_visit(view)
    for target in view.links:
        if target.kind is LinkKind.ATTACHMENT or _NO_LINK.match(target.url):
            continue
        tried = _tried(view, target, rule)
        if target.kind is LinkKind.VANISHED:  # no list leads there any more; whether it may be gone is another rule's matter
            if tried.was_dead:
                yield Outcome(Status.NOT_APPLICABLE, "unlinked", _link_subject(target))
            continue
        if whole is not None and target.visits[-1].at < whole:  # the last whole visit found no page that leads there
            if tried.was_dead:
                yield Outcome(Status.NOT_APPLICABLE, "unlinked", _link_subject(target))
            continue
        conclusive += tried.conclusive
        if tried.dead is not None and _old(view, target, pages.get(url_key(target.on)), rule):
            yield Outcome(Status.NOT_APPLICABLE, "old-article", _link_subject(target), {"on": target.on})
        elif tried.dead is not None:
            found.append((target, tried.dead))
            yield _dead(target, tried.dead, _link_subject(target), at_home=_at_home(view, target))
        elif tried.was_dead and tried.conclusive:
            yield Outcome(Status.PASS, "mended", _link_subject(target), {}, (_evidence(target, target.visits[-1]),))
    yield _site_of_links(view, rule, found, conclusive)


def _site_of_links(view: SiteView, rule: Rule, found: list[tuple[LinkTarget, Held]], conclusive: int) -> Outcome:
    """The site's own verdict: any dead link on its home page, or too great a share elsewhere."""
    assert rule.threshold is not None
    subject = site_subject(view)
    crawl = latest_crawl(view)
    if not conclusive and (crawl is None or crawl.state is not CrawlState.COMPLETE):
        return Outcome(Status.INCONCLUSIVE, (crawl.reason if crawl else None) or "not-observed", subject)
    # Of the site's own pages only those are told as links that were missing once: what opened is among the pages that were read.
    tried = conclusive + (crawl.pages if crawl is not None else 0)
    home = [dead for target, dead in found if _at_home(view, target)]
    percent = round(100 * len(found) / tried, 2)
    facts = {"tried": tried, "dead": len(found), "home": len(home), "inner": len(found) - len(home)}
    measured = Measure(percent, "percent")
    evidence = tuple(dead.evidence[-1] for _, dead in found[:20])
    if not home and 100 * len(found) <= rule.threshold.value * tried:
        return Outcome(Status.PASS, "within", subject, facts, evidence, measured)
    sure = [dead for _, dead in found if dead.confidence is Confidence.CONFIRMED]
    sure_at_home = any(dead.confidence is Confidence.CONFIRMED for dead in home)
    confirmed = sure_at_home or 100 * len(sure) > rule.threshold.value * tried
    return Outcome(
        Status.FAIL, "dead-home" if home else "dead-share", subject, facts, evidence, measured,
        confidence=Confidence.CONFIRMED if confirmed else Confidence.SUSPECTED,
    )  # fmt: skip


def _dead(target: LinkTarget, dead: Held, subject: Subject, *, at_home: bool) -> Outcome:
    first, last = dead.readings[0].at, dead.readings[-1].at
    why = target.visits[-1].reason or ""
    facts = {"label": target.label, "url": target.url, "on": target.on, "where": "首页" if at_home else "内页", "why": gloss(why),
             "seen": zh_day(last) if len(dead.readings) < 2 else f"{zh_day(first)}至{zh_day(last)}"}  # fmt: skip
    return Outcome(Status.FAIL, "dead", subject, facts, dead.evidence, confidence=dead.confidence)


@check("attachments-downloadable")
def attachments_downloadable(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """条例 第二十四条 查阅、下载等功能, 宝山 五(一)46 文本下载功能: every file that a page offers can be fetched and is a file."""
    pages = _documents(view)
    by_page: dict[str, list[_Tried]] = defaultdict(list)
    for target in view.links:
        if target.kind is LinkKind.ATTACHMENT and not _NO_LINK.match(target.url):
            page = pages.get(url_key(target.on))
            offered = page is None or any(url_key(item.url) == url_key(target.url) for item in page.reading.attachments)
            by_page[target.on].append(_tried(view, target, rule) if offered else _taken_off(view, target, rule))
    files = failed = 0
    for on, targets in by_page.items():
        bad = [(tried.target, tried.dead) for tried in targets if tried.dead is not None]
        files += sum(tried.conclusive for tried in targets)
        page = pages.get(url_key(on))
        subject = document_subject(page) if page is not None else Subject(SubjectKind.DOCUMENT, on, targets[0].target.label)
        if bad:
            failed += 1
            yield _undownloadable(subject, bad)
        elif all(tried.conclusive for tried in targets) and any(tried.was_dead for tried in targets):
            yield Outcome(
                Status.PASS, "mended", subject, {}, tuple(_evidence(tried.target, tried.target.visits[-1]) for tried in targets[:4])
            )
    if not files:
        yield Outcome(Status.INCONCLUSIVE, "not-observed", site_subject(view))
    elif not failed:
        yield Outcome(Status.PASS, "none", site_subject(view), {"files": files}, measured=Measure(100, "percent"))


def _undownloadable(subject: Subject, bad: list[tuple[LinkTarget, Held]]) -> Outcome:
    confirmed = any(dead.confidence is Confidence.CONFIRMED for _, dead in bad)
    names = "、".join(f"“{target.label}”" for target, _ in bad[:4]) + ("等" if len(bad) > 4 else "")
    visit = bad[0][0].visits[-1]
    facts = {"names": names, "count": len(bad), "why": _why(visit)}
    evidence = tuple(piece for _, dead in bad[:4] for piece in dead.evidence)
    return Outcome(
        Status.FAIL, "undownloadable", subject, facts, evidence, Measure(len(bad), "file"),
        confidence=Confidence.CONFIRMED if confirmed else Confidence.SUSPECTED,
    )  # fmt: skip


# --- what a try says --------------------------------------------------------------------------


def _tried(view: SiteView, target: LinkTarget, rule: Rule) -> _Tried:
    since = view.as_of - timedelta(days=rule.params["fresh_days"])
    readings = [Reading(visit.at, _is_dead(target, visit, rule), (_evidence(target, visit),)) for visit in target.visits]
    telling = [reading for reading in readings if reading.holds is not None]
    if not telling:
        return _Tried(target, None, False, False)
    # What opened once is not asked for again, what was missing is: only an old failure says nothing of today.
    fresh = telling[-1].at >= since or telling[-1].holds is False
    return _Tried(target, held(readings, rule) if fresh else None, fresh, any(reading.holds for reading in telling))


def _taken_off(view: SiteView, target: LinkTarget, rule: Rule) -> _Tried:
    """A file that its page offers no more: as good as mended."""
    tried = _tried(view, target, rule)
    return _Tried(target, None, tried.conclusive or tried.was_dead, tried.was_dead)


def _is_dead(target: LinkTarget, visit: LinkVisit, rule: Rule) -> bool | None:
    """Whether a try shows that nothing is there; None where it only shows that we could not look."""
    if visit.ok:
        return _no_file(target, visit) if target.kind is LinkKind.ATTACHMENT else False
    if visit.ok is None or visit.reason is None:
        return None
    heads = rule.params["dead_elsewhere" if target.kind is LinkKind.EXTERNAL else "dead"]
    return True if any(visit.reason.startswith(head) for head in heads) else None


def _no_file(target: LinkTarget, visit: LinkVisit) -> bool | None:
    """Whether an answer in place of a file is none: nothing at all, or a web page under a file's name."""
    if visit.size == 0:
        return True
    path = urlsplit(target.url).path
    if visit.content_type is None or "html" not in visit.content_type.lower():
        return False
    if _SCRIPT.search(path) or urlsplit(target.url).query:
        return None  # a script that hands out files may ask for a browser or a referrer
    return True if _FILE.search(path) else None


def _why(visit: LinkVisit) -> str:
    if not visit.ok:
        return gloss(visit.reason or "")
    return "文件为0字节" if visit.size == 0 else "返回的是网页而不是文件"


def _evidence(target: LinkTarget, visit: LinkVisit) -> Evidence:
    if visit.ok and not (
        visit.size == 0 or (visit.content_type and "html" in visit.content_type.lower() and target.kind is LinkKind.ATTACHMENT)
    ):
        said = "已能打开"
    else:
        said = _why(visit) if visit.ok is not None else "未能核实"
    return Evidence(target.url, visit.at, None, f"{target.on}上的“{target.label}”：{said}")


# --- where a link stands ----------------------------------------------------------------------


@per_view
def _documents(view: SiteView) -> dict[str, Document]:
    wanted = {url_key(target.on) for target in view.links}
    return {key: document for document in view.documents if (key := url_key(document.url)) in wanted}


def _at_home(view: SiteView, target: LinkTarget) -> bool:
    return url_key(target.on) == url_key(view.site.home)


def _old(view: SiteView, target: LinkTarget, page: Document | None, rule: Rule) -> bool:
    """Whether a link to another host stands in an article so old that the other site may have closed since."""
    if target.kind is not LinkKind.EXTERNAL or page is None or page.reading.published_at is None:
        return False
    return bool((civil(view.as_of) - civil(page.reading.published_at)).days > rule.params["old_days"])


def _link_subject(target: LinkTarget) -> Subject:
    return Subject(SubjectKind.DOCUMENT, target.url, target.label or target.url)
