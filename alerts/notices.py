"""What to tell whom, and when. Pure: the same findings, verdicts and moment give the same notices.

Each channel of an administrator gets one digest a round, over all the sites it is named for. Supervisors get what has climbed the
ladder, and once a day a short summary if anything happened. What a person is to review first
is told to the supervisors alone until it is released. Doubt, suspicion, what rests (waived, explained, under appeal) and a
site's first week tell nobody. Digests keep to working hours; what cannot wait for them, a new veto or a deadline that passes before
they open, goes out at once, though not at night.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.hours import digest_allowed, next_digest, urgent_allowed
from alerts.items import Audience, Heading, Item, Notice, Plan, Section, SiteCount, Untold, observed_at, order
from alerts.ladder import Judge
from data.calendar import WorkCalendar
from data.catalogue import Rule
from data.days import civil
from data.findings import OPEN_STATES, FindingKey, Latest, Told, Topic, closed_unseen, for_unit, life, told_at
from data.records import Confidence, Finding, FindingState, Severity, Status, Verdict
from data.registry import Contact, Registry, Site
from data.registry_notices import NoticeOptions

_RESTING = (FindingState.WAIVED, FindingState.EXPLAINED, FindingState.APPEALED)
_BySite = Mapping[str, Sequence[tuple[FindingKey, Finding]]]


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan is made from, the registry aside."""

    rules: Mapping[str, Rule]
    held: Mapping[FindingKey, Finding]  # the findings as the ledger has them
    verdicts: Sequence[Verdict]  # the latest ones
    told: Told  # what the outbox remembers
    first_seen: Mapping[str, datetime] = field(default_factory=dict)  # site -> when its first crawl began
    calendar: WorkCalendar = field(default_factory=WorkCalendar)


def plan(registry: Registry, known: Known, now: datetime) -> Plan:
    """What is to be told now, and what waits."""
    fresh = [verdict for verdict in known.verdicts if is_fresh(verdict, registry.notices, now)]
    findings = _by_site(known.held)
    everything = _sections(registry, known, findings, fresh, now)
    sections = _only(everything, lambda item: item.heading is not Heading.REVIEW)
    review = _only(everything, lambda item: item.heading is Heading.REVIEW)
    opening = next_digest(registry.notices, known.calendar, now)
    if not digest_allowed(registry.notices, known.calendar, now):
        urgent = _urgent(sections, opening) if urgent_allowed(registry.notices, known.calendar, now) else []
        notices, untold = _digests(urgent, urgent=True)
        waiting = sum(len(section.items) for section in everything) - sum(len(section.items) for section in urgent)
        return Plan(tuple(notices), tuple(untold), waiting, opening if waiting else None)
    administrators, untold = _digests(sections)
    supervisors, unheard = _supervise(registry, known, findings, sections, review, now)
    return Plan((*administrators, *supervisors), (*untold, *unheard))


def _only(sections: Sequence[Section], wanted: Callable[[Item], bool]) -> tuple[Section, ...]:
    """The sections with just the items that are wanted; those without any are left out."""
    chosen = ((section.site, tuple(item for item in section.items if wanted(item))) for section in sections)
    return tuple(Section(site, items) for site, items in chosen if items)


def is_fresh(verdict: Verdict, options: NoticeOptions, now: datetime) -> bool:
    """Whether a verdict may be told: an older judgement, or one of pages not read for long, is no ground to warn or to press."""
    return now - verdict.as_of <= timedelta(days=options.fresh_days) and now - observed_at(verdict) <= timedelta(days=options.observed_days)


def baseline_end(registry: Registry, first_seen: datetime) -> datetime:
    """When the baseline of a site first seen then ends: until then its findings are recorded and told to nobody."""
    return first_seen + timedelta(days=registry.notices.baseline_days)


def _by_site(held: Mapping[FindingKey, Finding]) -> _BySite:
    findings: dict[str, list[tuple[FindingKey, Finding]]] = {}
    for key, finding in held.items():
        findings.setdefault(key.site, []).append((key, finding))
    return findings


def _sections(registry: Registry, known: Known, findings: _BySite, fresh: Sequence[Verdict], now: datetime) -> list[Section]:
    """Everything that is to be told, by site; sites in their baseline left out."""
    today = civil(now)
    judge = Judge(Latest(fresh, known.held), known.rules, registry.notices, today, known.calendar, known.told.due_marks)
    soon: dict[str, list[Item]] = {}
    for item in _due_soon(fresh, known, registry.notices, now):
        soon.setdefault(item.verdict.site, []).append(item)
    sections = []
    for site in registry.sites:
        first = known.first_seen.get(site.id)
        told_from = None if first is None else baseline_end(registry, first)
        if told_from is not None and now < told_from:
            continue
        reachable = is_reachable(site)
        found = [judge.item(key, finding, reachable, told_from) for key, finding in findings.get(site.id, ())]
        items = [item for item in found if item is not None] + soon.get(site.id, [])
        if items:
            sections.append(Section(site, tuple(sorted(items, key=order))))
    return sections


def _due_soon(verdicts: Sequence[Verdict], known: Known, options: NoticeOptions, now: datetime) -> list[Item]:
    """Deadlines that come near: warned of once at each of the configured distances, in working days; never once they have passed."""
    today, items = civil(now), []
    for verdict in verdicts:
        if verdict.status is not Status.DUE_SOON or verdict.confidence is not Confidence.CONFIRMED:
            continue
        rule = known.rules.get(verdict.rule)
        if verdict.due is None or verdict.due < now or (rule is not None and rule.alert != "automatic"):
            continue
        due_on = civil(verdict.due)
        ahead = known.calendar.workdays_between(today, due_on).days
        stages = [stage for stage in options.due_soon if ahead <= stage]
        item = Item(Heading.DUE_SOON, verdict, None, due_on, stage=min(stages, default=0))
        if stages and item.due_mark not in known.told.due_marks:
            items.append(item)
    return items


