"""What to tell whom, and when. Pure: the same findings, verdicts and moment give the same notices.

An administrator gets one digest a round, over all sites the same person looks after. Supervisors get what is overdue
as it falls due, and once a day a short summary if anything happened. Doubt, suspicion and waived findings tell nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from data.calendar import WorkCalendar
from data.catalogue import Rule
from data.findings import (
    OPEN_STATES,
    SUMMARY,
    FindingKey,
    Latest,
    Mark,
    Told,
    Topic,
    is_confirmed_fail,
    life,
    times_found,
    told_at,
)
from data.records import SHANGHAI, Confidence, Finding, FindingState, Severity, Status, Verdict
from data.registry import Contact, Registry, Site

# Older judgements are no ground to tell, to warn or to escalate: the site may have been mended since.
FRESH = timedelta(days=7)
# Known pages are read again within a week; what was last seen longer ago is no news of today.
_OBSERVED = timedelta(days=10)


class Heading(StrEnum):
    """Under which heading an item stands in a digest, in this order."""

    NEW = "new"
    OVERDUE = "overdue"
    DUE_SOON = "due-soon"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be told of a site."""

    heading: Heading
    verdict: Verdict  # the latest one that speaks of it; of a resolved finding, the one that opened it
    finding: Finding | None  # None for a deadline that approaches
    mend_by: date | None
    times: int  # 1; more where the finding came back

    @property
    def due_mark(self) -> str | None:
        """What identifies a due-soon warning: it is given once a deadline."""
        if self.heading is not Heading.DUE_SOON:
            return None
        return f"{FindingKey.of(self.verdict).digest}@{self.verdict.due.isoformat() if self.verdict.due else ''}"


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one site, in the order of Heading."""

    site: Site
    items: tuple[Item, ...]

    def count(self, heading: Heading) -> int:
        return sum(item.heading == heading for item in self.items)


class Audience(StrEnum):
    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class SiteCount:
    """A line of the supervisors' summary."""

    site: Site
    new: int
    resolved: int
    open: int
    veto: int  # of the new ones


@dataclass(frozen=True, slots=True)
class Notice:
    """What one person is told in one round."""

    audience: Audience
    contact: Contact
    sections: tuple[Section, ...]
    summary: tuple[SiteCount, ...] = ()
    unreachable: tuple[Site, ...] = ()  # for supervisors: sites nobody can be told for

    def count(self, heading: Heading) -> int:
        return sum(section.count(heading) for section in self.sections)

    @property
    def kind(self) -> str:
        """Kind of the message: administrator, supervisor, or the one that holds the day's summary."""
        return SUMMARY if self.summary else self.audience.value

    @property
    def marks(self) -> tuple[Mark, ...]:
        items = [item for section in self.sections for item in section.items]
        return tuple(Mark(item.finding.id, Topic(item.heading.value)) for item in items if item.finding is not None)

    @property
    def due_marks(self) -> tuple[str, ...]:
        return tuple(mark for section in self.sections for item in section.items if (mark := item.due_mark) is not None)

    def key(self, channel: str, day: date) -> str:
        """The idempotency key of this notice on one channel: 64 hexadecimal characters."""
        told = sorted(
            f"{item.heading}|{item.finding.id if item.finding else item.due_mark}|{item.times}" for s in self.sections for item in s.items
        )
        summary = [f"summary|{day.isoformat()}"] if self.summary else []
        parts = [self.audience.value, self.contact.role, self.contact.name or "", channel, *told, *summary]
        return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=32).hexdigest()


@dataclass(frozen=True, slots=True)
class Untold:
    """Something is to be told and nobody can be reached for it."""

    site: str | None  # None: supervisors
    items: int


@dataclass(frozen=True, slots=True)
class Plan:
    notices: tuple[Notice, ...]
    untold: tuple[Untold, ...]


