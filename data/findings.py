"""What a finding is known by, what a judging changes of it, and what is told of it. Types and pure functions; no SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from data.catalogue import Rule
from data.records import Confidence, Finding, FindingEvent, FindingState, Status, Stay, StayEnd, StayKind, SubjectKind, Verdict
from data.urls import url_key

PROGRAM = "gongkai"  # who acts where no person does
RELEASED = "released"  # event: a person passed the finding on to its unit
SUMMARY = "supervisor-summary"  # kind of the messages that hold the supervisors' daily summary


@dataclass(frozen=True, slots=True)
class FindingKey:
    """What makes two verdicts speak of the same fault. The URL's scheme is left out: a site that moves to https keeps its findings."""

    rule: str
    site: str
    kind: SubjectKind
    url: str | None
    column: str | None
    title: str | None  # only where neither URL nor column tells subjects apart

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        subject = verdict.subject
        nameless = subject.url is None and subject.column is None and subject.kind is not SubjectKind.SITE
        # A site is one subject however its home page is addressed at the moment.
        url = None if subject.kind is SubjectKind.SITE or subject.url is None else url_key(subject.url)
        return cls(verdict.rule, verdict.site, subject.kind, url, subject.column, subject.title if nameless else None)

    @property
    def digest(self) -> str:
        """64 hexadecimal characters, stable across versions of Python."""
        text = "\x1f".join(
            part if part is not None else "\x00" for part in (self.rule, self.site, self.kind.value, self.url, self.column, self.title)
        )
        return hashlib.blake2b(text.encode(), digest_size=32).hexdigest()


class Latest:
    """The verdicts of one judging, found by the finding they speak of.

    A missing column has no URL and gets one once it exists, and the other way round; such a finding is matched by
    rule, site and column where no verdict matches it exactly.
    """

    def __init__(self, verdicts: Iterable[Verdict], held: Iterable[FindingKey]) -> None:
        self.exact: dict[FindingKey, Verdict] = {}
        for verdict in verdicts:
            key = FindingKey.of(verdict)
            other = self.exact.get(key)
            if other is None or _WEIGHT[verdict.status] > _WEIGHT[other.status]:
                self.exact[key] = verdict
        self._loose = self._match_loosely(set(held))

    def _match_loosely(self, held: set[FindingKey]) -> Mapping[FindingKey, FindingKey]:
        free: dict[tuple[str, str, str], list[FindingKey]] = {}
        for key in self.exact:
            if key.kind is SubjectKind.COLUMN and key.column is not None and key not in held:
                free.setdefault((key.rule, key.site, key.column), []).append(key)
        matched: dict[FindingKey, FindingKey] = {}
        for key in sorted(held - self.exact.keys(), key=lambda key: key.digest):
            if key.kind is not SubjectKind.COLUMN or key.column is None:
                continue
            candidates = [other for other in free.get((key.rule, key.site, key.column), []) if (other.url is None) != (key.url is None)]
            if candidates:
                chosen = max(candidates, key=lambda other: (_WEIGHT[self.exact[other].status], other.digest))
                free[(key.rule, key.site, key.column)].remove(chosen)
                matched[key] = chosen
        return matched

    def of(self, key: FindingKey) -> Verdict | None:
        """The verdict that speaks of a held finding, or None."""
        return self.exact.get(key) or self.exact.get(self._loose.get(key, key))

    def unclaimed(self, held: Iterable[FindingKey]) -> Mapping[FindingKey, Verdict]:
        """The verdicts that speak of no held finding."""
        claimed = set(held) | set(self._loose.values())
        return {key: verdict for key, verdict in self.exact.items() if key not in claimed}


# Where two verdicts share a key, the graver one speaks; doubt outweighs a pass.
_WEIGHT = {Status.NOT_APPLICABLE: 0, Status.PASS: 1, Status.DUE_SOON: 2, Status.INCONCLUSIVE: 3, Status.FAIL: 4}


