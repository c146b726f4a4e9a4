"""What notices are made of: items of sites, for audiences, on channels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from data.findings import SUMMARY, FindingKey, Mark, Topic
from data.records import Finding, Severity, Verdict
from data.registry import Contact, Site


class Heading(StrEnum):
    """Under which heading an item stands in a digest, in this order."""

    NEW = "new"
    URGED = "urged"
    ESCALATED = "escalated"
    OVERDUE = "overdue"
    REMINDER = "reminder"
    STANDING = "standing"  # told through every step, and still there
    DUE_SOON = "due-soon"
    RESOLVED = "resolved"
    CLOSED = "closed"  # its rule no longer holds for the site
    REVIEW = "review"  # for the supervisors alone, before the unit is told


_UNLOGGED = (Heading.STANDING, Heading.DUE_SOON)  # may be said again: remembered by the outbox, not by the finding


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be told of a site."""

    heading: Heading
    verdict: Verdict  # the latest one that speaks of it; of a resolved finding, the one that opened it
    finding: Finding | None  # None for a deadline that approaches
    mend_by: date | None
    times: int = 1  # more where the finding came back
    stage: int = 0  # which warning of a deadline (working days before it), which repetition of a standing reminder
    late: int = 0  # working days since mend_by

    @property
    def due_mark(self) -> str | None:
        """What identifies a saying that no event of a finding records; each is said once."""
        if self.heading is Heading.STANDING and self.finding is not None:
            return f"{self.finding.id}@standing@{self.mend_by.isoformat() if self.mend_by else ''}@{self.stage}"
        if self.heading is not Heading.DUE_SOON:
            return None
        return f"{FindingKey.of(self.verdict).digest}@{self.verdict.due.isoformat() if self.verdict.due else ''}@{self.stage}"

    @property
    def mark(self) -> Mark | None:
        """What its finding records of the saying."""
        if self.finding is None or self.heading in _UNLOGGED:
            return None
        topic = Topic.RESOLVED if self.heading is Heading.CLOSED else Topic(self.heading.value)
        return Mark(self.finding.id, topic)


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
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class SiteCount:
    """A line of the supervisors' summary."""

    site: Site
    new: int
    resolved: int
    open: int
    veto: int  # of the new ones
    overdue: int = 0
    resting: int = 0  # waived, explained or under appeal


@dataclass(frozen=True, slots=True)
class Notice:
    """What the people on some channels are told in one round."""

    audience: Audience
    contacts: tuple[Contact, ...]
    channels: tuple[str, ...]
    sections: tuple[Section, ...]
    summary: tuple[SiteCount, ...] = ()
    unreachable: tuple[Site, ...] = ()  # for supervisors: sites nobody can be told for
    review: tuple[Section, ...] = ()  # for supervisors: what a person is asked to look at before the unit is told
    urgent: bool = False  # sent outside working hours, with what cannot wait

    def count(self, heading: Heading) -> int:
        return sum(section.count(heading) for section in (*self.sections, *self.review))

    @property
    def kind(self) -> str:
        """Kind of the message: administrator, supervisor, or the one that holds the day's summary."""
        return SUMMARY if self.summary else self.audience.value

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in (*self.sections, *self.review) for item in section.items)

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(mark for item in self.items if (mark := item.mark) is not None)

    @property
    def due_marks(self) -> tuple[str, ...]:
        return tuple(mark for item in self.items if (mark := item.due_mark) is not None)

    def key(self, channel: str, day: date) -> str:
        """The idempotency key of this notice on one channel: 64 hexadecimal characters."""
        told = sorted(item.due_mark or f"{item.heading}|{item.finding.id if item.finding else ''}|{item.times}" for item in self.items)
        summary = [f"summary|{day.isoformat()}"] if self.summary else []
        return message_key(self.audience, channel, (*told, *summary))


def message_key(audience: Audience, channel: str, told: tuple[str, ...]) -> str:
    """Whom, where, what: the same message is never put into the outbox twice."""
    return hashlib.blake2b("\x1f".join((audience.value, channel, *told)).encode(), digest_size=32).hexdigest()


@dataclass(frozen=True, slots=True)
class Untold:
    """Something is to be told and nobody can be reached for it."""

    audience: Audience
    site: str | None  # of administrators: whose
    items: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is told now, what nobody can be told, and what waits for working hours."""

    notices: tuple[Notice, ...]
    untold: tuple[Untold, ...] = ()
    waiting: int = 0  # items that wait
    opens_at: datetime | None = None  # until when they wait


_HEADINGS = tuple(Heading)
_SEVERITIES = tuple(Severity)


def order(item: Item) -> tuple[int, int, str, str]:
    """Sort key of items within a section."""
    number = item.finding.id if item.finding is not None else ""
    return (
        _HEADINGS.index(item.heading),
        _SEVERITIES.index(item.verdict.severity),
        item.verdict.rule,
        number or item.verdict.subject.title,
    )


def observed_at(verdict: Verdict) -> datetime:
    """When what the verdict rests on was last seen."""
    return max((evidence.observed_at for evidence in verdict.evidence), default=verdict.as_of)


def is_past(verdict: Verdict) -> bool:
    """Whether the verdict is of a duty that was met, but after its limit (reason keys late…)."""
    return verdict.reason == "late" or verdict.reason.startswith("late-")
