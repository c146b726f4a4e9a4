"""The tables that every form prints: one place for their columns, so that .xlsx, .docx and .html agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data.days import zh_day
from data.records import Clause, StayKind
from scorecards.model import BlindSpot, Gauge, Item, LedgerRow, RuleStat, Scorecard, SiteCard
from scorecards.wording import (
    PEER_GROUPS,
    SEVERITY,
    STANDINGS,
    STATES,
    count,
    day,
    minute,
    percent,
    points,
    score,
    signed_score,
    week_zh,
)

Cell = str | float | int | None
_EVIDENCE = 2  # pieces of evidence written out in a cell
_PEERS = {profile.value: name for profile, name in PEER_GROUPS.items()}


@dataclass(frozen=True, slots=True)
class Table:
    """A title, column heads with their widths in characters, and rows of text or numbers."""

    title: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(head for head, _ in self.columns)


def report_title(card: Scorecard) -> str:
    return f"{card.own or card.region}政务公开监测周报（{week_zh(card.week)}）"


def report_note(card: Scorecard) -> str:
    """What the figures rest on, in one line."""
    state = "" if card.closed else "（本周尚未结束，为阶段性结果）"
    return (
        f"监测周期 {zh_day(card.first_day)}至{zh_day(card.last_day)}{state}；统计截至 {minute(card.as_of)}；评分方案：{card.scheme_name}；"
        f"得分=（可评分值−扣分）÷可评分值×100；仅已确认问题扣分，覆盖率低于 {card.coverage_floor:g}% 或数据超过 {card.stale_after_days} 天的不评级。"
        f"{card.scheme_note + '。' if card.scheme_note else ''}"
    )


def ranked(card: Scorecard) -> tuple[SiteCard, ...]:
    """All units, peer group by peer group, best first."""
    sites = {site.site: site for site in card.sites}
    return tuple(sites[site] for group in card.groups for site in group.ranking)


def grade_text(site: SiteCard) -> str:
    return site.grade if site.grade is not None else "未评级"


def gauge_text(gauge: Gauge) -> str:
    """4/5, with what is suspected; 未能判定 where nothing is known."""
    used = "未能判定" if gauge.used is None else f"{points(gauge.used)}/{points(gauge.limit)}"
    unit = gauge.unit if gauge.unit == "%" and gauge.used is not None else ""
    return f"{used}{unit}（另有疑似 {gauge.pending}）" if gauge.pending else f"{used}{unit}"


def gauge_next(gauge: Gauge) -> str:
    """Which column goes over next and when, and when the veto is reached, if nothing is published."""
    if gauge.next_on is None:
        return ""
    text = f"如不更新，“{gauge.next_name}”将于 {day(gauge.next_on)} 超期"
    return f"{text}，{day(gauge.tips_on)} 达到否决线" if gauge.tips_on is not None else text


def basis_text(clauses: Iterable[Clause]) -> str:
    return "；".join(f"{clause.source}{clause.clause}：“{clause.quote}”" for clause in clauses)


def outcome_text(item: Item) -> str:
    """整改情况 of a deduction: the state of its finding, its date to mend, and what else is to be known."""
    state = "" if item.state is None else STATES[item.state]
    until = f"限 {day(item.rectify_by)} 前" if item.rectify_by is not None else ""
    return "；".join(part for part in (state, until, item.note or "") if part)


def place_text(title: str, url: str | None) -> str:
    return f"{title}（{url}）" if url else title


def ranking(card: Scorecard) -> Table:
    """附件: every unit with its score; a blank score is explained in the last column."""
    columns = (
        ("组别", 12),
        ("排名", 6),
        ("单位", 24),
        ("等级", 10),
        ("得分", 8),
        ("扣分", 8),
        ("覆盖率", 9),
        ("较上周", 8),
        ("较上季末", 8),
        ("说明", 40),
    )
    rows = tuple(
        (
            _PEERS[site.peer_group],
            "—" if site.rank is None else site.rank,
            site.name,
            grade_text(site),
            score(site.score),
            points(site.deducted) if site.deduction_score is not None else "—",
            percent(site.coverage),
            signed_score(site.change.score if site.change else None),
            signed_score(site.quarter.score if site.quarter else None),
            remark(site),
        )
        for site in ranked(card)
    )
    return Table("得分排名", columns, rows)


def remark(site: SiteCard) -> str:
    """Why a unit has no score, or what failed it."""
    if site.vetoes:
        beside = "" if site.deduction_score is None else f"（扣分得分 {score(site.deduction_score)}，仅供参考）"
        names = "、".join(dict.fromkeys(item.title for item in site.vetoes))
        return f"{STANDINGS[site.standing]}：{names}{beside}"
    return "" if site.grade is not None else site.standing_text


def deductions(card: Scorecard) -> Table:
    columns = (
        ("单位", 18), ("站点编号", 12), ("类别", 9), ("测评指标", 18), ("指标分值", 7), ("扣分", 6), ("失分原因", 36), ("整改情况", 18), ("位置", 22),
        ("网页地址", 24), ("依据", 32), ("整改建议", 24), ("编号", 9), ("首次发现", 11), ("证据", 34),
    )  # fmt: skip
    rows = tuple(
        (
            site.name, site.site, item.group, item.title, _short(item.worth), item.points, item.message, outcome_text(item), item.subject,
            item.url or "", basis_text(item.clauses), item.remedy, item.finding or "", day(item.first_found), evidence_text(item),
        )
        for site in ranked(card)
        for item in site.deductions
    )  # fmt: skip
    return Table("扣分明细", columns, rows)


def _short(value: float) -> float:
    return round(value, 2)


def evidence_text(item: Item) -> str:
    """Where and when it was seen, and the first of the hash that `gongkai evidence verify` proves."""
    shown = [
        f"{minute(one.observed_at)} {one.url}{f'（SHA-256 {one.sha256[:16]}…）' if one.sha256 else ''}" for one in item.evidence[:_EVIDENCE]
    ]
    return "；".join(shown) + (f"；等 {len(item.evidence)} 条" if len(item.evidence) > _EVIDENCE else "")


def fixes(card: Scorecard) -> Table:
    """整改建议: what gains most, in turn."""
    columns = (
        ("单位", 20), ("次序", 6), ("测评指标", 24), ("须整改数", 8), ("位置", 40), ("提升分值", 8), ("整改后得分", 9), ("整改后等级", 10),
        ("整改后排名", 9), ("解除否决", 8), ("整改建议", 44),
    )  # fmt: skip
    rows = tuple(
        (
            site.name, number, fix.title, fix.count, "；".join(fix.places) + ("等" if fix.count > len(fix.places) else ""), fix.gain, fix.score,
            fix.grade or "未评级", "—" if fix.rank is None else fix.rank, "是" if fix.lifts_veto else "", fix.remedy,
        )
        for site in ranked(card)
        for number, fix in enumerate(site.fixes, 1)
    )  # fmt: skip
    return Table("整改建议", columns, rows)


def ledger(rows: Iterable[LedgerRow]) -> Table:
    columns = (
        ("序号", 6), ("单位", 18), ("问题", 44), ("依据", 26), ("位置", 34), ("发现时间", 11), ("整改期限", 11), ("状态", 13),
        ("整改情况", 22), ("编号", 9),
    )  # fmt: skip
    return Table("整改台账", columns, tuple(ledger_cells(row) for row in rows))


def ledger_cells(row: LedgerRow) -> tuple[Cell, ...]:
    return (
        row.number, row.unit, row.problem, row.basis, place_text(row.place, row.url), day(row.first_found), day(row.rectify_by),
        state_text(row) + ("（逾期）" if row.overdue else ""), row.outcome, row.finding,
    )  # fmt: skip


def state_text(row: LedgerRow) -> str:
    """The state, and what an explanation earns."""
    share = f"，保留 {row.coefficient:.0%} 分值" if row.coefficient is not None and row.stay is StayKind.EXPLANATION else ""
    return STATES[row.state] + share


def open_points(card: Scorecard) -> Table:
    """What is not held against a unit: to be verified, due soon, not observed."""
    columns = (
        ("类型", 9), ("单位", 18), ("测评指标", 18), ("情况", 44), ("位置", 24), ("网页地址", 26), ("说明", 22), ("条数", 6), ("依据", 32),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for site in ranked(card):
        rows += [_open_row("待核实", item, item.note or "") for item in site.pending]
        rows += [_open_row("临近期限", item, f"期限 {minute(item.due)}") for item in site.due_soon]
        rows += [_blind_row(spot) for spot in site.blind_spots]
    return Table("待核实与未能观测", columns, tuple(rows))


def _open_row(kind: str, item: Item, note: str) -> tuple[Cell, ...]:
    return (kind, item.site_name, item.title, item.message, item.subject, item.url or "", note, 1, basis_text(item.clauses))


def _blind_row(spot: BlindSpot) -> tuple[Cell, ...]:
    return ("未能观测", spot.site_name, spot.title, spot.text, "", spot.url or "", f"原因代码 {spot.reason}", spot.count, "")


def rule_stats(rules: Iterable[RuleStat]) -> Table:
    columns = (
        ("类别", 12), ("测评指标", 30), ("规则编号", 34), ("涉及单位", 10), ("确认问题", 10), ("待核实", 10), ("临近期限", 10), ("未能观测", 10),
        ("合规", 8), ("不适用", 8), ("扣分合计", 10),
    )  # fmt: skip
    rows = tuple(
        (
            rule.group, rule.title, rule.rule, rule.sites_failed, rule.confirmed, rule.suspected, rule.due_soon, rule.inconclusive,
            rule.passed, rule.not_applicable, rule.deducted,
        )
        for rule in rules
    )  # fmt: skip
    return Table("规则统计", columns, rows)


def weekly(site: SiteCard) -> tuple[str, str, str]:
    """信息更新, 文件更新 and 解读发布 of the week."""
    facts = site.facts
    if facts is None:
        return ("—", "—", "—")
    return (count(facts.new_documents_week), count(facts.documents_week), count(facts.interpretations_week))


def monthly(site: SiteCard) -> tuple[str, str, str]:
    """信息更新数, 公文更新数 and 解读数 of the calendar month so far."""
    facts = site.facts
    if facts is None:
        return ("—", "—", "—")
    return (count(facts.documents_month), count(facts.policies_month), count(facts.interpretations_month))


def severity_text(item: Item) -> str:
    return SEVERITY[item.severity]
