"""整改台账 written and read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data.errors import GongkaiError
from scorecards.ledger_sheet import LedgerFileError, as_date, current, read_ledger
from scorecards.xlsx import write_ledger, write_xlsx
from tests.scorecards.cases import golden_week
from tests.scorecards.test_forms import hostile_week

CARD = golden_week().build()


def edited(tmp_path: Path, changes: dict[str, Any], row: int = 4) -> Path:
    """The golden ledger with cells of one row changed."""
    path = write_ledger(CARD, tmp_path / "ledger.xlsx")
    book: Any = openpyxl.load_workbook(path)
    sheet = book["整改台账"]
    heads = [cell.value for cell in sheet[3]]
    for head, value in changes.items():
        sheet.cell(row, heads.index(head) + 1).value = value
    book.save(path)
    return path


@pytest.mark.parametrize("whole", [True, False])
def test_a_ledger_reads_back_as_it_was_written(tmp_path: Path, whole: bool) -> None:
    path = (write_xlsx if whole else write_ledger)(CARD, tmp_path / "book.xlsx")
    assert [replace(entry, row=0) for entry in read_ledger(path)] == [current(row) for row in CARD.ledger]


def test_hostile_text_reads_back_as_the_same_text(tmp_path: Path) -> None:
    _, card = hostile_week()
    rows = tuple(replace(row, owner="=1+1", stay_basis="@SUM(1)") if row.finding == "F000002" else row for row in card.ledger)
    path = write_ledger(replace(card, ledger=rows), tmp_path / "book.xlsx")
    assert [replace(entry, row=0) for entry in read_ledger(path)] == [current(row) for row in rows]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (datetime(2026, 12, 31, tzinfo=UTC), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2026, 12, 31)),
        ("2026-12-31", date(2026, 12, 31)),
        (" 2026/12/31 ", date(2026, 12, 31)),
        ("2026年12月31日", date(2026, 12, 31)),
        ("2026.1.5", date(2026, 1, 5)),
        (46387, date(2026, 12, 31)),
        ("2026-02-30", None),
        ("年底前", None),
        (12, None),
        (True, None),
    ],
)
def test_days_as_offices_write_them(value: object, day: date | None) -> None:
    assert as_date(value) == day


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"办结期限": "下周三"}, "办结期限 '下周三' is no date"),
        ({"系数": 80}, "系数 '80' is no share"),
        ({"处理": "不管"}, "处理 '不管' is unknown"),
        ({"责任人": "=HYPERLINK(\"http://evil.example/\")"}, "责任人 holds a formula"),
        ({"责任人": "长" * 101}, "101 characters"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_named_with_row_and_mend(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(LedgerFileError) as error:
        read_ledger(edited(tmp_path, changes))
    (line,) = str(error.value).splitlines()
    assert "ledger.xlsx: row 4: " in line
    assert words in line


def test_percentages_and_moved_columns_are_read(tmp_path: Path) -> None:
    path = edited(tmp_path, {"系数": "60%", "责任人": "李四"})
    book: Any = openpyxl.load_workbook(path)
    book["整改台账"].insert_cols(1)
    book.save(path)
    entry = read_ledger(path)[0]
    assert (entry.coefficient, entry.owner) == (0.6, "李四")


def test_what_is_no_ledger_is_refused_in_one_line(tmp_path: Path) -> None:
    plain = tmp_path / "no.xlsx"
    plain.write_text("hello", encoding="utf-8")
    book = openpyxl.Workbook()
    book.save(tmp_path / "empty.xlsx")
    for name in ("no.xlsx", "empty.xlsx", "missing.xlsx"):
        with pytest.raises(GongkaiError) as error:
            read_ledger(tmp_path / name)
        assert name in str(error.value)
        assert "\n" not in str(error.value)


def test_a_column_that_was_taken_out_is_named(tmp_path: Path) -> None:
    path = edited(tmp_path, {})
    book: Any = openpyxl.load_workbook(path)
    sheet = book["整改台账"]
    sheet.delete_cols([cell.value for cell in sheet[3]].index("责任人") + 1)
    book.save(path)
    with pytest.raises(LedgerFileError, match="the columns 责任人 are gone"):
        read_ledger(path)
