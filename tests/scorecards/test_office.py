"""The workbook and the notice opened by LibreOffice: the same tables, the same figures, recalculated."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from scorecards.report import write_all
from tests.scorecards.cases import golden_week

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
CARD = golden_week().build()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed: libreoffice-calc-nogui, libreoffice-writer-nogui"),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    write_all(CARD, folder)
    return folder


def convert(source: Path, form: str, folder: Path) -> None:
    """Let LibreOffice open a file and save it in another form; its profile is a folder of its own."""
    assert SOFFICE is not None
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    made = subprocess.run(
        [SOFFICE, profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(source)],
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr


def test_the_workbooks_formulas_recalculate_to_our_figures(written: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written / "scorecard-2026-W47.xlsx")
    book.save(tmp_path / "scorecard.xlsx")  # openpyxl keeps the formulas and drops the figures beside them: LibreOffice works them out
    convert(tmp_path / "scorecard.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", tmp_path)
    with next(tmp_path.glob("*总览*.csv")).open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    heads = rows[2]
    table = {row[heads.index("站点编号")]: dict(zip(heads, row, strict=True)) for row in rows[3:] if row[heads.index("站点编号")]}
    for site in CARD.sites:
        row = table[site.site]
        shown = [float(row[head]) if row[head] else None for head in ("得分", "扣分得分", "扣分")]
        assert shown == [site.score, site.deduction_score, site.deducted]
    names = {path.stem.rpartition("-")[2] for path in tmp_path.glob("*.csv")}
    assert {"总览", "扣分明细", "整改台账", "任务台账", "公开事项台账", "信息数统计"} <= names
    with next(tmp_path.glob("*-整改台账.csv")).open(encoding="utf-8") as file:
        ledger = list(csv.reader(file))
    column = ledger[2].index("编号")
    assert [row[column] for row in ledger[3:] if row[column]] == [row.finding for row in CARD.ledger]


def test_the_notice_opens_with_the_same_tables(written: Path, tmp_path: Path) -> None:
    convert(written / "scorecard-2026-W47.docx", "docx:MS Word 2007 XML", tmp_path)
    ours, theirs = (Document(str(folder / "scorecard-2026-W47.docx")) for folder in (written, tmp_path))
    cells = [[[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables] for document in (ours, theirs)]
    assert cells[0] == cells[1]
    text = [[paragraph.text for paragraph in document.paragraphs if paragraph.text] for document in (ours, theirs)]
    assert text[0] == text[1]
