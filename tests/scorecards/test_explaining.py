"""What a card says beyond the score: what-if, veto headroom, the quarter, a unit's own sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data.records import FindingState, Status, StayEnd, StayKind, Verdict
from scorecards.history import quarter_before
from scorecards.model import Scorecard, SiteCard, Standing, WeekFigures
from scorecards.official import official_tables
from scorecards.report import write_units
from scorecards.tables import gauge_next
from scorecards.unit import unit_card
from scorecards.week import Week
from scorecards.wire import scorecard_json
from tests.scorecards.cases import SCHEME, GoldenWeek, golden_week, moment

GOLDEN = golden_week()
CARD = GOLDEN.build()
SITES = {site.site: site for site in CARD.sites}


def told(site: SiteCard) -> list[tuple[object, ...]]:
    return [(fix.rule, fix.count, fix.gain, fix.score, fix.grade, fix.rank, fix.lifts_veto) for fix in site.fixes]


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        # 59 of 100. The missing entry costs 10 for one fault; then 5 each for three out of sync, 4 each for four empty
        (
            "town-4",
            [
                ("disclosure-column-on-home", 1, 10.0, 69.0, "合格", 1, False),
                ("interpretation-in-sync", 3, 15.0, 84.0, "良好", 1, False),
                ("empty-columns", 4, 16.0, 100.0, "优秀", 1, False),
            ],
        ),
        # 5 of 5 empty columns: one filled lifts the veto (80 + 4 = 84, before town-4's 59), then the other four
        (
            "town-1",
            [
                ("empty-columns", 1, 4.0, 84.0, "良好", 1, True),
                ("empty-columns", 4, 16.0, 100.0, "优秀", 1, False),
            ],
        ),
        # 58.5 of 80: 5 for the document out of sync is 6.25 % for one fault; the waived one gains nothing. News is capped at 15 of 18:
        # one column alone gains 3, all three 15, which is 6.2 % each; then 63.5 + 15 = 78.5 of 80, and 0.5 for a document's fields
        (
            "portal",
            [
                ("interpretation-in-sync", 1, 6.3, 79.4, "合格", 1, False),
                ("news-columns-2-weeks", 3, 18.7, 98.1, "优秀", 1, False),
                ("document-info-fields", 1, 0.7, 98.8, "优秀", 1, False),
            ],
        ),
        ("dept-a", []),
        ("dept-d", []),
        ("town-2", []),
    ],
)
def test_the_fixes_that_gain_most(site: str, expected: list[tuple[object, ...]]) -> None:
    assert told(SITES[site]) == expected


def test_a_fix_gains_what_the_week_scores_once_it_is_done() -> None:
    """The first fix of a vetoed unit, carried out in the verdicts: score, grade and rank are what was promised."""
    promised = SITES["town-1"].fixes[0]
    done = next(verdict for verdict in GOLDEN.verdicts if (verdict.site, verdict.rule) == ("town-1", "empty-columns"))
    mended = replace(done, status=Status.PASS)
    again = replace(GOLDEN, verdicts=tuple(mended if verdict is done else verdict for verdict in GOLDEN.verdicts)).build()
    town = next(site for site in again.sites if site.site == "town-1")
    assert (town.standing, town.score, town.grade, town.rank) == (Standing.GRADED, promised.score, promised.grade, promised.rank)


def with_due(days: list[int], failing: int) -> Scorecard:
    """dept-a with columns that stay in time for so many days more, and some that are stale."""
    stale = [one for one in GOLDEN.verdicts if (one.site, one.rule) == ("portal", "news-columns-2-weeks") and one.subject.kind != "site"]
    sample: Verdict = stale[0]
    columns = [
        replace(
            sample, site="dept-a", status=Status.FAIL if number < failing else Status.PASS,
            due=None if number < failing else GOLDEN.as_of + timedelta(days=([0] * failing + days)[number]),
            subject=replace(sample.subject, url=f"http://dept-a.example/{number}/", title=f"栏目{number}"),
        )
        for number in range(failing + len(days))
    ]  # fmt: skip
    others = [one for one in GOLDEN.verdicts if (one.site, one.rule) != ("dept-a", "news-columns-2-weeks")]
    return replace(GOLDEN, verdicts=(*others, *columns)).build()


@pytest.mark.parametrize(
    ("days", "failing", "next_on", "tips_on"),
    [
        ([3, 9], 4, date(2026, 11, 27), date(2026, 11, 27)),  # in time through the 26th: stale from the 27th, and the fifth
        ([3, 9], 3, date(2026, 11, 27), date(2026, 12, 3)),  # the second of them is the fifth
        ([3, 9], 2, date(2026, 11, 27), None),  # even with both there are four
        ([], 4, None, None),
    ],
)
def test_the_day_on_which_the_next_column_tips_over(days: list[int], failing: int, next_on: date | None, tips_on: date | None) -> None:
    site = next(site for site in with_due(days, failing).sites if site.site == "dept-a")
    gauge = next(gauge for gauge in site.gauges if gauge.id == "stale-columns")
    assert (gauge.used, gauge.next_on, gauge.tips_on) == (failing, next_on, tips_on)
    assert ("达到否决线" in gauge_next(gauge)) is (tips_on is not None)


def figures(week: str, score: float) -> WeekFigures:
    return WeekFigures(week, "dept-a", SCHEME.key, Standing.GRADED, score, score, "良好", 2, 100.0, 0.0, 1, 3)


def test_the_quarter_before_is_its_last_kept_week() -> None:
    past = {week: figures(week, 80.0) for week in ("2026-W26", "2026-W38", "2026-W39", "2026-W40", "2026-W46")}
    # week 39 ends on 27 September, week 40 on 4 October: it is of the fourth quarter
    before = quarter_before(past, Week.parse("2026-W47"))
    assert before is not None
    assert before.week == "2026-W39"
    assert quarter_before({"2025-W52": figures("2025-W52", 1.0)}, Week.parse("2026-W03")) is not None
    assert quarter_before({"2026-W46": figures("2026-W46", 1.0)}, Week.parse("2026-W47")) is None


def test_the_change_since_the_quarter_before_stands_on_the_card_and_in_a_sentence() -> None:
    card = replace(GOLDEN, history=(*GOLDEN.history, figures("2026-W39", 75.0))).build()
    site = next(site for site in card.sites if site.site == "dept-a")
    assert site.quarter is not None
    assert (site.quarter.week, site.quarter.score, site.quarter.rank) == ("2026-W39", 25.0, 1)
    assert any("较上季末提升 25.0 分（按均有得分的 1 家比较）" in sentence.text for sentence in card.sentences)


def explained() -> GoldenWeek:
    """The golden week with the portal's finding of a document out of sync explained at 80 %, until 23 December."""
    opened = moment("2026-11-05T08:00:00+08:00")
    sample = next(finding for finding in GOLDEN.findings if finding.id == "F000002")
    stay = replace(
        sample.stays[0], kind=StayKind.EXPLANATION, coefficient=0.8, period=(date(2026, 10, 1), date(2026, 11, 30)), since=opened
    )
    other = replace(sample, state=FindingState.EXPLAINED, stays=(stay,))
    return replace(GOLDEN, findings=tuple(other if finding.id == "F000002" else finding for finding in GOLDEN.findings))


