"""The rule on the yearly table of a government website (政府网站工作年度报表)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checks.annual_reports import Report, yearly_paper
from checks.bodies import Whose
from checks.observing import Reading, held
from checks.registry import Outcome, check
from checks.sight import columns_of, pieces
from checks.subjects import site_subject
from checks.terms import lead_of, whose_lead, years_in
from checks.tree import lives_on_parent, site_tree
from data.catalogue import Rule
from data.days import zh_day
from data.records import Evidence, Home, Severity, Status
from data.urls import url_key
from data.view import SiteView

_TABLE = re.compile("(政府|门户)?网站(工作)?(年度)?(工作)?(报表|年报|年度报告)|网站.{0,12}年度.{0,4}报表")
_SHORT = re.compile("年度.{0,4}报表|^.{0,8}(报表|年报).{0,8}$")
_NOT = re.compile("通知|解读|要求|培训|填报说明|检查|信息公开")
_CALLED = re.compile("报表|网站年报")
_LEAD_END = re.compile("(政府)?(门户)?网站|工作年度|年度|报表|年报")


@check("website-annual-table")
def website_annual_table(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办函〔2018〕12号 二: the table of the year before stands on the website's home page by 31 January."""
    if lives_on_parent(view):
        yield Outcome(Status.NOT_APPLICABLE, "hosted-by-parent", site_subject(view))
        return
    tables = tuple(_tables(view))
    outcome = yearly_paper(view, rule, tables, "政府网站工作年度报表", _CALLED)
    if outcome.status is Status.PASS:
        outcome = _shown_on_home(view, rule, outcome, [table for table in tables if table.year == outcome.facts["year"]])
    yield outcome


def _tables(view: SiteView) -> Iterator[Report]:
    for piece in pieces(view):
        title = piece.key
        named = _TABLE.search(title) or ("wznb" in piece.columns and _SHORT.search(title))
        if not named or _NOT.search(title):
            continue
        whose = whose_lead(view, lead_of(title, _LEAD_END))
        published, years = piece.published_on, years_in(piece.title)
        year = years[-1] if years else published.year - 1 if published is not None else None
        if year is not None and whose is not Whose.UPPER:
            yield Report(piece, year, whose)


def _shown_on_home(view: SiteView, rule: Rule, outcome: Outcome, tables: list[Report]) -> Outcome:
    """Whether the home page leads to the table or to the column that holds it; a picture without words may do so unseen."""
    ways = {url_key(table.piece.url) for table in tables if table.piece.url is not None}
    shelves = {url_key(row.column_url) for table in tables for row in table.piece.rows}
    shelves |= {url_key(url) for table in tables if table.piece.document is not None for url in table.piece.document.column_urls}
    shelves |= {url_key(column.url) for column in columns_of(view, ("wznb",))}
    by_key = site_tree(view).by_key
    near = any(key in by_key and by_key[key].depth <= 1 for key in shelves)
    home = view.homes[-1] if view.homes else None
    if near or home is None or not home.readable or home.image_only_links or not home.links or "image-only-navigation" in home.marks:
        return outcome
    readings = [Reading(seen.observed_at, _lacks(seen, ways | shelves), (_home(seen),)) for seen in view.homes if seen.readable]
    run = held(readings, rule)
    if run is None:
        return outcome
    facts = {**outcome.facts, "seen": zh_day(home.observed_at)}
    return Outcome(
        Status.FAIL, "not-on-home", outcome.subject, facts, (*outcome.evidence, *run.evidence), outcome.measured, outcome.due,
        Severity.MINOR, run.confidence,
    )  # fmt: skip


def _lacks(home: Home, ways: set[str]) -> bool | None:
    if not home.links or home.image_only_links:
        return None
    return not any((link.url is not None and url_key(link.url) in ways) or _TABLE.search(_named(link.text)) for link in home.links)


def _named(text: str) -> str:
    return "".join(text.split())


def _home(home: Home) -> Evidence:
    return Evidence(
        home.url, home.observed_at, home.sha256, f"{zh_day(home.observed_at)}首页未见政府网站工作年度报表入口，共{len(home.links)}个链接"
    )
