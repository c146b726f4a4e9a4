"""What a weekly scorecard holds. Frozen; every figure is a plain value, unknown is None.

Points are those of the scheme, scores run from 0 to 100 with one decimal, shares and coverage are percent with one decimal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from data.records import Clause, CrawlState, Evidence, FindingState, Severity, StayKind


class Standing(StrEnum):
    """Whether a unit has a grade this week, and if not, why."""

    GRADED = "graded"
    VETOED = "vetoed"  # 单项否决
    LOW_COVERAGE = "low-coverage"
    STALE = "stale"
    UNOBSERVED = "unobserved"  # never crawled


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What was observed of a site, up to the scorecard's moment. A figure that could not be observed is None."""

    site: str
    last_crawl_at: datetime | None  # start of the last crawl, whatever came of it
    last_crawl_state: CrawlState | None
    reason: str | None  # why that crawl was not complete
    last_complete_at: datetime | None
    columns: int | None
    documents: int | None
    new_documents_week: int | None  # documents first seen in the week (信息更新)
    documents_week: int | None  # policy documents published in the week
    interpretations_week: int | None  # interpretations published in the week
    documents_month: int | None = None  # 信息更新数 of the calendar month so far, by the date shown
    policies_month: int | None = None  # 公文更新数
    interpretations_month: int | None = None  # 解读数


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """A site's figures of one week, as stored for trend and change."""

    week: str
    site: str
    scheme: str  # figures of different schemes are not compared
    standing: Standing
    score: float | None
    deduction_score: float | None
    grade: str | None
    rank: int | None
    coverage: float | None
    deducted: float
    open_findings: int
    new_documents: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """One verdict as a scorecard tells it: a deduction, a veto, something to verify, or a deadline that approaches."""

    site: str
    site_name: str
    group: str  # its name
    rule: str
    title: str  # the rule's
    severity: Severity
    points: float  # taken, after caps
    cost: float  # before caps
    worth: float  # the rule's points
    message: str
    subject: str
    column: str | None
    url: str | None
    clauses: tuple[Clause, ...]
    remedy: str
    evidence: tuple[Evidence, ...]
    kept: float | None  # share of its points that a waiver (1) or an explanation leaves the unit
    note: str | None  # why it costs less than its cost, or is not yet held against the unit
    due: datetime | None
    finding: str | None
    state: FindingState | None
    first_found: datetime | None
    rectify_by: date | None


@dataclass(frozen=True, slots=True)
class RuleLine:
    """How one rule went at one site."""

    rule: str
    title: str
    group: str
    points: float
    share: float | None  # percent of its verdicts that are conclusive; None: the rule does not apply
    deducted: float


@dataclass(frozen=True, slots=True)
class Gauge:
    """How far a site is from a veto: used of limit."""

    id: str
    name: str
    used: float | None  # None: could not be judged
    limit: float
    unit: str
    rules: tuple[str, ...]
    pending: int  # further suspected ones
    unknown: int  # further ones that could not be judged
    next_on: date | None  # when the next column goes over its limit, if nothing is published
    next_name: str | None  # that column
    tips_on: date | None  # when the count reaches its limit, if nothing is published


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """What could not be observed, and why."""

    site: str
    site_name: str
    rule: str | None  # None: the site as a whole
    title: str
    reason: str  # key
    text: str
    count: int
    url: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """Against the week before, or the last week of the quarter before."""

    week: str
    score: float | None  # difference of the deduction scores
    rank: int | None  # places gained; negative: lost
    open_findings: int


@dataclass(frozen=True, slots=True)
class FindingFigures:
    """A site's findings as of the scorecard's moment."""

    open: int
    overdue: int
    new_week: int
    mended_week: int
    waived: int
    mean_days_to_mend: float | None  # of all mended ones


@dataclass(frozen=True, slots=True)
class TrendPoint:
    week: str
    peer_group: str
    mean: float | None  # of the graded units
    graded: int


@dataclass(frozen=True, slots=True)
class Fix:
    """What mending one thing gains after the fixes before it, as the scorer itself adds it up."""

    rule: str
    title: str
    places: tuple[str, ...]
    findings: tuple[str, ...]
    count: int  # faults to mend
    gain: float
    score: float  # with this fix and those before it
    grade: str | None  # None: too little could be judged for one
    rank: int | None  # all other units as they are
    lifts_veto: bool
    vetoed: bool  # a veto stands even so
    remedy: str


