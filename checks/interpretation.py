"""Rules on the interpretation (解读) of policy documents: that there is one, and that it came with the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from checks.bodies import bodies
from checks.clocks import end_of, near_unknown
from checks.observing import Held, complete_rounds, document_evidence, held, latest_crawl, too_old, unseen, weakest
from checks.pairing import Interpretations, Match, interpretations
from checks.registry import Outcome, check
from checks.scope import Desk, Scope, desk, interpretation_scope, not_public, policy_documents, publication_is_weak, repost_of
from checks.sight import blind_spot
from checks.subjects import document_subject
from checks.tree import current_columns, is_archive, site_tree
from data.calendar import Span
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Column, ColumnKind, Confidence, CrawlState, Document, Evidence, Measure, Severity, Status
from data.urls import url_key
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class _Case:
    """One document before a rule on interpretations."""

    view: SiteView
    rule: Rule
    document: Document
    scope: Scope
    scope_word: str
    pairs: Interpretations
    matches: tuple[Match, ...]
    absence: Absence

    def outcome(
        self,
        status: Status,
        reason: str,
        facts: Mapping[str, object] | None = None,
        *,
        evidence: tuple[Evidence, ...] = (),
        days: int | None = None,
    ) -> Outcome:
        measured = Measure(days, "workday") if days is not None else None
        return Outcome(status, reason, document_subject(self.document), {"scope": self.scope_word, **(facts or {})}, evidence, measured)

    @property
    def certain(self) -> tuple[Match, ...]:
        return tuple(match for match in self.matches if match.certain)

    @property
    def published(self) -> date | None:
        return civil(self.document.reading.published_at) if self.document.reading.published_at else None


# --- how an absence is proved -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Absence:
    """Whether the interpretation columns, the parent portal's included, were read so that what is not there is not there."""

    groups: tuple[tuple[Column, ...], ...]  # the site's own, then its parent's
    broken: str | None  # reason key where they were not

    def after(self, day: date, view: SiteView, rule: Rule) -> Held | str:
        """The readings that began after a day was over, or the reason key of why nothing is proved."""
        if self.broken is not None:
            return self.broken
        runs = []
        for group in self.groups:
            rounds = complete_rounds(group, rule)
            if rounds.broken is not None:
                return rounds.broken
            run = held((reading for reading in rounds.rounds if reading.at > end_of(day)), rule)
            if run is None:
                return "not-observed-since"
            if too_old(run.readings[-1].at, view, rule):
                return "observation-too-old"
            runs.append(run)
        return Held(runs[0].readings, weakest(run.confidence for run in runs))


def interpretation_columns(view: SiteView) -> tuple[Column, ...]:
    """The lists in which a site puts its interpretations."""
    forest = site_tree(view)
    return tuple(
        column
        for column in forest.within("zcjd")
        if (column.kind in (ColumnKind.LIST, ColumnKind.UNKNOWN) or column.walks) and not is_archive(column)
    )


def absence(view: SiteView, rule: Rule) -> Absence:
    own, crawl = interpretation_columns(view), latest_crawl(view)
    if not own:
        out = any(column.kind is ColumnKind.LINK_OUT for column in site_tree(view).within("zcjd"))
        lists = tuple(column for column in current_columns(view) if column.kind is ColumnKind.LIST and not is_archive(column))
        if out or not lists:
            return Absence((), "link-out" if out else "no-interpretation-column")
        # Without a column for them they may stand in any list: then all of the site has to be read.
        if unseen(view) is not None or blind_spot(view, rule, ("zcjd",)) is not None:
            return Absence((), "no-interpretation-column")
        own = lists
    if crawl is None or crawl.state is CrawlState.BLOCKED:
        return Absence((), (crawl.reason if crawl else None) or "crawl-incomplete")
    groups = [own]
    if view.parent is not None and interpretation_columns(view.parent):
        groups.append(interpretation_columns(view.parent))
    return Absence(tuple(groups), None)


# --- the two rules ----------------------------------------------------------------------------