def _urgent(sections: Sequence[Section], opening: datetime) -> list[Section]:
    """What cannot wait for working hours: a new veto, and a deadline that passes before they open."""
    chosen = []
    for section in sections:
        items = tuple(item for item in section.items if _cannot_wait(item, opening))
        if items and is_reachable(section.site):
            chosen.append(Section(section.site, items))
    return chosen


def _cannot_wait(item: Item, opening: datetime) -> bool:
    if item.heading is Heading.NEW:
        return item.verdict.severity is Severity.VETO
    return item.heading is Heading.DUE_SOON and item.verdict.due is not None and item.verdict.due < opening


def _digests(sections: Sequence[Section], *, urgent: bool = False) -> tuple[list[Notice], list[Untold]]:
    """One notice a channel; channels that say the same to the same people share it."""
    told: dict[str, list[Section]] = {}
    people: dict[str, list[Contact]] = {}
    untold = []
    for section in sections:
        if not is_reachable(section.site):
            untold.append(Untold(Audience.ADMINISTRATOR, section.site.id, len(section.items)))
        for channel, contacts in _by_channel(section.site.administrators).items():
            told.setdefault(channel, []).append(section)
            known = people.setdefault(channel, [])
            known += [contact for contact in contacts if _person(contact) not in {_person(one) for one in known}]
    shared: dict[tuple[tuple[str, ...], tuple[tuple[str, str | None], ...]], list[str]] = {}
    for channel, mine in told.items():
        same = (tuple(section.site.id for section in mine), tuple(_person(contact) for contact in people[channel]))
        shared.setdefault(same, []).append(channel)
    notices = [
        Notice(Audience.ADMINISTRATOR, tuple(people[channels[0]]), tuple(channels), tuple(told[channels[0]]), urgent=urgent)
        for channels in shared.values()
    ]
    return notices, untold


def _by_channel(contacts: Sequence[Contact]) -> Mapping[str, list[Contact]]:
    found: dict[str, list[Contact]] = {}
    for contact in contacts:
        for channel in dict.fromkeys(contact.channels):
            found.setdefault(channel, []).append(contact)
    return found


def _person(contact: Contact) -> tuple[str, str | None]:
    return contact.role, contact.name


def _supervise(
    registry: Registry, known: Known, findings: _BySite, sections: Sequence[Section], review: tuple[Section, ...], now: datetime
) -> tuple[list[Notice], list[Untold]]:
    climbed = _only(sections, lambda item: item.heading is Heading.ESCALATED)
    today = civil(now)
    last = known.told.last_summary_at
    summary = () if last is not None and civil(last) >= today else _summary(registry, known.rules, findings, sections, last)
    if not climbed and not review and not summary:
        return [], []
    unreachable = tuple(section.site for section in sections if not is_reachable(section.site))
    shared: dict[tuple[tuple[str, str | None], ...], list[str]] = {}
    people: dict[str, list[Contact]] = {}
    for channel, contacts in _by_channel(registry.supervisors).items():
        people[channel] = contacts
        shared.setdefault(tuple(_person(contact) for contact in contacts), []).append(channel)
    notices = [
        Notice(Audience.SUPERVISOR, tuple(people[channels[0]]), tuple(channels), climbed, summary, unreachable, review)
        for channels in shared.values()
    ]
    untold = sum(len(section.items) for section in (*climbed, *review))
    return notices, [] if notices or not untold else [Untold(Audience.SUPERVISOR, None, untold)]


def _summary(
    registry: Registry, rules: Mapping[str, Rule], by_site: _BySite, sections: Sequence[Section], last: datetime | None
) -> tuple[SiteCount, ...]:
    """What was told since the last summary, a line a site; sites where nothing was are left out."""
    new_now = {item.finding.id for section in sections for item in section.items if item.finding and item.heading is Heading.NEW}
    lines = []
    for site in registry.sites:
        findings = [finding for key, finding in by_site.get(site.id, ()) if for_unit(finding, rules.get(key.rule))]
        open_now = [finding for finding in findings if finding.state in OPEN_STATES]
        # Where nobody can be told a finding stays new; it is counted in the summary after it was opened.
        told_now = (
            new_now
            if is_reachable(site)
            else {finding.id for finding in open_now if finding.id in new_now and _since(life(finding)[0].at, last)}
        )
        new = [finding for finding in open_now if finding.id in told_now or _since(told_at(finding, Topic.NEW), last)]
        mended = [
            finding
            for finding in findings
            if _since(finding.resolved_at, last) and told_at(finding, Topic.NEW) is not None and not closed_unseen(finding)
        ]
        if new or mended:
            veto = sum(finding.verdict.severity is Severity.VETO for finding in new)
            pressed = sum(told_at(finding, Topic.OVERDUE) is not None for finding in open_now)
            resting = sum(finding.state in _RESTING for finding in findings)
            lines.append(SiteCount(site, len(new), len(mended), len(open_now), veto, pressed, resting))
    return tuple(lines)


def _since(moment: datetime | None, last: datetime | None) -> bool:
    return moment is not None and (last is None or moment > last)


def is_reachable(site: Site) -> bool:
    """Whether anybody can be told for a site."""
    return any(contact.channels for contact in site.administrators)
