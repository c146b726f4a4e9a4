"""What the operator is told: trouble of ours, apart from what sites are told. Pure.

Any room says what went wrong as an `OperatorNotice`; `operator_messages` makes one message a channel and round of them, and says
each thing once. Sites that could not be read for one reason on one platform, or many at once, are one incident.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from alerts.items import Audience, Untold
from data.catalogue import gloss
from data.records import SHANGHAI, CrawlState
from data.registry import Registry, Site
from data.urls import domain
from data.watch import Watch


class OperatorKind(StrEnum):
    """What went wrong on our side, in the order of a message."""

    UNREAD = "unread"  # our crawl saw nothing of a site
    STALE = "stale"  # what we hold of a site is too old to judge by
    UNDELIVERED = "undelivered"  # a message was given up
    MISSED = "missed-run"  # a run of the schedule did not happen
    FAILED = "failed-run"  # a run of the schedule ended with a fault of ours
    CALENDAR = "calendar"  # the working days of a year are not known


@dataclass(frozen=True, slots=True)
class OperatorNotice:
    """One thing that the operator is to know. Every text may hold what pages or services said: it is written as plain text."""

    kind: OperatorKind
    marks: tuple[str, ...]  # what identifies it: it is said as long as one of them was not said yet
    what: str  # one sentence in Simplified Chinese
    at: datetime  # since when, or when it happened
    details: tuple[str, ...] = ()  # a line each
    remedy: str = ""  # what to do about it


def unsaid(notices: Iterable[OperatorNotice], said: Collection[str]) -> tuple[OperatorNotice, ...]:
    """The notices that hold something new, in the order of their kinds."""
    kinds = tuple(OperatorKind)
    fresh = [notice for notice in notices if any(mark not in said for mark in notice.marks)]
    return tuple(sorted(fresh, key=lambda notice: (kinds.index(notice.kind), notice.at, notice.marks)))


def untold(registry: Registry, notices: Sequence[OperatorNotice]) -> tuple[Untold, ...]:
    """What no operator can be told, where the registry names none with a channel."""
    reachable = any(contact.channels for contact in registry.operators)
    return () if reachable or not notices else (Untold(Audience.OPERATOR, None, len(notices)),)


def from_watches(registry: Registry, watches: Mapping[str, Watch], now: datetime) -> tuple[OperatorNotice, ...]:
    """What the crawls say: sites not read, sites whose data are too old. A site that was never crawled is not in trouble yet."""
    unread, stale = [], []
    for site in registry.sites:
        watch = watches.get(site.id)
        if watch is None:
            continue
        if watch.failing_since is not None:
            unread.append((site, watch))
        if now - (watch.last_read_at or watch.first_at) > timedelta(days=registry.notices.fresh_days):
            stale.append((site, watch))
    return (*_incidents(registry, unread), *_stale(stale, registry.notices.fresh_days))


_Watched = tuple[Site, Watch]


def _incidents(registry: Registry, unread: Sequence[_Watched]) -> list[OperatorNotice]:
    """One notice for what looks like one cause: a reason that strikes many sites, a reason on one platform, else one site."""
    by_reason: dict[str, list[_Watched]] = {}
    for site, watch in unread:
        by_reason.setdefault(watch.reason or CrawlState.BLOCKED, []).append((site, watch))
    incidents = []
    for reason, struck in by_reason.items():
        if len(struck) >= registry.notices.incident_sites:
            incidents.append(_incident(registry, reason, struck))
            continue
        by_platform: dict[str, list[_Watched]] = {}
        for site, watch in struck:
            by_platform.setdefault(domain(site.home), []).append((site, watch))
        incidents += [_incident(registry, reason, together) for together in by_platform.values()]
    return incidents


def _incident(registry: Registry, reason: str, struck: Sequence[_Watched]) -> OperatorNotice:
    since = min(watch.failing_since for _, watch in struck if watch.failing_since is not None)
    why = gloss(reason).rstrip("。")
    platforms = sorted({domain(site.home) for site, _ in struck})
    if len(struck) == 1:
        what = f"“{struck[0][0].name}”未能读取：{why}。"
    elif len(platforms) == 1:
        what = f"同一平台（{platforms[0]}）的{len(struck)}个站点同时未能读取：{why}，疑似同一原因。"
    else:
        what = f"{len(struck)}个站点因同一原因未能读取：{why}，疑似同一原因。"
    ours = len(struck) >= registry.notices.incident_sites and len(struck) * 2 >= len(registry.sites)
    remedy = (
        "半数以上站点同时读不到，请先检查本机网络、域名解析和出口地址。"
        if ours
        else "请用浏览器打开核对；如对方有访问限制，请与其管理员联系。"
    )
    details = tuple(f"{site.name}（{site.id}）：{_since(watch)}起未读到" for site, watch in struck)
    return OperatorNotice(
        OperatorKind.UNREAD,
        tuple(f"unread:{site.id}:{watch.failing_since.isoformat() if watch.failing_since else ''}" for site, watch in struck),
        what,
        since,
        details if len(struck) > 1 else (),
        f"{remedy}在此期间这些站点不作判定、不催办。",
    )


def _since(watch: Watch) -> str:
    since = (watch.failing_since or watch.first_at).astimezone(SHANGHAI)
    return f"{since.month}月{since.day}日{since:%H:%M}"


def _stale(stale: Sequence[_Watched], days: int) -> list[OperatorNotice]:
    if not stale:
        return []
    at = min(watch.last_read_at or watch.first_at for _, watch in stale)
    details = []
    for site, watch in stale:
        last = watch.last_read_at.astimezone(SHANGHAI) if watch.last_read_at else None
        read = f"最近一次读到在{last.year}年{last.month}月{last.day}日" if last else "尚未读到过"
        details.append(f"{site.name}（{site.id}）：{read}")
    return [
        OperatorNotice(
            OperatorKind.STALE,
            tuple(f"stale:{site.id}:{(watch.last_read_at or watch.first_at).isoformat()}" for site, watch in stale),
            f"{len(stale)}个站点的数据已超过{days}天未更新，这些站点的提醒和催办已暂停。",
            at,
            tuple(details),
            "请检查采集任务是否按时运行，再运行 gongkai run。",
        )
    ]