def plan(
    registry: Registry,
    rules: Mapping[str, Rule],
    held: Mapping[FindingKey, Finding],
    verdicts: Sequence[Verdict],
    told: Told,
    now: datetime,
    calendar: WorkCalendar,
) -> Plan:
    """What is to be told now. `verdicts` are the latest ones, `held` the findings as the ledger has them."""
    fresh = [verdict for verdict in verdicts if now - verdict.as_of <= FRESH and now - observed_at(verdict) <= _OBSERVED]
    judge = _Judge(Latest(fresh, held), rules, now.astimezone(SHANGHAI).date(), calendar)
    findings = _by_site(held)
    items: dict[str, list[Item]] = {site.id: [] for site in registry.sites}
    for site in registry.sites:
        reachable = _reachable(site)
        found = (judge.item(key, finding, reachable) for key, finding in findings.get(site.id, ()))
        items[site.id] += [item for item in found if item is not None]
    for item in _due_soon(fresh, told):
        if item.verdict.site in items:
            items[item.verdict.site].append(item)
    sections = [Section(site, tuple(sorted(mine, key=_order))) for site in registry.sites if (mine := items[site.id])]
    administrators, untold = _digests(sections)
    supervisors, unheard = _supervise(registry, findings, sections, told, now)
    return Plan((*administrators, *supervisors), (*untold, *unheard))


_BySite = Mapping[str, Sequence[tuple[FindingKey, Finding]]]


def _by_site(held: Mapping[FindingKey, Finding]) -> _BySite:
    findings: dict[str, list[tuple[FindingKey, Finding]]] = {}
    for key, finding in held.items():
        findings.setdefault(key.site, []).append((key, finding))
    return findings


@dataclass(frozen=True, slots=True)
class _Judge:
    latest: Latest
    rules: Mapping[str, Rule]
    today: date
    calendar: WorkCalendar

    def item(self, key: FindingKey, finding: Finding, reachable: bool) -> Item | None:
        """What is to be told of a finding now, if anything. New comes before overdue: nobody is reproached for what they were not told."""
        new_at = told_at(finding, Topic.NEW)
        times = times_found(finding)
        if finding.state is FindingState.RESOLVED:
            if new_at is None or told_at(finding, Topic.RESOLVED) is not None:
                return None
            return Item(Heading.RESOLVED, finding.verdict, finding, None, times)
        verdict = self.latest.of(key)
        if finding.state not in OPEN_STATES or verdict is None or not is_confirmed_fail(verdict):
            return None
        mend_by = self.mend_by(finding, new_at) if reachable or new_at is not None else finding.rectify_by
        if new_at is None and (reachable or not self.overdue(verdict, mend_by)):
            return Item(Heading.NEW, verdict, finding, mend_by, times)
        if self.overdue(verdict, mend_by) and told_at(finding, Topic.OVERDUE) is None:
            return Item(Heading.OVERDUE, verdict, finding, mend_by, times)
        return None

    def mend_by(self, finding: Finding, new_at: datetime | None) -> date | None:
        """The day told to the unit: rectify_by, or as many working days after the telling where that came later than rectify_by."""
        rule = self.rules.get(finding.verdict.rule)
        if finding.rectify_by is None or rule is None:
            return finding.rectify_by
        told_on = new_at.astimezone(SHANGHAI).date() if new_at is not None else self.today
        return finding.rectify_by if told_on <= finding.rectify_by else self.calendar.add_workdays(told_on, rule.rectify_workdays)

    def overdue(self, verdict: Verdict, mend_by: date | None) -> bool:
        # What was done late was done: nothing is left to mend, so there is nothing to press for.
        return mend_by is not None and self.today > mend_by and not is_past(verdict)


def observed_at(verdict: Verdict) -> datetime:
    """When what the verdict rests on was last seen."""
    return max((evidence.observed_at for evidence in verdict.evidence), default=verdict.as_of)


def is_past(verdict: Verdict) -> bool:
    """Whether the verdict is of a duty that was met, but after its limit (reason keys late…)."""
    return verdict.reason == "late" or verdict.reason.startswith("late-")


