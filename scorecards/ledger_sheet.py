"""整改台账 as a sheet that an office corrects and loads again: what stands in which column, written and read back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from data.errors import ConfigurationError
from data.records import StayKind
from data.text import squeeze
from scorecards.model import LedgerRow
from scorecards.tables import Cell, Table, ledger, ledger_cells

SHEET = "整改台账"
ACTIONS = {StayKind.WAIVER: "豁免", StayKind.EXPLANATION: "情况说明", StayKind.APPEAL: "申诉"}
RELEASE = "核定"
CHOICES = ("豁免", "情况说明", RELEASE)
EDITABLE = (
    ("责任人", 12), ("办结期限", 12), ("处理", 10), ("处理依据", 30), ("说明期间起", 12), ("说明期间止", 12), ("系数", 7), ("有效期至", 12),
)  # fmt: skip
MARK = "核对码"
DATES = ("办结期限", "说明期间起", "说明期间止", "有效期至")
# What the sheet shows and nobody corrects there: it comes from observations. 整改情况 and 序号 change by themselves from day to day.
FIXED = ("单位", "问题", "位置", "发现时间", "整改期限", "状态")
GUIDE = "白底各列由监测生成，请勿修改；黄底各列可填写，改后用 gongkai ledger import 导入。处理：豁免、情况说明或核定；清空即撤回。"
_EPOCH = date(1899, 12, 30)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_HEAD_ROWS = 12  # in which the row of heads is looked for


class LedgerFileError(ConfigurationError):
    """A ledger that was loaded cannot be taken as it is; one line a fault."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row of a loaded ledger says. `row` is its number in the sheet."""

    row: int
    finding: str
    fixed: Mapping[str, str]
    owner: str | None
    due_on: date | None
    action: str | None  # one of CHOICES, 申诉, or nothing
    basis: str | None
    first: date | None
    last: date | None
    coefficient: float | None
    until: date | None
    mark: str


def ledger_table(rows: tuple[LedgerRow, ...]) -> Table:
    """The ledger with the columns that an office fills in."""
    plain = ledger(rows)
    return Table(plain.title, (*plain.columns, *EDITABLE, (MARK, 13)), tuple((*ledger_cells(row), *_own(row)) for row in rows))


def _own(row: LedgerRow) -> tuple[Cell, ...]:
    iso = (None if day is None else day.isoformat() for day in (row.due_on, row.stay_from, row.stay_to, row.stay_until))
    due, first, last, until = iso
    action = None if row.stay is None else ACTIONS[row.stay]
    return (row.owner, due, action, row.stay_basis, first, last, row.coefficient, until, row.mark)


def current(row: LedgerRow) -> Entry:
    """What a ledger row says as it stands, in the form in which a loaded one says it."""
    table = ledger(())
    cells = dict(zip(table.heads, ledger_cells(row), strict=True))
    fixed = {head: _fixed(head, squeeze(str(cells[head]))) for head in FIXED}
    action = None if row.stay is None else ACTIONS[row.stay]
    return Entry(
        0, row.finding, fixed, row.owner, row.due_on, action, row.stay_basis, row.stay_from, row.stay_to, row.coefficient, row.stay_until,
        row.mark,
    )  # fmt: skip


def _fixed(head: str, text: str) -> str:
    return text.removesuffix("（逾期）") if head == "状态" else text


def read_ledger(path: Path) -> tuple[Entry, ...]:
    """The rows of a ledger. Raises LedgerFileError with one line for every cell that cannot be read."""
    try:
        book: Any = openpyxl.load_workbook(path, read_only=True)
    except (OSError, BadZipFile, KeyError, ValueError, InvalidFileException) as error:
        raise LedgerFileError(f"{path}: cannot be read as a workbook ({type(error).__name__}); save the ledger as .xlsx") from None
    try:
        sheet: Any = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        cells = list(sheet.iter_rows())
    finally:
        book.close()
    heads, start = _heads(path, cells)
    faults: list[str] = []
    entries = []
    for number, row in enumerate(cells[start:], start + 1):
        found = {head: row[column] for head, column in heads.items() if column < len(row)}
        if all(_blank(cell.value) for cell in found.values()) or (_blank(found["编号"].value) and _blank(found[MARK].value)):
            continue  # an empty row, or a line of the office's own below the table
        try:
            entries.append(_entry(number, found))
        except ValueError as error:
            faults += [f"{path}: row {number}: {line}" for line in str(error).split("\n")]
    if faults:
        raise LedgerFileError("\n".join(faults))
    return tuple(entries)