def is_confirmed_fail(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.status is Status.FAIL and verdict.confidence is Confidence.CONFIRMED


class Change(StrEnum):
    """What one judging does to a finding."""

    OPENED = "opened"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    OUT_OF_FORCE = "out-of-force"  # its rule no longer holds for its site: closed, though nothing showed it mended
    UNSEEN = "unseen"  # its rule was judged, its subject was not there


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """One change of one finding, to be stored."""

    change: Change
    key: FindingKey
    at: datetime
    why: str
    verdict: Verdict | None  # None for UNSEEN and OUT_OF_FORCE
    finding_id: str | None  # None for OPENED: the store gives the number
    rectify_by: date | None = None  # set by OPENED and REOPENED
    state: FindingState = FindingState.OPEN  # where REOPENED leads: a waiver that still holds goes on holding


@dataclass(frozen=True, slots=True)
class Act:
    """What a person, or the end of a term, does to one finding, to be stored."""

    finding_id: str
    seen: FindingState  # the state that it was decided on: where another process moved it, the act is refused
    state: FindingState  # the state after it
    at: datetime
    who: str
    what: str
    why: str
    rectify_by: date | None
    opens: Stay | None = None
    closes: tuple[StayKind, StayEnd] | None = None


class Topic(StrEnum):
    """What a notice says of a finding; each is said once in a life of the finding."""

    NEW = "new"
    REVIEW = "review"  # the supervisors are asked to look at it before the unit is told
    REMINDER = "reminder"  # the day to mend it by comes near
    OVERDUE = "overdue"  # first step of the ladder: the day has passed
    URGED = "urged"  # second step: 督办
    ESCALATED = "escalated"  # third step: the supervisors are told
    RESOLVED = "resolved"

    @property
    def event(self) -> str:
        """The event that records that a message saying it stands in the outbox."""
        return f"told-{self.value}"


@dataclass(frozen=True, slots=True)
class Mark:
    """That a message tells a topic of a finding."""

    finding_id: str
    topic: Topic


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message to one channel, as it enters the outbox."""

    key: str  # idempotency: audience, channel and what it tells
    audience: str
    channel: str  # as the registry writes it, ${ENV} not filled in
    kind: str
    subject: str
    body: str
    marks: tuple[Mark, ...] = ()
    due_marks: tuple[str, ...] = ()  # what due-soon warnings it holds
    attachments: tuple[str, ...] = ()  # paths of files


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # handed to the channel; whoever finds it so after a crash cannot know whether it arrived
    SENT = "sent"
    DEAD = "dead"  # given up
    DIVERTED = "diverted"  # given to a fallback channel, which has a message of its own for it


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message as the outbox holds it."""

    id: int
    message: OutgoingMessage
    state: MessageState
    attempts: int
    created_at: datetime
    next_at: datetime
    sent_at: datetime | None
    last_error: str | None
    parts_done: int = 0  # how many of its parts the channel took
    uncertain: int = 0  # how often a process died between sending and knowing
    fallback_of: int | None = None  # the message that it replaces on a fallback channel


@dataclass(frozen=True, slots=True)
class Told:
    """What the outbox remembers that findings do not."""

    due_marks: frozenset[str] = frozenset()
    last_summary_at: datetime | None = None


def life(finding: Finding) -> tuple[FindingEvent, ...]:
    """The events since the finding was last opened or reopened, that one included."""
    starts = [index for index, event in enumerate(finding.events) if event.what in (Change.OPENED, Change.REOPENED)]
    return finding.events[starts[-1] if starts else 0 :]


def told_at(finding: Finding, topic: Topic) -> datetime | None:
    """When a message with this topic entered the outbox in the finding's present life."""
    return next((event.at for event in life(finding) if event.what == topic.event), None)


def released_at(finding: Finding) -> datetime | None:
    """When a person passed the finding on to its unit, in its present life."""
    return next((event.at for event in life(finding) if event.what == RELEASED), None)


def closed_unseen(finding: Finding) -> bool:
    """Whether the end of its rule closed the finding, and no observation."""
    closing = (Change.RESOLVED, Change.OUT_OF_FORCE)
    return next((event.what for event in reversed(finding.events) if event.what in closing), None) == Change.OUT_OF_FORCE


def awaits_review(finding: Finding, rule: Rule | None) -> bool:
    """Whether a person has to look at the finding before its unit is told."""
    if rule is None or rule.alert != "human-review-first":
        return False
    return released_at(finding) is None and told_at(finding, Topic.NEW) is None


def for_unit(finding: Finding, rule: Rule | None) -> bool:
    """Whether the finding is the unit's to hear of: not those of rules that are only reported, nor those that await review."""
    return (rule is None or rule.alert != "report-only") and not awaits_review(finding, rule)


def times_found(finding: Finding) -> int:
    """How often the finding was opened: 1 and its reopenings."""
    return 1 + sum(event.what == Change.REOPENED for event in finding.events)


def resting_state(finding: Finding) -> FindingState:
    """Where a finding stands when nothing stays it: acknowledged, notified or open, by what happened in its present life."""
    happened = {event.what for event in life(finding)}
    known = (FindingState.ACKNOWLEDGED, FindingState.NOTIFIED)
    return next((state for state in known if state.value in happened), FindingState.OPEN)


def closed(stays: tuple[Stay, ...], closes: tuple[StayKind, StayEnd], at: datetime) -> tuple[Stay, ...]:
    """The stays with the one of that kind ended, where one is in force."""
    kind, end = closes
    return tuple(replace(stay, ended_at=at, end=end) if stay.kind is kind and stay.end is None else stay for stay in stays)


OPEN_STATES = (FindingState.OPEN, FindingState.NOTIFIED, FindingState.ACKNOWLEDGED)