def _due_soon(verdicts: Sequence[Verdict], told: Told) -> list[Item]:
    items = []
    for verdict in verdicts:
        if verdict.status is Status.DUE_SOON and verdict.confidence is Confidence.CONFIRMED:
            item = Item(Heading.DUE_SOON, verdict, None, verdict.due.astimezone(SHANGHAI).date() if verdict.due else None, 1)
            if item.due_mark not in told.due_marks:
                items.append(item)
    return items


_HEADINGS = tuple(Heading)
_SEVERITIES = tuple(Severity)


def _order(item: Item) -> tuple[int, int, str, str]:
    number = item.finding.id if item.finding is not None else ""
    return (
        _HEADINGS.index(item.heading),
        _SEVERITIES.index(item.verdict.severity),
        item.verdict.rule,
        number or item.verdict.subject.title,
    )


def _digests(sections: Sequence[Section]) -> tuple[list[Notice], list[Untold]]:
    people: dict[tuple[str, str | None, tuple[str, ...]], list[Section]] = {}
    contacts: dict[tuple[str, str | None, tuple[str, ...]], Contact] = {}
    untold = []
    for section in sections:
        reachable = {_person(contact): contact for contact in section.site.administrators if contact.channels}
        for person, contact in reachable.items():
            people.setdefault(person, []).append(section)
            contacts[person] = contact
        if not reachable:
            untold.append(Untold(section.site.id, len(section.items)))
    notices = [Notice(Audience.ADMINISTRATOR, contacts[person], tuple(mine)) for person, mine in people.items()]
    return notices, untold


def _person(contact: Contact) -> tuple[str, str | None, tuple[str, ...]]:
    return contact.role, contact.name, contact.channels


def _supervise(
    registry: Registry, findings: _BySite, sections: Sequence[Section], told: Told, now: datetime
) -> tuple[list[Notice], list[Untold]]:
    overdue = tuple(
        Section(section.site, items) for section in sections if (items := tuple(i for i in section.items if i.heading is Heading.OVERDUE))
    )
    today = now.astimezone(SHANGHAI).date()
    last = told.last_summary_at
    summary = () if last is not None and last.astimezone(SHANGHAI).date() >= today else _summary(registry, findings, sections, last)
    if not overdue and not summary:
        return [], []
    unreachable = tuple(section.site for section in sections if not _reachable(section.site))
    notices = [
        Notice(Audience.SUPERVISOR, contact, overdue, summary, unreachable)
        for contact in {_person(contact): contact for contact in registry.supervisors if contact.channels}.values()
    ]
    if notices:
        return notices, []
    return [], [Untold(None, sum(len(section.items) for section in overdue))] if overdue else []


def _summary(registry: Registry, by_site: _BySite, sections: Sequence[Section], last: datetime | None) -> tuple[SiteCount, ...]:
    """What was told since the last summary, a line a site; sites where nothing was are left out."""
    new_now = {item.finding.id for section in sections for item in section.items if item.finding and item.heading is Heading.NEW}
    lines = []
    for site in registry.sites:
        findings = [finding for _, finding in by_site.get(site.id, ())]
        open_now = [finding for finding in findings if finding.state in OPEN_STATES]
        # Where nobody can be told a finding stays new; it is counted in the summary after it was opened.
        told_now = (
            new_now
            if _reachable(site)
            else {finding.id for finding in open_now if finding.id in new_now and _since(life(finding)[0].at, last)}
        )
        new = [finding for finding in open_now if finding.id in told_now or _since(told_at(finding, Topic.NEW), last)]
        mended = [finding for finding in findings if _since(finding.resolved_at, last) and told_at(finding, Topic.NEW) is not None]
        if new or mended:
            veto = sum(finding.verdict.severity is Severity.VETO for finding in new)
            lines.append(SiteCount(site, len(new), len(mended), len(open_now), veto))
    return tuple(lines)


def _since(moment: datetime | None, last: datetime | None) -> bool:
    return moment is not None and (last is None or moment > last)


def _reachable(site: Site) -> bool:
    return any(contact.channels for contact in site.administrators)
