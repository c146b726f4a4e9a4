"""The workbook: ranking, deductions, rectification ledger, open points and rule statistics, with native charts.

Every text goes through write_string: a title such as =HYPERLINK(…) stays text. Sums are live formulas that carry their value.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from scorecards import tables
from scorecards.ledger_sheet import CHOICES, DATES, EDITABLE, GUIDE, MARK, ledger_table
from scorecards.model import LedgerRow, Scorecard, SiteCard
from scorecards.official import official_tables
from scorecards.tables import Cell, Table
from scorecards.wording import PEER_GROUPS, day

_HEAD = 2  # rows above a table's heads: title and note
_CELL_LIMIT = 32767
_A3, _A4 = 8, 9
_WIDE = 190  # characters across: wider tables would be too small to read on A4
_TALLEST = 400.0  # points; Excel allows 409
_DETAIL = "扣分明细"
_SUMS = {
    "扣分明细": ("扣分",), "规则统计": ("确认问题", "待核实", "临近期限", "未能观测", "扣分合计"), "公开事项台账": ("权重", "得分"),
    "信息数统计": ("信息数", "公文数", "解读数", "本周信息数", "本周公文数", "本周解读数"),
}  # fmt: skip
_PEERS = {profile.value: name for profile, name in PEER_GROUPS.items()}
_GAUGES = ("停更栏目", "空白栏目", "访问失败占比")
_OVERVIEW = (
    ("组别", 11), ("排名", 6), ("单位", 20), ("站点编号", 13), ("等级", 8), ("得分", 7), ("扣分得分", 8), ("适用分值", 8), ("可评分值", 8),
    ("扣分", 7), ("加分", 6), ("覆盖率%", 8), ("较上周", 8), ("较上季末", 8), ("名次变化", 8), ("停更栏目", 9), ("空白栏目", 9), ("访问失败占比", 10),
    ("否决预警", 26), ("本月信息", 8), ("本月公文", 8), ("本月解读", 8), ("待整改", 7), ("逾期", 7), ("本周整改", 8), ("平均整改天数", 8),
    ("数据截至", 11), ("说明", 36),
)  # fmt: skip
_SCORE, _DEDUCTION_SCORE, _JUDGED, _DEDUCTED, _BONUS = 5, 6, 8, 9, 10


class Workbook:
    """One workbook in the making."""

    def __init__(self, card: Scorecard, path: Path) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._card = card
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"title": tables.report_title(card), "created": card.as_of.replace(tzinfo=None)})
        base = {"font_name": "宋体", "font_size": 10, "valign": "top", "text_wrap": True, "border": 1, "border_color": "#BFBFBF"}
        self._text = self._book.add_format(base)
        self._number = self._book.add_format({**base, "align": "right", "text_wrap": False})
        self._decimal = self._book.add_format({**base, "align": "right", "text_wrap": False, "num_format": "0.00"})
        self._score = self._book.add_format({**base, "align": "right", "num_format": "0.0", "bold": True})
        self._total = self._book.add_format({**base, "bold": True, "bg_color": "#F2F2F2"})
        self._head = self._book.add_format({**base, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#D9E2F3"})
        self._fill = self._book.add_format({**base, "bg_color": "#FFF9E5"})
        self._title = self._book.add_format({"font_name": "黑体", "font_size": 16, "bold": True})
        self._note = self._book.add_format(
            {"font_name": "宋体", "font_size": 9, "font_color": "#595959", "text_wrap": True, "valign": "top"}
        )

    def write(self) -> None:
        """Write all sheets and close the file."""
        detail = tables.deductions(self._card)
        self._overview(len(detail.rows))
        self._table(detail)
        self.ledger(self._card.ledger)
        self._table(tables.open_points(self._card))
        stats = tables.rule_stats(self._card.rules)
        self._rule_chart(self._table(stats), stats)
        self._table(tables.fixes(self._card))
        for table in official_tables(self._card):
            self._table(table)
        self.close()

    def close(self) -> None:
        """Finish the file."""
        self._book.close()

    def ledger(self, rows: tuple[LedgerRow, ...]) -> None:
        """整改台账: what observations say, and in yellow what an office fills in."""
        table = ledger_table(rows)
        sheet = self._table(table, note=GUIDE)
        if not rows:
            return
        first, last = _HEAD + 1, _HEAD + len(rows)
        for head, _ in EDITABLE:
            column = table.heads.index(head)
            for number, row in enumerate(table.rows, first):
                self._cell(sheet, number, column, row[column], self._fill)
        action, share = table.heads.index("处理"), table.heads.index("系数")
        sheet.data_validation(
            first, action, last, action, {"validate": "list", "source": list(CHOICES), "ignore_blank": True, "error_type": "warning"}
        )
        sheet.data_validation(first, share, last, share, {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1})
        for head in DATES:
            column = table.heads.index(head)
            sheet.write_comment(_HEAD, column, "日期，如 2026-12-31")
        sheet.set_column(table.heads.index(MARK), table.heads.index(MARK), 13)

    def _overview(self, details: int) -> None:
        sheet = self._sheet("总览", _OVERVIEW, freeze=3)
        sites = tables.ranked(self._card)
        first = _HEAD + 1
        for row, site in enumerate(sites, first):
            self._overview_row(sheet, row, site, first, details)
        last = first + len(sites) - 1
        if not sites:
            return
        sheet.autofilter(_HEAD, 0, last, len(_OVERVIEW) - 1)
        sheet.write_string(last + 1, 0, "合计", self._total)
        for name in ("扣分", "本月信息", "本月公文", "本月解读", "待整改", "逾期", "本周整改"):
            column = [head for head, _ in _OVERVIEW].index(name)
            self._sum(sheet, last + 1, column, first, last, sum(_as_number(self._values(site)[name]) for site in sites))
        chart: Any = self._book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": "得分",
                "categories": ["总览", first, 2, last, 2],
                "values": ["总览", first, _SCORE, last, _SCORE],
                "fill": {"color": "#4472C4"},
                "gap": 60,
                "data_labels": {"value": True},
            }
        )
        chart.set_title({"name": "各单位得分（空白为未评级或单项否决）", "name_font": {"size": 12}})
        chart.set_x_axis({"min": 0, "max": 100})
        chart.set_y_axis({"reverse": True})
        chart.set_legend({"none": True})
        chart.set_size({"width": 900, "height": max(220, min(2000, 28 * len(sites) + 100))})
        sheet.insert_chart(last + 4, 1, chart)

    def _values(self, site: SiteCard) -> dict[str, Cell]:
        gauges = {gauge.name: tables.gauge_text(gauge) for gauge in site.gauges}
        facts, change = site.facts, site.change
        return {
            "组别": _PEERS[site.peer_group], "排名": site.rank, "单位": site.name, "站点编号": site.site, "等级": tables.grade_text(site),
            "适用分值": site.points_applicable, "可评分值": site.points_judged, "扣分": site.deducted, "覆盖率%": site.coverage,
            "较上周": change.score if change else None, "名次变化": change.rank if change else None, "加分": site.bonus,
            "较上季末": site.quarter.score if site.quarter else None,
            **{name: gauges.get(name, "—") for name in _GAUGES},
            "否决预警": "；".join(text for gauge in site.gauges if (text := tables.gauge_next(gauge)) and gauge.used),
            "本月信息": facts.documents_month if facts else None, "本月公文": facts.policies_month if facts else None,
            "本月解读": facts.interpretations_month if facts else None, "待整改": site.findings.open, "逾期": site.findings.overdue,
            "本周整改": site.findings.mended_week, "平均整改天数": site.findings.mean_days_to_mend, "数据截至": day(site.fresh_at),
            "说明": tables.remark(site),
        }  # fmt: skip

    def _overview_row(self, sheet: Any, row: int, site: SiteCard, first: int, details: int) -> None:
        values = self._values(site)
        sheet.set_row(row, _row_height([values.get(head) for head, _ in _OVERVIEW], _OVERVIEW))
        for column, (head, _) in enumerate(_OVERVIEW):
            if column not in (_SCORE, _DEDUCTION_SCORE, _DEDUCTED):
                self._cell(sheet, row, column, values[head])
        detail_last = max(first + details, first + 1)
        ids, taken = (f"'{_DETAIL}'!${name}${first + 1}:${name}${detail_last}" for name in ("B", "F"))
        own_id = xl_rowcol_to_cell(row, 3)
        sheet.write_formula(row, _DEDUCTED, f"=SUMIFS({taken},{ids},{own_id})", self._decimal, site.deducted)
        if site.deduction_score is None:
            for column in (_SCORE, _DEDUCTION_SCORE):
                sheet.write_blank(row, column, None, self._score)
            return
        judged, deducted, bonus = (xl_rowcol_to_cell(row, column) for column in (_JUDGED, _DEDUCTED, _BONUS))
        formula = f"=ROUND(ROUND(({judged}-{deducted})/{judged}*100+{bonus},6),1)"
        sheet.write_formula(row, _DEDUCTION_SCORE, formula, self._score, site.deduction_score)
        if site.score is None:
            sheet.write_blank(row, _SCORE, None, self._score)
        else:
            sheet.write_formula(row, _SCORE, f"={xl_rowcol_to_cell(row, _DEDUCTION_SCORE)}", self._score, site.score)

    def _table(self, table: Table, note: str | None = None) -> Any:
        sums = _SUMS.get(table.title, ())
        sheet = self._sheet(table.title, table.columns, freeze=0, note=note)
        first = _HEAD + 1
        for number, row in enumerate(table.rows, first):
            sheet.set_row(number, _row_height(row, table.columns))
            for column, value in enumerate(row):
                self._cell(sheet, number, column, value)
        if not table.rows:
            sheet.write_string(first, 0, "本周无此类情况", self._note)
            return sheet
        last = first + len(table.rows) - 1
        sheet.autofilter(_HEAD, 0, last, len(table.columns) - 1)
        if sums:
            sheet.write_string(last + 1, 0, "合计", self._total)
        for head in sums:
            column = table.heads.index(head)
            self._sum(sheet, last + 1, column, first, last, sum(_as_number(row[column]) for row in table.rows))
        return sheet

    def _sheet(self, name: str, columns: tuple[tuple[str, int], ...], freeze: int, note: str | None = None) -> Any:
        sheet: Any = self._book.add_worksheet(name)
        sheet.write_string(0, 0, f"{name}：{tables.report_title(self._card)}", self._title)
        said, across = note or tables.report_note(self._card), sum(width for _, width in columns)
        sheet.merge_range(1, 0, 1, len(columns) - 1, "", self._note)  # so that a long note does not widen what is printed
        sheet.write_string(1, 0, said, self._note)
        sheet.set_row(1, 13 * -(-2 * len(said) // across) + 2)
        for column, (head, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(_HEAD, column, head, self._head)
        sheet.set_row(0, 24)
        sheet.set_row(_HEAD, 30)
        sheet.freeze_panes(_HEAD + 1, freeze)
        sheet.repeat_rows(_HEAD)
        sheet.set_landscape()
        sheet.set_paper(_A3 if sum(width for _, width in columns) > _WIDE else _A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        return sheet

    def _cell(self, sheet: Any, row: int, column: int, value: Cell, form: Any = None) -> None:
        if value is None:
            sheet.write_blank(row, column, None, form or self._text)
        elif isinstance(value, str):
            sheet.write_string(row, column, value[:_CELL_LIMIT], form or self._text)
        else:
            sheet.write_number(row, column, value, form or (self._number if float(value).is_integer() else self._decimal))

    def _sum(self, sheet: Any, row: int, column: int, first: int, last: int, value: float) -> None:
        name = xl_col_to_name(column)
        sheet.write_formula(row, column, f"=SUM({name}{first + 1}:{name}{last + 1})", self._total, round(value, 6))

    def _rule_chart(self, sheet: Any, stats: Table) -> None:
        if not stats.rows:
            return
        first, last = _HEAD + 1, _HEAD + len(stats.rows)
        chart: Any = self._book.add_chart({"type": "bar", "subtype": "stacked"})
        for column, colour in ((4, "#C00000"), (5, "#F4B183"), (7, "#BFBFBF")):
            chart.add_series(
                {
                    "name": [stats.title, _HEAD, column],
                    "categories": [stats.title, first, 1, last, 1],
                    "values": [stats.title, first, column, last, column],
                    "fill": {"color": colour},
                    "gap": 60,
                }
            )
        chart.set_title({"name": "各指标问题数", "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 900, "height": max(240, min(2400, 26 * len(stats.rows) + 120))})
        sheet.insert_chart(last + 4, 1, chart)


def _row_height(row: Sequence[Cell], columns: tuple[tuple[str, int], ...]) -> float:
    """Points that the row's longest cell needs: not every program fits wrapped text by itself."""
    lines = 1
    for value, (_, width) in zip(row, columns, strict=True):
        if isinstance(value, str):
            columns_wide = sum(2 if ord(character) > 0x2E7F else 1 for character in value[:_CELL_LIMIT]) * 1.1
            lines = max(lines, -(-int(columns_wide) // width))
    return min(lines * 13.5 + 2, _TALLEST)


def _as_number(value: Cell) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def write_ledger(card: Scorecard, path: Path) -> Path:
    """Write the rectification ledger alone, to be corrected and loaded again."""
    book = Workbook(card, path)
    book.ledger(card.ledger)
    book.close()
    return path


def write_xlsx(card: Scorecard, path: Path) -> Path:
    """Write the workbook."""
    Workbook(card, path).write()
    return path
