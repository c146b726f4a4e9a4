"""Rules on carrying upper-level items (转载)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checks.clocks import Window, hours_between, window, zh_moment
from checks.copies import Copies, Copy
from checks.genres import is_routine
from checks.observing import Held, Reading, held, is_complete, latest_crawl, too_old, walk_evidence
from checks.registry import Outcome, check
from checks.scope import UPPER_COLUMNS
from checks.shelves import Shelves, shelves
from checks.subjects import site_subject, upstream_subject
from checks.tree import current_columns, lives_on_parent
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Column, ColumnKind, Confidence, Evidence, Measure, Precision, Status, Subject, Upstream, UpstreamItem
from data.text import bare
from data.urls import host_of
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class _Span:
    """The hours between the upper publication and the repost, as far as stamps tell."""

    least: float
    most: float


@check("repost-upper-72h")
def repost_upper_72h(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """利通区实施方案 三(二): key policies of upper governments carried within 72 hours, through weekends and holidays."""
    return _carrying(view, rule, view.upstreams)


@check("repost-state-council-24h")
def repost_state_council_24h(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办发〔2017〕47号 信息转载: what the State Council publishes carried within 24 hours; a block fed by www.gov.cn itself serves."""
    subject = site_subject(view)
    state = tuple(upstream for upstream in view.upstreams if _is_state_council(upstream, rule))
    if not state:
        return (Outcome(Status.NOT_APPLICABLE, "no-state-council", subject),)
    fed = next((url for url in (view.homes[-1].resources if view.homes else ()) if host_of(url) in rule.params["hosts"]), None)
    if fed is not None:
        home = view.homes[-1]
        evidence = Evidence(home.url, home.observed_at, home.sha256, f"首页嵌入国务院信息：{fed}")
        return (Outcome(Status.PASS, "fed-by-gov-cn", subject, evidence=(evidence,)),)
    return _carrying(view, rule, state)


def _is_state_council(upstream: Upstream, rule: Rule) -> bool:
    """Whether an upper site is the State Council's, by its items' host or else by its name."""
    return any(host_of(item.url) in rule.params["hosts"] for item in upstream.items) or bare(upstream.name) in rule.params["names"]


def _carrying(view: SiteView, rule: Rule, upstreams: Iterable[Upstream]) -> Iterable[Outcome]:
    copies, places, hosted = Copies(view, rule), shelves(view, rule), lives_on_parent(view)
    since = civil(view.as_of) - timedelta(days=rule.params["lookback_days"])
    for upstream in upstreams:
        if not upstream.observed:
            yield Outcome(
                Status.INCONCLUSIVE,
                "upstream-unobserved",
                site_subject(view),
                {"upper": upstream.name},
            )
            continue
        for item in upstream.items:
            if civil(item.published_at or item.first_seen) >= since and (item.published_at is None or item.published_at <= view.as_of):
                found = _judge(view, rule, copies, places, item, upstream.name)
                if hosted and found.status not in (Status.PASS, Status.NOT_APPLICABLE):
                    # The portal's administrator answers for the portal's reposts, not the unit that has only columns there.
                    found = Outcome(Status.NOT_APPLICABLE, "hosted-by-parent", found.subject, found.facts)
                yield found


def _judge(view: SiteView, rule: Rule, copies: Copies, places: Shelves, item: UpstreamItem, upper: str) -> Outcome:
    subject = upstream_subject(item)
    facts: dict[str, object] = {"upper": upper}
    if is_routine(item.title):
        return Outcome(Status.NOT_APPLICABLE, "not-overall", subject, facts)
    source = Evidence(item.url, item.first_seen, item.sha256, f"上级发布页，{_when(item)}")
    certain, near = copies.of(item)
    if certain:
        return _carried(rule, subject, item, certain, source, facts)
    if near is not None:
        facts |= {"near": near.title}
        return Outcome(Status.INCONCLUSIVE, "match-uncertain", subject, facts, (source, _copy_evidence(near)))
    if item.published_at is None:
        return Outcome(Status.INCONCLUSIVE, "upstream-time-unknown", subject, facts, (source,))
    facts |= {"upstream": zh_moment(item.published_at, item.published_precision)}
    return _missing(view, rule, places, subject, item, source, facts)


def _when(item: UpstreamItem) -> str:
    return f"发布时间为{zh_moment(item.published_at, item.published_precision)}" if item.published_at else "未见发布时间"


def _upper_window(item: UpstreamItem) -> Window:
    assert item.published_at is not None
    shown = window(item.published_at, item.published_precision)
    return Window(shown.earliest, max(min(shown.latest, item.first_seen), shown.earliest))


# --- carried ----------------------------------------------------------------------------------


def _carried(rule: Rule, subject: Subject, item: UpstreamItem, certain: list[Copy], source: Evidence, facts: dict[str, object]) -> Outcome:
    """Judge the lapse to the earliest repost."""
    assert rule.threshold is not None
    if item.published_at is None:
        return Outcome(Status.INCONCLUSIVE, "upstream-time-unknown", subject, facts, (source, _copy_evidence(certain[0])))
    limit, upper = float(rule.threshold.value), _upper_window(item)
    spans = [
        (_Span(hours_between(upper.latest, copy.window().earliest), hours_between(upper.earliest, copy.window().latest)), copy)
        for copy in certain
    ]
    span, copy = min(spans, key=lambda pair: (pair[0].most, pair[0].least))
    soonest = min(pair[0].least for pair in spans)
    facts |= {
        "upstream": zh_moment(item.published_at, item.published_precision),
        "reposted": zh_moment(copy.published_at, copy.precision) if copy.published_at else f"{zh_day(copy.first_seen)}前",
        "copy": copy.title,
    }
    found = Outcome(Status.PASS, "in-time", subject, facts, (source, _copy_evidence(copy)), due=_due(item, limit))
    if span.most <= limit:
        return replace_measure(found, max(span.most, 0))
    if soonest < limit or (soonest == limit and span.least == span.most):
        return Outcome(Status.INCONCLUSIVE, "stamps-too-coarse", subject, facts, found.evidence, due=found.due)
    late = Outcome(Status.FAIL, "late", subject, facts, found.evidence, due=found.due)
    return replace_measure(late, _days_apart(item, copy) or span.least)


