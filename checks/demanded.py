"""Rules that ask for a column and something of what it holds: channel, library, rules of disclosure, lists, freshness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checks.observing import Reading, column_evidence, document_evidence, held, listing_evidence, weakest
from checks.registry import Outcome, check
from checks.required import Sought, anywhere, columns_of, lacking, page_links, rows_of, sought_by
from checks.scope import withdrawn
from checks.standing import Found, State, state_of, target_of
from checks.subjects import site_subject
from checks.tree import site_tree
from data.catalogue import Rule
from data.days import zh_day
from data.records import Column, ColumnKind, Evidence, LinkTarget, Status
from data.text import bare
from data.urls import url_key
from data.view import SiteView


def _there(view: SiteView, found: Found) -> Outcome:
    facts = {"column": found.column.name if found.column is not None else found.name}
    return Outcome(Status.PASS, "present", site_subject(view), facts, found.evidence)


def _below(view: SiteView, wanted: Sought) -> tuple[Column, ...]:
    """The columns of a kind and all that hangs below them."""
    forest = site_tree(view)
    every = {column.url: column for root in columns_of(view, wanted) for column in (root, *forest.descendants(root))}
    return tuple(every.values())


# --- policy-library-present -------------------------------------------------------------------


@check("policy-library-present")
def policy_library(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底市2021年政务公开工作要点 三(十一): one library of normative documents; 优化营商环境条例 第三十八条."""
    found = anywhere(view, rule, sought_by(rule))
    yield lacking(view, found) or _there(view, found)


# --- disclosure-rules-nonempty ----------------------------------------------------------------

_REGULATION = re.compile("政府信息公开条例")
_OLD_TEXT = re.compile("国务院令.{0,3}第?492号|第492号|2008年5月1日起施行")
_NEW_TEXT = re.compile("第?711号|2019年5月15日起施行|2019年4月3日.{0,20}修订")