def test_an_explained_finding_keeps_its_share_in_the_sum_and_in_the_ledgers() -> None:
    card = explained().build()
    portal = next(site for site in card.sites if site.site == "portal")
    # 21.5 as before, and of the second document's 5 points a fifth: 22.5; (80 - 22.5) / 80 = 71.875
    assert (portal.deducted, portal.score) == (22.5, 71.9)
    item = next(item for item in portal.deductions if item.finding == "F000002")
    assert (item.points, item.cost, item.kept, item.note) == (1.0, 5.0, 0.8, "已提交情况说明，保留 80% 分值")
    row = next(row for row in card.ledger if row.finding == "F000002")
    assert (row.coefficient, row.stay_from, row.stay_to) == (0.8, date(2026, 10, 1), date(2026, 11, 30))
    duties = official_tables(unit_card(card, portal))[0]
    sync = next(cells for cells in duties.rows if cells[3] == "政策与解读同步发布")
    assert sync[4:6] == (20, 14)  # 20 - 5 - 1
    assert "保留 80% 分值" in str(sync[6])


def test_a_past_week_scores_the_same_after_findings_were_closed_since() -> None:
    """A waiver that ended and a finding that was resolved after the week's end were what they were at its end."""
    later = GOLDEN.as_of + timedelta(days=20)
    since = tuple(
        replace(
            finding, state=FindingState.RESOLVED, resolved_at=later,
            stays=tuple(replace(stay, ended_at=later, end=StayEnd.WITHDRAWN) for stay in finding.stays),
        )
        if finding.id in ("F000002", "F000001")
        else finding
        for finding in GOLDEN.findings
    )  # fmt: skip
    again = replace(GOLDEN, findings=since).build()
    assert [(site.score, site.deducted, site.rank, site.findings) for site in again.sites] == [
        (site.score, site.deducted, site.rank, site.findings) for site in CARD.sites
    ]
    assert again.totals == CARD.totals


