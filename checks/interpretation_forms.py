"""The rule on the forms of a year's interpretations: how many are given otherwise than as a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from checks.bodies import Whose, bodies
from checks.explaining import collect
from checks.forms import Form, form_of
from checks.interpretation import interpretation_columns
from checks.interpretation_quality import column_names, pages_by_key
from checks.observing import Reading, complete_rounds, held, too_old, unseen, walk_evidence
from checks.registry import Outcome, check
from checks.scope import repost_of, withdrawn
from checks.subjects import site_subject
from checks.tree import current_columns
from data.catalogue import Rule
from data.days import civil
from data.records import ColumnKind, Evidence, Measure, Status
from data.text import bare
from data.urls import url_key
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class _Item:
    """One interpretation of the year: since when it is there and in what form."""

    first_seen: datetime
    form: Form


@dataclass(frozen=True, slots=True)
class _Share:
    """How many of some interpretations are of other forms than text."""

    total: int
    diverse: int
    unknown: int

    def at_least(self) -> float:
        return 100 * self.diverse / self.total

    def at_most(self) -> float:
        return 100 * (self.diverse + self.unknown) / self.total


@check("interpretation-form-ratio")
def interpretation_form_ratio(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 二(一)17: at least half of the year's interpretations in other forms than text."""
    assert rule.threshold is not None
    subject, limit, year = site_subject(view), rule.threshold.value, civil(view.as_of).year
    items = list(_of_year(view, rule, year))
    share = _share(items)
    columns = interpretation_columns(view)
    facts: dict[str, object] = {"year": year, "total": share.total, "diverse": share.diverse, "unknown": share.unknown}
    if share.total < rule.params["min_items"]:
        yield _few(view, rule, facts)
        return
    evidence = tuple(walk_evidence(column.walks[-1]) for column in columns[:4] if column.walks)
    measured = Measure(round(share.at_least(), 1), "percent")
    if share.at_least() >= limit:
        yield Outcome(Status.PASS, "enough", subject, facts, evidence, measured)
    elif not _too_few(share, rule):
        yield Outcome(Status.INCONCLUSIVE, "form-unknown", subject, facts, evidence)
    else:
        yield _below(view, rule, items, facts, evidence, measured)


def _few(view: SiteView, rule: Rule, facts: Mapping[str, object]) -> Outcome:
    """Too few to speak of a ratio, if there are no more than we saw."""
    columns, subject = interpretation_columns(view), site_subject(view)
    if not columns and any(column.kind is ColumnKind.LINK_OUT and column.canonical == "zcjd" for column in current_columns(view)):
        return Outcome(Status.NOT_APPLICABLE, "link-out", subject, facts)
    broken = complete_rounds(columns, rule).broken if columns else unseen(view)
    if broken is not None:
        return Outcome(Status.INCONCLUSIVE, "unread", subject, facts)
    return Outcome(Status.NOT_APPLICABLE, "few", subject, facts)


def _below(
    view: SiteView, rule: Rule, items: list[_Item], facts: Mapping[str, object], evidence: tuple[Evidence, ...], measured: Measure
) -> Outcome:
    """A ratio that is too low: proved where the interpretation columns were read to the end, confirmed where it was so twice."""
    columns, subject = interpretation_columns(view), site_subject(view)
    rounds = complete_rounds(columns, rule) if columns else None
    if rounds is None or rounds.broken is not None:
        return Outcome(Status.INCONCLUSIVE, (rounds.broken if rounds else None) or "no-interpretation-column", subject, facts, evidence)
    run = held(
        (
            Reading(reading.at, _too_few(_share([item for item in items if item.first_seen <= reading.at]), rule), reading.evidence)
            for reading in rounds.rounds
        ),
        rule,
    )
    if run is None or too_old(run.readings[-1].at, view, rule):
        return Outcome(Status.INCONCLUSIVE, "observation-too-old", subject, facts, evidence)
    return Outcome(Status.FAIL, "below", subject, facts, run.evidence, measured, confidence=run.confidence)


def _too_few(share: _Share, rule: Rule) -> bool:
    """Whether the ratio is below the limit whatever the unknown forms are, and these are not too many to speak of it."""
    assert rule.threshold is not None
    if share.total < rule.params["min_items"] or 100 * share.unknown > rule.params["unknown_percent"] * share.total:
        return False
    return share.at_most() < rule.threshold.value


def _share(items: list[_Item]) -> _Share:
    forms = [item.form for item in items]
    return _Share(len(forms), forms.count(Form.DIVERSE), forms.count(Form.UNKNOWN))


_NAMED = re.compile("《([^》]+)》?")
_UPPER_COLUMN = re.compile("上级|国务院|国家|中央|省|(?<!城)市(?!场|民|容|政)")


def _of_year(view: SiteView, rule: Rule, year: int) -> Iterator[_Item]:
    """The unit's own interpretations of a year; those of upper bodies' policies are left out."""
    who, pages, names = bodies(view), pages_by_key(view), column_names(view)
    gone = withdrawn(view)
    for item in collect(view):
        day = item.known_by
        if day is None or day.year != year or item.key in gone:
            continue
        page = pages.get(item.key)
        named = (*item.about, *_NAMED.findall(bare(item.title)))
        if any(who.whose(name) is Whose.UPPER for name in named) or (page is not None and repost_of(page, who)):
            continue
        columns = [names.get(url_key(url), "") for url in page.column_urls] if page is not None else []
        if any(_UPPER_COLUMN.search(bare(name)) for name in columns):
            continue
        yield _Item(item.first_seen, form_of(item.title, columns, page.reading if page is not None else None, rule))
