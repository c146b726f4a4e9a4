"""Rows to a terminal or a file: table, jsonl, csv, xlsx. Text from pages stays text in each of them."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import xlsxwriter
from rich.table import Table
from rich.text import Text
from xlsxwriter.exceptions import FileCreateError

from cli.session import Session
from data.errors import ConfigurationError

_FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


class Format(StrEnum):
    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    MARKDOWN = "markdown"


def write_rows(
    session: Session, rows: Iterable[dict[str, Any]], columns: Sequence[tuple[str, str]], form: Format, out: Path | None
) -> None:
    """Write rows; `columns` are (key, heading) for the forms that have columns, jsonl has every key.

    Raises ConfigurationError: a workbook needs a file.
    """
    if form is Format.XLSX and out is None:
        raise ConfigurationError("--format xlsx: a workbook needs a file; add --out FILE.xlsx")
    try:
        _write(session, rows, columns, form, out)
    except (OSError, FileCreateError) as error:
        if out is None:
            raise
        raise ConfigurationError(f"--out {out}: cannot be written ({error}); give a file that can") from None
    if out is not None:
        session.errors.print(f"written: {out}")


def _write(session: Session, rows: Iterable[dict[str, Any]], columns: Sequence[tuple[str, str]], form: Format, out: Path | None) -> None:
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
    match form:
        case Format.TABLE:
            _table(session, rows, columns, out)
        case Format.JSONL:
            _text((json.dumps(row, ensure_ascii=False) + "\n" for row in rows), out)
        case Format.CSV:
            _csv(rows, columns, out)
        case Format.MARKDOWN:
            _text(markdown_table(columns, rows), out)
        case Format.XLSX:
            assert out is not None
            _xlsx(rows, columns, out)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _flat(row: Mapping[str, Any], key: str) -> Any:
    """A value by dotted key: subject.url."""
    value: Any = row
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _table(session: Session, rows: Iterable[dict[str, Any]], columns: Sequence[tuple[str, str]], out: Path | None) -> None:
    table = Table(show_lines=False, header_style="bold", box=None, pad_edge=False)
    for key, heading in columns:
        table.add_column(heading, overflow="fold", no_wrap=key in ("id", "rule", "site"))
    count = 0
    for row in rows:
        table.add_row(*(Text(_cell(_flat(row, key))) for key, _ in columns))
        count += 1
    if out is not None:
        from rich.console import Console

        with out.open("w", encoding="utf-8") as file:
            Console(file=file, width=200, markup=False).print(table)
    elif count:
        session.console.print(table)
    else:
        session.errors.print("nothing to show")


def _text(lines: Iterable[str], out: Path | None) -> None:
    if out is None:
        for line in lines:
            sys.stdout.write(line)
        return
    with out.open("w", encoding="utf-8") as file:
        file.writelines(lines)


def _csv(rows: Iterable[dict[str, Any]], columns: Sequence[tuple[str, str]], out: Path | None) -> None:
    file = sys.stdout if out is None else out.open("w", encoding="utf-8-sig", newline="")
    try:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([heading for _, heading in columns])
        for row in rows:
            writer.writerow([_harmless(_cell(_flat(row, key))) for key, _ in columns])
    finally:
        if out is not None:
            file.close()


def markdown_table(columns: Sequence[tuple[str, str]], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Lines of a Markdown table, each with its end; what a row says stays text in its cell."""
    yield "| " + " | ".join(heading for _, heading in columns) + " |\n"
    yield "| " + " | ".join("---" for _ in columns) + " |\n"
    for row in rows:
        yield "| " + " | ".join(_markdown(_cell(_flat(row, key))) for key, _ in columns) + " |\n"


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_\[\]|<>#])", r"\\\1", " ".join(text.split()))


def _harmless(text: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula, and a bare carriage return for a new row; an apostrophe keeps it text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text[:1] in _FORMULA else text


def _xlsx(rows: Iterable[dict[str, Any]], columns: Sequence[tuple[str, str]], out: Path) -> None:
    with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("gongkai")
        bold = book.add_format({"bold": True, "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        for position, (_, heading) in enumerate(columns):
            sheet.write_string(0, position, heading, bold)
            sheet.set_column(position, position, 14 if position < 5 else 40, wrap)
        count = 0
        for count, row in enumerate(rows, 1):
            for position, (key, _) in enumerate(columns):
                sheet.write_string(count, position, _cell(_flat(row, key))[:32_000])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
