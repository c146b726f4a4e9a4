"""Rules on columns that have to hold certain parts: statutory contents, enterprise policies, key areas, decisions, plans."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from checks.clocks import end_of
from checks.disclosure import disclosure_columns
from checks.observing import listing_evidence
from checks.parts import judge_parts, parts_of, roots_of
from checks.registry import Outcome, check
from checks.required import anywhere, columns_of, lacking, rows_of, sought_by, unproved
from checks.subjects import site_subject
from checks.tree import lives_on_parent, site_tree
from data.catalogue import Rule
from data.days import civil
from data.records import Column, Listing, Status
from data.text import bare
from data.view import SiteView


def _judge(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """A column that has to be there and to hold its parts."""
    wanted = sought_by(rule)
    missing = lacking(view, anywhere(view, rule, wanted))
    if missing is not None:
        yield missing
        return
    parts = parts_of(view, rule)
    roots = roots_of(view, wanted, parts)
    yield judge_parts(view, rule, roots, parts, roots[0].name if roots else wanted.name)


@check("enterprise-policy-column-four-parts")
def enterprise_policy_column(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底市2021年政务公开工作要点 二(八): release, interpretation, exchange and services in one column for enterprises."""
    return _judge(view, rule)


@check("key-projects-column")
def key_projects_column(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """吉林高新区 2018 一(二), 宝山 2020 四(二)38: the stages of major construction projects, each in its place."""
    return _judge(view, rule)


@check("public-resources-column")
def public_resources_column(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 四(三)39: the topics of public resource allocation."""
    return _judge(view, rule)


@check("public-welfare-column")
def public_welfare_column(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山 2020 四(四)40, 吉林高新区 2018 一(二): the areas of public welfare; pages of the 26 domains serve as well."""
    return _judge(view, rule)


@check("five-year-plan-column")
def five_year_plan_column(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底市2021年政务公开工作要点 一(二): a column that collects the outline and the special plans."""
    return _judge(view, rule)


@check("statutory-15-classes-covered")
def statutory_classes(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """政府信息公开条例 第二十条: the classes of statutory contents, as far as they are asked of this unit."""
    roots = columns_of(view, sought_by(rule)) or disclosure_columns(view)[:1]
    subject = site_subject(view)
    if not roots or roots[0].reachable is False:
        if lives_on_parent(view):
            yield Outcome(Status.NOT_APPLICABLE, "hosted-by-parent", subject)
            return
        reason = roots[0].fault if roots else unproved(view, rule)
        # That there is no disclosure column at all is what the rule on the home page speaks of.
        yield Outcome(Status.INCONCLUSIVE, reason, subject) if reason else Outcome(Status.NOT_APPLICABLE, "no-disclosure-column", subject)
        return
    yield judge_parts(view, rule, roots, parts_of(view, rule), roots[0].name)


# --- decision-column-present ------------------------------------------------------------------

_CATALOGUE = re.compile(r"(20\d\d)年.{0,24}重大行政决策.{0,12}目录|重大行政决策.{0,12}目录.{0,6}(20\d\d)年?")
_OF_A_PART = re.compile(r"(局|委员会|街道|镇|乡|办事处|中心|委)(关于|公布|20\d\d年|重大行政决策)")


@check("decision-column-present")
def decision_column(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 二(三)21: catalogue, consultations and meetings in one column; 713号 第三条: the yearly catalogue."""
    wanted = sought_by(rule)
    outcomes = tuple(_judge(view, rule))
    catalogue = _newest_catalogue(view, columns_of(view, wanted))
    if outcomes[0].status is not Status.PASS or catalogue is None:
        yield from outcomes
        return
    year, row = catalogue
    facts, evidence = {**outcomes[0].facts, "year": year}, (listing_evidence(row, f"最新的目录：{row.title}"),)
    today = civil(view.as_of)
    if year < today.year - 1:
        yield Outcome(Status.FAIL, "catalogue-old", outcomes[0].subject, facts | {"due_year": today.year - 1}, evidence)
    elif year < today.year and today > _day(rule.params["catalogue_by"], today.year):
        due = end_of(date(today.year, 12, 31))
        yield Outcome(Status.DUE_SOON, "catalogue-due", outcomes[0].subject, facts | {"due_year": today.year}, evidence, due=due)
    else:
        yield from outcomes


def _newest_catalogue(view: SiteView, roots: Iterable[Column]) -> tuple[int, Listing] | None:
    """The newest yearly catalogue of the government itself, by the year in its title."""
    forest = site_tree(view)
    found = []
    for root in roots:
        for column in (root, *forest.descendants(root)):
            for row in rows_of(view, column):
                match = _CATALOGUE.search(bare(row.title))
                if match is not None and not _OF_A_PART.search(bare(row.title)):
                    found.append((int(match.group(1) or match.group(2)), row))
    return max(found, key=lambda pair: pair[0], default=None)


def _day(text: str, year: int) -> date:
    """A day of the year, written MM-DD in the catalogue."""
    month, day = text.split("-")
    return date(year, int(month), int(day))