def test_a_units_own_sheet_holds_nothing_of_others(tmp_path: Path) -> None:
    paths = write_units(CARD, tmp_path)
    assert set(paths) == set(SITES)
    others = [site for site in CARD.sites if site.site != "dept-c"]
    text = paths["dept-c"][1].read_text(encoding="utf-8")
    book: Any = openpyxl.load_workbook(paths["dept-c"][0])
    text += "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)
    text += scorecard_json(unit_card(CARD, SITES["dept-c"]))
    assert "丙局" in text
    assert "第 3 名（共 3 家）" in text
    for other in others:
        assert other.name not in text
        assert other.home not in text
        assert f'"{other.site}"' not in text
    rule = next(stat for stat in unit_card(CARD, SITES["dept-c"]).rules if stat.rule == "interpretation-in-sync")
    assert (rule.sites_failed, rule.confirmed, rule.deducted) == (1, 1, 2)


def test_the_months_figures_are_printed_as_counts() -> None:
    facts = tuple(replace(entry, documents_month=21, policies_month=4, interpretations_month=0) for entry in GOLDEN.facts)
    table = official_tables(replace(GOLDEN, facts=facts).build())[-1]
    assert table.heads[:4] == ("单位", "信息数", "公文数", "解读数")
    assert table.rows[0][:4] == ("示例区人民政府", 21, 4, 0)
    assert datetime.fromisoformat(GOLDEN.as_of.isoformat()) == GOLDEN.as_of


def test_official_tables_have_the_columns_as_they_are_printed() -> None:
    own = unit_card(CARD, SITES["town-4"])
    heads = {table.title: table.heads for table in official_tables(own)}
    assert heads["公开事项台账"] == ("序号", "一级事项（编码）", "二级事项（编码）", "公开事项", "权重", "得分", "扣分说明", "整改情况")
    assert heads["问题清单"] == ("一级指标", "二级指标", "评价标准", "问题明细", "整改结果")
    assert heads["任务台账"] == ("序号", "重点任务", "主要问题", "完成时限及要求", "责任单位")
    assert heads["单项否决检查表"] == ("检查对象", "指标", "评分细则", "检查情况")
    assert [table.heads[-1] for table in official_tables(CARD)][:2] == ["单位", "单位"]
    checked = {cells[1]: cells[3] for cells in official_tables(own)[3].rows}
    assert checked == {"空白栏目": "未发现（空白栏目 4/5）", "站点可访问": "未发现（访问失败占比 0/5）"}