@dataclass(frozen=True, slots=True)
class SiteCard:
    """One unit's sheet."""

    site: str
    name: str
    unit: str | None
    home: str
    peer_group: str
    standing: Standing
    standing_text: str
    score: float | None  # only where graded
    deduction_score: float | None  # also beside a veto or under the coverage floor; None on stale data
    grade: str | None
    rank: int | None
    ranked: int  # units of its peer group that have a rank
    points_applicable: float
    points_judged: float
    deducted: float
    bonus: float
    coverage: float | None
    fresh_at: datetime | None  # newest crawl that counts as data
    judged_at: datetime | None  # newest verdict
    facts: SiteFacts | None
    findings: FindingFigures
    change: Change | None
    quarter: Change | None  # against the last week of the quarter before
    weeks_below: int  # consecutive weeks below the pass mark, this one included
    rules: tuple[RuleLine, ...]
    vetoes: tuple[Item, ...]
    deductions: tuple[Item, ...]
    pending: tuple[Item, ...]
    due_soon: tuple[Item, ...]
    gauges: tuple[Gauge, ...]
    blind_spots: tuple[BlindSpot, ...]
    fixes: tuple[Fix, ...]
    history: tuple[TrendPoint, ...]  # its own score week by week, this one last


@dataclass(frozen=True, slots=True)
class GradeCount:
    grade: str
    units: int


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """Units that are compared with each other. Means are of the graded ones, without vetoed units."""

    id: str
    name: str
    units: int
    graded: int
    vetoed: int
    ungraded: int
    mean: float | None
    highest: float | None
    lowest: float | None
    mean_change: float | None  # against last week, over the units that are graded in both
    compared: int  # how many those are
    quarter_change: float | None  # against the last week of the quarter before, over the units graded in both
    quarter_compared: int
    grades: tuple[GradeCount, ...]
    ranking: tuple[str, ...]  # site ids, best first; ungraded ones last


@dataclass(frozen=True, slots=True)
class RuleStat:
    """One rule over the whole district; counts are verdicts."""

    rule: str
    title: str
    group: str
    basis: str  # where the duty is written, as users may be told
    veto: bool  # a confirmed fail may fail the whole site
    sites_failed: int
    confirmed: int
    suspected: int
    passed: int
    due_soon: int
    inconclusive: int
    not_applicable: int
    deducted: float


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of the rectification ledger (整改台账)."""

    number: int
    finding: str
    site: str
    unit: str
    problem: str
    basis: str
    place: str
    url: str | None
    first_found: date
    rectify_by: date | None
    state: FindingState
    overdue: bool
    outcome: str
    rule: str
    title: str  # the rule's
    remedy: str
    owner: str | None  # 责任人
    due_on: date | None  # the office's own date, beside rectify_by
    stay: StayKind | None  # by what it rests
    stay_basis: str | None
    stay_from: date | None  # of an explanation: what it speaks for
    stay_to: date | None
    coefficient: float | None
    stay_until: date | None
    mark: str  # changes whenever the finding does: a ledger that is loaded again shows what it was made from


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: float | int | str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the notice with the figures it is built from."""

    text: str
    figures: tuple[Figure, ...]
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    units: int
    graded: int
    vetoed: int
    ungraded: int
    violations: int  # confirmed ones of this week's verdicts, vetoes included
    pending: int
    due_soon: int
    open_findings: int
    overdue_findings: int
    mended_week: int
    new_documents: int | None
    coverage: float | None  # of all units' applicable points


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A district's week."""

    week: str
    first_day: date
    last_day: date
    closed: bool  # the week was over at as_of
    as_of: datetime
    region: str
    basis: tuple[str, ...]  # documents that a notice names as its ground
    issuer: str | None
    scheme: str
    scheme_name: str
    scheme_note: str | None
    coverage_floor: float
    stale_after_days: int
    totals: Totals
    groups: tuple[PeerGroup, ...]
    sentences: tuple[Sentence, ...]
    sites: tuple[SiteCard, ...]
    rules: tuple[RuleStat, ...]
    ledger: tuple[LedgerRow, ...]
    trend: tuple[TrendPoint, ...]
    own: str | None = None  # the unit's name, where the scorecard is one unit's own