@check("interpretation-exists")
def interpretation_exists(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 二(一)13: normative and important policy documents are all interpreted."""
    for item in _cases(view, rule):
        if isinstance(item, Outcome):
            yield item
        elif item.certain:
            match = item.certain[0]
            yield item.outcome(Status.PASS, "found", _named(match), evidence=_pair_evidence(item, match))
        elif (early := _undecided(item)) is not None:
            yield early
        else:
            yield _missing(item)


@check("interpretation-in-sync")
def interpretation_in_sync(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """利通区实施方案 二(三): when a document is made public, its interpretation is published with it."""
    for item in _cases(view, rule):
        if isinstance(item, Outcome):
            yield item
        elif item.certain:
            yield _in_sync(item)
        elif (early := _undecided(item)) is not None:
            yield early
        else:
            yield _missing(item)


def _cases(view: SiteView, rule: Rule) -> Iterator[_Case | Outcome]:
    """Every policy document: as a case, or with the outcome that settles why the duty does not touch it."""
    at_desk, pairs, proof = desk(view, rule, bodies(view)), interpretations(view, rule), absence(view, rule)
    for document in policy_documents(view):
        exempt = _exempt(document, rule, at_desk)
        if exempt is not None:
            yield Outcome(Status.NOT_APPLICABLE, exempt, document_subject(document))
            continue
        scope, word = interpretation_scope(document)
        if scope is Scope.OUT:
            yield Outcome(Status.NOT_APPLICABLE, "out-of-scope", document_subject(document), {"scope": word})
            continue
        yield _Case(view, rule, document, scope, word, pairs, pairs.matches(document), proof)


def _exempt(document: Document, rule: Rule, at_desk: Desk) -> str | None:
    reading = document.reading
    if repost_of(document, at_desk.bodies):
        return "repost"
    if not_public(document):
        return "not-public"
    if url_key(document.url) in at_desk.withdrawn:
        return "withdrawn"
    dates = [
        day
        for day in (civil(reading.published_at) if reading.published_at else None, reading.issued_on, reading.made_on)
        if day is not None
    ]
    if dates and dates[0] < date.fromisoformat(str(rule.params["duty_since"])):
        return "before-duty"
    return None


def _undecided(item: _Case) -> Outcome | None:
    """The outcome where nothing can be said of a document without a certain interpretation."""
    if item.scope is not Scope.IN:
        return item.outcome(Status.INCONCLUSIVE, "scope-unclear")
    if item.matches:
        best = max(item.matches, key=lambda match: match.score)
        return item.outcome(Status.INCONCLUSIVE, "match-uncertain", _named(best), evidence=_pair_evidence(item, best))
    return None


def _missing(item: _Case) -> Outcome:
    """No interpretation found: in grace, unprovable, or missing."""
    view, rule = item.view, item.rule
    # Without a date on the page our first sighting is the latest day on which it can have been published.
    day = item.published or civil(item.document.first_seen)
    grace = int(rule.params["grace_workdays"])
    last, passed = view.calendar.add_workdays(day, grace), view.calendar.workdays_between(day, civil(view.as_of))
    evidence = (document_evidence(item.document, "文件页" + (f"，发布日期为{zh_day(day)}" if item.published else "")),)
    facts = {"published": zh_day(day), "last": zh_day(last)}
    due = end_of(last) if item.rule.id == "interpretation-exists" else end_of(view.calendar.add_workdays(day, _limit(rule)))
    if civil(view.as_of) <= last:
        found = item.outcome(Status.DUE_SOON, "awaited", facts, evidence=evidence)
        return replace(found, due=end_of(last))
    if near_unknown(passed, grace, rule.params["provisional_margin_workdays"]):
        return item.outcome(Status.INCONCLUSIVE, "calendar-provisional", evidence=evidence)
    proof = item.absence.after(last, view, rule)
    if isinstance(proof, str):
        return item.outcome(Status.INCONCLUSIVE, proof, evidence=evidence)
    found = item.outcome(Status.FAIL, "missing", facts, evidence=evidence + proof.evidence, days=passed.days)
    return replace(found, due=due, confidence=proof.confidence)


def _limit(rule: Rule) -> int:
    assert rule.threshold is not None
    return int(rule.threshold.value)


def _in_sync(item: _Case) -> Outcome:
    """Compare the earliest interpretation's day with the document's."""
    published, earliest = item.published, _earliest(item.certain)
    if published is None or earliest is None:
        return _in_sync_by_sighting(item)
    if not _in_time(item, published, earliest[0]):
        # Before a lateness is told, every text that may be an earlier interpretation is looked at.
        item = replace(item, matches=item.pairs.every_match(item.document))
        earliest = _earliest(item.certain) or earliest
    day, match = earliest
    late = item.view.calendar.workdays_between(published, day)
    evidence, facts = _pair_evidence(item, match), {**_named(match), **_days(published, day)}
    due = end_of(item.view.calendar.add_workdays(published, _limit(item.rule)))
    if _in_time(item, published, day):
        return replace(item.outcome(Status.PASS, "in-sync", facts, evidence=evidence, days=max(late.days, 0)), due=due)
    doubt = _doubt(item)
    if doubt is not None:
        return item.outcome(Status.INCONCLUSIVE, doubt, facts, evidence=evidence)
    rival = _earliest(found for found in item.matches if not found.certain)
    if rival is not None and _in_time(item, published, rival[0]):
        return item.outcome(Status.INCONCLUSIVE, "match-uncertain", _named(rival[1]), evidence=_pair_evidence(item, rival[1]))
    if _turns_on_unknown_calendar(item, late):
        return item.outcome(Status.INCONCLUSIVE, "calendar-provisional", facts, evidence=evidence)
    tolerated = late.days <= item.rule.params["tolerated_workdays"]
    found = item.outcome(Status.FAIL, "late-tolerated" if tolerated else "late", facts, evidence=evidence, days=late.days)
    return replace(found, due=due, severity=Severity.MINOR if tolerated else None, confidence=_lateness_confidence(item))


def _earliest(matches: Iterable[Match]) -> tuple[date, Match] | None:
    known = [(day, match) for match in matches if match.interpretation is not None and (day := match.interpretation.known_by) is not None]
    return min(known, key=lambda pair: pair[0]) if known else None


def _in_time(item: _Case, published: date, day: date) -> bool:
    return day <= published or item.view.calendar.workdays_between(published, day).days <= _limit(item.rule)


def _doubt(item: _Case) -> str | None:
    """Why a lateness cannot be told whatever else is found, as a reason key."""
    if publication_is_weak(item.document) or any(
        match.interpretation is None or match.interpretation.known_by is None or match.interpretation.weak for match in item.certain
    ):
        return "date-unknown"
    return "scope-unclear" if item.scope is Scope.UNCLEAR else None


def _in_sync_by_sighting(item: _Case) -> Outcome:
    """Without two shown dates only our own sighting of the interpretation, no later than the document's day, proves anything."""
    published = item.published
    for match in item.certain:
        if published is not None and match.interpretation is not None and civil(match.interpretation.first_seen) <= published:
            facts = {**_named(match), **_days(published, civil(match.interpretation.first_seen))}
            return item.outcome(Status.PASS, "in-sync", facts, evidence=_pair_evidence(item, match), days=0)
    best = item.certain[0]
    return item.outcome(Status.INCONCLUSIVE, "date-unknown", _named(best), evidence=_pair_evidence(item, best))


def _turns_on_unknown_calendar(item: _Case, late: Span) -> bool:
    """Whether a holiday notice not yet known could make the lateness vanish or change its grade."""
    margin, grades = item.rule.params["provisional_margin_workdays"], (_limit(item.rule), item.rule.params["tolerated_workdays"])
    return any(near_unknown(late, grade, margin) for grade in grades)


def _lateness_confidence(item: _Case) -> Confidence:
    """Dates on two pages prove a lateness; only an unread part of the interpretation columns could hold an earlier one."""
    whole = all(complete_rounds(group, item.rule).broken is None for group in item.absence.groups)
    return Confidence.CONFIRMED if whole else Confidence.SUSPECTED


def _days(published: date, interpreted: date) -> dict[str, object]:
    return {"published": zh_day(published), "interpreted": zh_day(interpreted)}


def _named(match: Match) -> dict[str, object]:
    """The interpretation as the wording has it: by its title, else as one that bears none."""
    return {"interpretation": f"解读“{match.title}”" if match.title else "该栏目的一条解读"}


def _pair_evidence(item: _Case, match: Match) -> tuple[Evidence, ...]:
    how = {"link": "页面链接", "number": "文号", "title": "标题", "quoted": "文中引用的标题", "similar": "标题相近"}[match.by]
    own = document_evidence(item.document, f"文件页，发布日期为{zh_day(item.published)}" if item.published else "文件页，未见发布日期")
    if match.interpretation is None:
        return (own,)
    shown = f"，日期为{zh_day(match.interpretation.published)}" if match.interpretation.published else "，未见日期"
    return own, match.interpretation.evidence(f"解读材料（按{how}对应）{shown}")
