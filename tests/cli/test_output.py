"""Text from pages stays text: no formula, no markup, no link, no number that it was not."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from rich.console import Console

from cli.output import Format, write_rows
from cli.session import Session
from data.config import RunConfig

COLUMNS = (("title", "标题"), ("subject.url", "位置"))
HOSTILE = [
    '=HYPERLINK("http://evil.example/","点")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "＝1+1",
    "0012",
    "1e5",
    "http://www.example.gov.cn/",
    "[bold red]标记[/bold red]",
    "[/]",
    "<b>&amp;</b>",
    '引号"，逗号,换行\n第二行',
    "\x1b[31m红\x1b[0m",
    "\x07控制",
]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    def console() -> Console:
        return Console(file=io.StringIO(), highlight=False, markup=False, soft_wrap=True)

    return Session(RunConfig(tmp_path, "", None, None), console(), console())


def rows(*titles: str) -> list[dict[str, Any]]:
    return [{"title": title, "subject": {"url": None}, "more": [1, {"a": "b"}]} for title in titles]


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("form", list(Format))
def test_hostile_text(form: Format, title: str, session: Session, tmp_path: Path) -> None:
    out = tmp_path / "deep" / f"out.{form}"
    write_rows(session, rows(title), COLUMNS, form, out)
    assert out.stat().st_size > 0
    if form is Format.CSV:
        with out.open(encoding="utf-8-sig", newline="") as file:
            (_, cells) = list(csv.reader(file))
        assert cells[0].startswith("'") or cells[0] == title
    if form is Format.XLSX:
        cell = load_workbook(out).active["A2"]  # type: ignore[index]
        assert (cell.data_type, cell.hyperlink) == ("s", None)
        sheet = zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@a", "\t=1", "\n=1", "＝1"])
def test_csv_keeps_formulas_as_text(title: str, session: Session, tmp_path: Path) -> None:
    write_rows(session, rows(title), COLUMNS, Format.CSV, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1][0] == f"'{title}"


def test_a_carriage_return_begins_no_row(session: Session, tmp_path: Path) -> None:
    write_rows(session, rows("通知\r=1+1\r\n+2"), COLUMNS, Format.CSV, tmp_path / "out.csv")
    assert b"\r" not in (tmp_path / "out.csv").read_bytes()
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["标题", "通知\n=1+1\n+2"]


def test_jsonl_has_every_key_unchanged(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(session, rows(*HOSTILE), COLUMNS, Format.JSONL, None)
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == rows(*HOSTILE)


def test_table_shows_markup_as_text(session: Session) -> None:
    write_rows(session, rows("[bold]标记[/bold]", "[/]"), COLUMNS, Format.TABLE, None)
    shown = session.console.file.getvalue()  # type: ignore[attr-defined]
    assert "[bold]标记[/bold]" in shown
    assert "[/]" in shown


def test_nothing_to_show(session: Session) -> None:
    write_rows(session, [], COLUMNS, Format.TABLE, None)
    assert session.errors.file.getvalue() == "nothing to show\n"  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", [Format.CSV, Format.XLSX])
def test_headings_stand_without_rows(form: Format, session: Session, tmp_path: Path) -> None:
    out = tmp_path / f"out.{form}"
    write_rows(session, [], COLUMNS, form, out)
    if form is Format.CSV:
        assert out.read_text(encoding="utf-8-sig") == "标题,位置\n"
    else:
        assert [cell.value for cell in next(load_workbook(out).active.iter_rows())] == ["标题", "位置"]  # type: ignore[union-attr]


def test_a_long_text_fits_a_cell(session: Session, tmp_path: Path) -> None:
    write_rows(session, rows("长" * 40_000), COLUMNS, Format.XLSX, tmp_path / "out.xlsx")
    assert len(load_workbook(tmp_path / "out.xlsx").active["A2"].value) == 32_000  # type: ignore[index]
