"""Tables with the very columns that offices print: ledgers, lists and check tables as they are published by governments.

Where a workbook holds several units, the unit stands behind the printed columns, so that those stay as they are.
"""

from __future__ import annotations

from data.records import FindingState
from scorecards.model import RuleLine, RuleStat, Scorecard, SiteCard
from scorecards.tables import Cell, Table, basis_text, outcome_text, place_text, ranked, remark, state_text
from scorecards.wording import day, points

_UNIT = ("单位", 20)


def official_tables(card: Scorecard) -> tuple[Table, ...]:
    """All of them, in the order of their sheets."""
    return (duties(card), issues(card), tasks(card), vetoes(card), prominent(card), counts(card))


def _with_unit(card: Scorecard, columns: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    return columns if card.own else (*columns, _UNIT)


def _and_unit(card: Scorecard, cells: tuple[Cell, ...], name: str) -> tuple[Cell, ...]:
    return cells if card.own else (*cells, name)


def duties(card: Scorecard) -> Table:
    """公开事项台账, columns as a township prints its quarterly ledger; a whole district lists what lost points, a unit everything."""
    columns = (
        ("序号", 6), ("一级事项（编码）", 18), ("二级事项（编码）", 26), ("公开事项", 24), ("权重", 7), ("得分", 7), ("扣分说明", 44), ("整改情况", 24),
    )  # fmt: skip
    kept = [(site, line) for site in ranked(card) for line in site.rules if line.share is not None and (card.own or line.deducted)]
    rows = tuple(_and_unit(card, _duty(number, site, line), site.name) for number, (site, line) in enumerate(kept, 1))
    return Table("公开事项台账", _with_unit(card, columns), rows)


def _duty(number: int, site: SiteCard, line: RuleLine) -> tuple[Cell, ...]:
    mine = [item for item in site.deductions if item.rule == line.rule]
    said = "；".join(
        dict.fromkeys(f"{item.message}（扣 {points(item.points)} 分{f'，{item.note}' if item.note else ''}）" for item in mine[:5])
    )
    rest = f"；其余 {len(mine) - 5} 处见扣分明细" if len(mine) > 5 else ""
    if not line.share:
        said = "未能判定，不计分"
    earned: Cell = round(line.points - line.deducted, 2) if line.share else "—"
    mended = "；".join(dict.fromkeys(outcome_text(item) for item in mine[:5] if outcome_text(item)))
    return (number, line.group, f"{line.title}（{line.rule}）", line.title, round(line.points, 2), earned, said + rest, mended)


def issues(card: Scorecard) -> Table:
    """问题清单: 一级指标 / 二级指标 / 评价标准 / 问题明细 / 整改结果."""
    columns = (("一级指标", 14), ("二级指标", 24), ("评价标准", 44), ("问题明细", 50), ("整改结果", 26))
    rows = tuple(
        _and_unit(
            card,
            (item.group, item.title, basis_text(item.clauses), f"{item.message} {place_text(item.subject, item.url)}", outcome_text(item)),
            site.name,
        )
        for site in ranked(card)
        for item in site.deductions
    )
    return Table("问题清单", _with_unit(card, columns), rows)


def tasks(card: Scorecard) -> Table:
    """任务台账: 序号 / 重点任务 / 主要问题 / 完成时限及要求 / 责任单位."""
    columns = (("序号", 6), ("重点任务", 26), ("主要问题", 50), ("完成时限及要求", 50), ("责任单位", 22))
    owed = [row for row in card.ledger if row.state is not FindingState.RESOLVED]
    rows = tuple(
        (
            number, row.title, row.problem, f"{day(row.due_on or row.rectify_by)} 前完成；{row.remedy}",
            row.unit + (f"（{row.owner}）" if row.owner else "") + ("" if row.stay is None else f"（{state_text(row)}）"),
        )
        for number, row in enumerate(owed, 1)
    )  # fmt: skip
    return Table("任务台账", columns, rows)


def vetoes(card: Scorecard) -> Table:
    """单项否决检查表: 检查对象 / 指标 / 评分细则 / 检查情况."""
    stats = {stat.rule: stat for stat in card.rules if stat.veto}
    columns = (("检查对象", 22), ("指标", 26), ("评分细则", 60), ("检查情况", 60))
    rows = tuple(
        (site.name, line.title, stats[line.rule].basis, _checked(site, line, stats[line.rule]))
        for site in ranked(card)
        for line in site.rules
        if line.rule in stats
    )
    return Table("单项否决检查表", columns, rows)


def _checked(site: SiteCard, line: RuleLine, stat: RuleStat) -> str:
    found = [item.message for item in site.vetoes if item.rule == stat.rule]
    if found:
        return "；".join(found)
    if line.share is None:
        return "不适用"
    gauges = [gauge for gauge in site.gauges if gauge.used is not None and stat.rule in gauge.rules]
    if not line.share:
        return "未能判定"
    known = "；".join(f"{gauge.name} {points(gauge.used or 0.0)}/{points(gauge.limit)}" for gauge in gauges)
    partly = "" if line.share == 100 else f"（另有部分未能判定，已判定 {line.share:.1f}%）"
    return f"未发现{f'（{known}）' if known else ''}{partly}"


def prominent(card: Scorecard) -> Table:
    """突出问题名单: 序号 / 单位 / 网站名称 / 突出问题."""
    columns = (("序号", 6), ("单位", 24), ("网站名称", 24), ("突出问题", 70))
    named = [site for site in ranked(card) if site.vetoes]
    rows = tuple((number, site.unit or site.name, site.name, remark(site)) for number, site in enumerate(named, 1))
    return Table("突出问题名单", columns, rows)


def counts(card: Scorecard) -> Table:
    """信息数统计, of the calendar month so far; a blank is a unit that could not be observed."""
    columns = (("单位", 26), ("信息数", 9), ("公文数", 9), ("解读数", 9), ("本周信息数", 11), ("本周公文数", 11), ("本周解读数", 11))
    rows = tuple(
        (
            site.name, site.facts.documents_month, site.facts.policies_month, site.facts.interpretations_month,
            site.facts.new_documents_week, site.facts.documents_week, site.facts.interpretations_week,
        )
        for site in ranked(card)
        if site.facts is not None
    )  # fmt: skip
    return Table("信息数统计", columns, rows)