def _heads(path: Path, cells: list[Any]) -> tuple[dict[str, int], int]:
    """Where the columns stand, and the first row below their heads; columns may be moved, not taken out."""
    needed = {"编号", MARK, *FIXED, *(head for head, _ in EDITABLE)}
    for number, row in enumerate(cells[:_HEAD_ROWS], 1):
        named = {str(cell.value).strip(): column for column, cell in enumerate(row) if cell.value is not None}
        if "编号" in named and MARK in named:
            lacking = sorted(needed - named.keys())
            if lacking:
                raise LedgerFileError(f"{path}: the columns {'、'.join(lacking)} are gone; export the ledger anew and fill that in")
            return {head: named[head] for head in needed}, number
    raise LedgerFileError(f"{path}: no row of heads with 编号 and {MARK}; give the sheet {SHEET} of an exported ledger")


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _entry(number: int, cells: Mapping[str, Any]) -> Entry:
    faults: list[str] = []

    def read(head: str) -> Any:
        cell = cells[head]
        if cell.data_type == "f":
            faults.append(f"{head} holds a formula; write the value itself")
            return None
        return cell.value

    def text(head: str, longest: int) -> str | None:
        value = read(head)
        plain = "" if value is None else squeeze(f"{value:g}" if isinstance(value, float) else str(value))
        if len(plain) > longest:
            faults.append(f"{head} has {len(plain)} characters, and {longest} fit; shorten it")
        return plain or None

    def day(head: str) -> date | None:
        value = read(head)
        if _blank(value):
            return None
        made = as_date(value)
        if made is None:
            faults.append(f"{head} {str(value)[:40]!r} is no date; write e.g. 2026-12-31")
        return made

    action = text("处理", 20)
    if action is not None and action not in (*CHOICES, *ACTIONS.values()):
        faults.append(f"处理 {action!r} is unknown; write {'、'.join(CHOICES)} or nothing")
    entry = Entry(
        row=number,
        finding=(text("编号", 20) or "").upper(),
        fixed={head: _fixed(head, squeeze(str(_as_text(read(head))))) for head in FIXED},
        owner=text("责任人", 100),
        due_on=day("办结期限"),
        action=action,
        basis=text("处理依据", 1000),
        first=day("说明期间起"),
        last=day("说明期间止"),
        coefficient=_share(read("系数"), faults),
        until=day("有效期至"),
        mark=text(MARK, 20) or "",
    )
    if faults:
        raise ValueError("\n".join(faults))
    return entry


def _as_text(value: Any) -> str:
    """A cell as the ledger writes it: a spreadsheet may have made a date of a day."""
    if isinstance(value, (date, datetime)):
        return value.strftime("%Y-%m-%d")
    return "" if value is None else str(value)


def as_date(value: Any) -> date | None:
    """A cell's day: a date, a serial number of a spreadsheet, or text such as 2026-12-31, 2026/12/31, 2026年12月31日; None for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _EPOCH + timedelta(days=int(value)) if 36526 <= value < 73050 else None  # 2000 to 2099
    match = _DATE.fullmatch(str(value).strip())
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _share(value: Any, faults: list[str]) -> float | None:
    if _blank(value):
        return None
    try:
        plain = str(value).strip()
        share = float(plain.rstrip("%％")) / (100 if plain.endswith(("%", "％")) else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        faults.append(f"系数 {str(value)[:40]!r} is no share from 0 to 1; write e.g. 0.8")
        return None
    return share