def replace_measure(outcome: Outcome, hours: float) -> Outcome:
    """The same outcome with its hours, to a hundredth (36 seconds)."""
    value = float(round(hours, 2))
    measured = Measure(int(value) if value.is_integer() else value, "hour")
    return Outcome(
        outcome.status,
        outcome.reason,
        outcome.subject,
        outcome.facts,
        outcome.evidence,
        measured,
        outcome.due,
        outcome.severity,
        outcome.confidence,
    )


def _days_apart(item: UpstreamItem, copy: Copy) -> float | None:
    """Hours of the whole days between two dates, where one of them bears no clock time."""
    if item.published_at is None or copy.published_at is None or Precision.DAY not in (item.published_precision, copy.precision):
        return None
    return 24.0 * (civil(copy.published_at) - civil(item.published_at)).days


def _due(item: UpstreamItem, limit: float) -> datetime:
    assert item.published_at is not None
    shown = window(item.published_at, item.published_precision)
    due = shown.latest + timedelta(hours=limit)
    return due - timedelta(seconds=1) if shown.latest != shown.earliest else due


def _copy_evidence(copy: Copy) -> Evidence:
    when = f"，时间为{zh_moment(copy.published_at, copy.precision)}" if copy.published_at else ""
    return Evidence(
        copy.url, copy.observed_at, copy.sha256, f"本站页面“{copy.title}”{when}，首次见到于{zh_moment(copy.first_seen, Precision.MINUTE)}"
    )


# --- not carried ------------------------------------------------------------------------------


def _missing(
    view: SiteView, rule: Rule, places: Shelves, subject: Subject, item: UpstreamItem, source: Evidence, facts: dict[str, object]
) -> Outcome:
    """No repost found: still in time, unprovable, or missing."""
    assert rule.threshold is not None
    assert item.published_at is not None
    limit = float(rule.threshold.value)
    surely = _upper_window(item).latest + timedelta(hours=limit)
    due = _due(item, limit)
    if view.as_of <= surely:
        return Outcome(Status.DUE_SOON, "awaited", subject, facts, (source,), due=due)
    crawl = latest_crawl(view)
    if any(_leads_to(column, item) for column in current_columns(view)):
        return Outcome(Status.INCONCLUSIVE, "link-out", subject, facts, (source,))
    if crawl is None or not places.whole(crawl):
        reason = (places.blocking(crawl) if crawl else None) or "crawl-incomplete"
        return Outcome(Status.INCONCLUSIVE, reason, subject, facts, (source,))
    run = _looked_for(view, rule, places, surely, civil(item.published_at))
    if run is None:
        return Outcome(Status.INCONCLUSIVE, "not-observed-since", subject, facts, (source,))
    if too_old(run.readings[-1].at, view, rule):
        return Outcome(Status.INCONCLUSIVE, "observation-too-old", subject, facts, (source,))
    facts |= {"seen": zh_day(run.readings[-1].at)}
    missing = Outcome(Status.FAIL, "missing", subject, facts, (source, *run.evidence), due=due, confidence=run.confidence)
    return replace_measure(missing, hours_between(_upper_window(item).latest, view.as_of))


def _leads_to(column: Column, item: UpstreamItem) -> bool:
    """Whether a column of upper documents is the upper site's own list: 国务院信息 that opens www.gov.cn. A link carries; whether this one does is asked of a person."""
    return column.kind is ColumnKind.LINK_OUT and column.canonical in UPPER_COLUMNS and host_of(column.url) == host_of(item.url)


def _looked_for(view: SiteView, rule: Rule, places: Shelves, after: datetime, since: date) -> Held | None:
    """The crawls after a moment that read every place of a repost; confirmed only by those that read the news lists back to `since` too."""
    looks = [
        (crawl, Reading(crawl.started_at, True, _walks_of(places, crawl.id)))
        for crawl in view.crawls
        if crawl.started_at > after and places.whole(crawl)
    ]
    run = held((reading for _, reading in looks), rule)
    if run is None:
        return None
    sure = held((reading for crawl, reading in looks if places.news_read(crawl, since)), rule)
    if sure is not None and sure.readings[-1] == run.readings[-1]:
        return Held(run.readings, sure.confidence)
    return Held(run.readings, Confidence.SUSPECTED)


def _walks_of(places: Shelves, crawl_id: int) -> tuple[Evidence, ...]:
    """The walks of one crawl, those of the columns where a repost belongs first."""
    rank = {"sjwj": 0, "zcwj": 1, "tzgg": 2}
    found = [
        (rank.get(column.canonical or "", 3), column.url, walk)
        for column in (*places.required, *places.news)
        for walk in column.walks
        if walk.crawl_id == crawl_id and is_complete(walk)
    ]
    return tuple(walk_evidence(walk) for _, _, walk in sorted(found, key=lambda entry: entry[:2])[:3])