@check("disclosure-rules-nonempty")
def disclosure_rules(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 一(二)4: the rules of disclosure; the regulation among them is the one in force (711号)."""
    wanted = sought_by(rule)
    found = anywhere(view, rule, wanted)
    if found.state is State.DEAD:  # what the four parts' own rule speaks of
        yield Outcome(Status.INCONCLUSIVE, found.column.fault if found.column and found.column.fault else "http-404", site_subject(view),
                      {"column": found.name, "seen": zh_day(view.as_of)})  # fmt: skip
        return
    missing = lacking(view, found)
    old = None if missing is not None else _only_old_regulation(view, _below(view, wanted))
    yield missing or old or _there(view, found)


def _only_old_regulation(view: SiteView, columns: Iterable[Column]) -> Outcome | None:
    """The fail where the regulation that the column shows is the repealed text alone."""
    places = {url_key(column.url) for column in columns}
    old: list[Evidence] = []
    for document in view.documents:
        title = bare(document.reading.title or document.list_title or "")
        if not _REGULATION.search(title) or not places & {url_key(url) for url in document.column_urls}:
            continue
        text = title + bare(document.reading.body)
        if _NEW_TEXT.search(text):
            return None
        if _OLD_TEXT.search(text) and url_key(document.url) not in withdrawn(view):
            old.append(document_evidence(document, "页面载有国务院令第492号公布的条例文本"))
    for column in columns:
        for row in rows_of(view, column):
            if _REGULATION.search(row.title) and _NEW_TEXT.search(bare(row.title)):
                return None
            if _REGULATION.search(row.title) and _OLD_TEXT.search(bare(row.title)):
                old.append(listing_evidence(row, f"栏目中的条目：{row.title}"))
    return Outcome(Status.FAIL, "old-regulation", site_subject(view), {}, tuple(old[:2])) if old else None


# --- application-channel-present --------------------------------------------------------------

_CHANNEL = re.compile("申请表|在线申请|网上申请|在线提交|申请系统|我要申请|申请平台|(下载|填写).{0,6}表|申请公开表|网上平台")
_FAULTY = re.compile(r"http-(404|410|5\d\d)|soft-404")


@check("application-channel-present")
def application_channel(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """政府信息公开条例 第二十八条: a channel for requests that works: a form on line, a form to download, or a system elsewhere."""
    wanted = sought_by(rule)
    found = anywhere(view, rule, wanted)
    missing = lacking(view, found)
    columns = _below(view, wanted)
    if (
        missing is not None
        and found.state is State.UNREAD
        and any(_broken(view, rule, url) is None for _, url, _ in _channels(view, columns))
    ):
        missing = None  # a short page may still offer a form
    if missing is not None:
        yield missing
        return
    subject, facts = site_subject(view), {"column": found.column.name if found.column is not None else found.name}
    channels = list(_channels(view, columns))
    broken = {url: _broken(view, rule, url) for _, url, _ in channels}
    places = {column.url for column in columns}
    offered = [one for url, one in broken.items() if url not in places]
    # The page counts as the form where it offers none beside itself that nobody can open.
    alone = not offered or any(one is None or one.state is not State.DEAD for one in offered)
    working = [column for column in columns if column.kind is ColumnKind.LINK_OUT or (column.kind is ColumnKind.FORM and alone)]
    if not columns or any(state_of(view, rule, column, column.name).state is State.PRESENT for column in working):
        yield Outcome(Status.PASS, "present", subject, facts, found.evidence)
        return
    alive = [(label, column) for label, url, column in channels if broken[url] is None and (alone or url not in places)]
    if alive:
        label, column = alive[0]
        evidence = (column_evidence(column, f"栏目“{column.name}”中有“{label}”"),)
        yield Outcome(Status.PASS, "form", subject, facts | {"label": label}, evidence)
        return
    dead = [one for one in broken.values() if one is not None and one.state is State.DEAD]
    if not channels or len(dead) < len(offered):
        yield Outcome(Status.INCONCLUSIVE, "no-form-seen", subject, facts)
        return
    proof = tuple(piece for one in dead for piece in one.evidence)[: rule.params["evidence"]]
    facts["label"] = "、".join(dict.fromkeys(label for label, url, _ in channels if url not in places))
    yield Outcome(Status.FAIL, "form-dead", subject, facts, proof, confidence=weakest(one.confidence for one in dead))


def _channels(view: SiteView, columns: Iterable[Column]) -> Iterator[tuple[str, str, Column]]:
    """Label, address and place of what a request can be made by."""
    places = {url_key(column.url): column for column in columns}
    for column in places.values():
        if column.kind is ColumnKind.FORM or _CHANNEL.search(column.name):
            yield column.name, column.url, column
        for link in page_links(column):
            if link.url is not None and _CHANNEL.search(bare(link.text)):
                yield link.text, link.url, column
        for file in column.page.attachments if column.page is not None else ():
            yield file.name, file.url, column
        for row in rows_of(view, column):
            if row.url is not None and _CHANNEL.search(bare(row.title)):
                yield row.title, row.url, column
    for document in view.documents:
        place = next((places[key] for url in document.column_urls if (key := url_key(url)) in places), None)
        if place is not None:
            yield from ((file.name, file.url, place) for file in document.reading.attachments)


def _broken(view: SiteView, rule: Rule, url: str) -> Found | None:
    """Where a channel answers with an error: dead, or unread where its fault is one of our sight. None: nothing speaks against it."""
    column = site_tree(view).by_key.get(url_key(url))
    if column is not None and column.reachable is False:
        return state_of(view, rule, column, column.name)
    run = held(_failures(target_of(view, url)), rule)
    return Found("", State.DEAD, None, column, run.evidence, run.confidence) if run is not None else None


def _failures(target: LinkTarget | None) -> Iterator[Reading]:
    """The tries of a link as readings of `it answers with an error`; a wall to log in at is none."""
    if target is not None:
        for visit in target.visits:
            fails = None if visit.ok is None else not visit.ok and _FAULTY.fullmatch(visit.reason or "") is not None
            yield Reading(visit.at, fails, (Evidence(target.url, visit.at, None, f"{zh_day(visit.at)}访问“{target.label}”"),))
