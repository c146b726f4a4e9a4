"""The cells of a workbook (.xlsx, .xls), row by row, and which of them whoever opens it does not see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from crawler.files.packed import Packed, UnreadableError, local
from crawler.files.words import MOST_CHARS
from data.files import FileText, Hidden

_MOST_SHEETS = 200
_MOST_COLUMNS = 300
_MOST_SPANS = 2_000
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Cell = int | float | str | bool | time | date | datetime | timedelta


@dataclass(slots=True)
class Unseen:
    """The columns and rows of a sheet that are hidden, counted from 0."""

    columns: set[int] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)


def read_sheets(body: bytes, packed: Packed | None) -> FileText:
    """Read a workbook. `packed`: its pieces, where it is an .xlsx, which tell what is hidden in a sheet; of an .xls only whole sheets do."""
    kind = "xlsx" if packed is not None else "xls"
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(body))
        unseen = _unseen(packed) if packed is not None else {}
        writer = _Writer()
        for index, sheet in enumerate(book.sheets_metadata[:_MOST_SHEETS]):
            if writer.size > MOST_CHARS:
                break
            rows = book.get_sheet_by_index(index).to_python(skip_empty_area=False)
            writer.sheet(sheet.name, rows, sheet.visible != SheetVisibleEnum.Visible, unseen.get(sheet.name, Unseen()))
    except PasswordError:
        return FileText(kind, "file-encrypted")
    except (CalamineError, UnreadableError) as error:
        return FileText(kind, error.why if isinstance(error, UnreadableError) else "file-broken")
    pictures = 0 if packed is None else sum(size >= 20_000 for name, size in packed.sizes.items() if name.startswith("xl/media/"))
    text = "".join(writer.pieces)
    if not text.strip() and pictures:
        return FileText(kind, "no-text-layer", "", len(book.sheet_names), pictures)
    cut = writer.size > MOST_CHARS or len(book.sheet_names) > _MOST_SHEETS
    hidden = tuple(Hidden(name, tuple(spans)) for name, spans in writer.hidden.items())
    return FileText(kind, None, text[:MOST_CHARS], len(book.sheet_names), pictures, cut, hidden)


class _Writer:
    """Writes sheets as lines of cells between tabs, and notes where the hidden ones stand."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.size = 0
        self.hidden: dict[str, list[tuple[int, int]]] = {}

    def sheet(self, name: str, rows: Sequence[Sequence[Cell]], hidden: bool, unseen: Unseen) -> None:
        start = self.size
        for number, row in enumerate(rows):
            cells = [_word(cell) for cell in row[:_MOST_COLUMNS]]
            if not any(cells):
                continue
            line = self.size
            for index, cell in enumerate(cells):
                if index in unseen.columns and cell and not hidden:
                    self._note(f"工作表“{name}”的{_letters(index)}列", self.size, self.size + len(cell))
                self._put(cell)
                self._put("\t" if index < len(cells) - 1 else "\n")
            if number in unseen.rows and not hidden:
                self._note(f"工作表“{name}”的隐藏行", line, self.size)
            if self.size > MOST_CHARS:
                break
        if hidden and self.size > start:
            self._note(f"工作表“{name}”", start, self.size)

    def _put(self, text: str) -> None:
        self.pieces.append(text)
        self.size += len(text)

    def _note(self, name: str, start: int, end: int) -> None:
        spans = self.hidden.setdefault(name, [])
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        elif len(spans) < _MOST_SPANS:
            spans.append((start, end))


def _word(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e17:
        return str(int(cell))
    return " ".join(str(cell).split())


def _letters(index: int) -> str:
    """A column as spreadsheets call it: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _unseen(packed: Packed) -> Mapping[str, Unseen]:
    """By the name of the sheet: what the pieces of an .xlsx say is hidden in it."""
    targets = {
        element.get("Id"): element.get("Target") or ""
        for event, element in packed.elements("xl/_rels/workbook.xml.rels")
        if event == "start" and local(element) == "Relationship"
    }
    sheets = {
        element.get("name") or "": targets.get(element.get(_REL), "")
        for event, element in packed.elements("xl/workbook.xml")
        if event == "start" and local(element) == "sheet"
    }
    found = {}
    for name, target in list(sheets.items())[:_MOST_SHEETS]:
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in packed.sizes:
            found[name] = _of_sheet(packed, path)
    return found


def _of_sheet(packed: Packed, path: str) -> Unseen:
    unseen = Unseen()
    for event, element in packed.elements(path):
        if event != "start" or element.get("hidden") not in ("1", "true"):
            continue
        tag = local(element)
        if tag == "col":
            first, last = _number(element.get("min")), _number(element.get("max"))
            unseen.columns |= set(range(first - 1, min(last, _MOST_COLUMNS)))
        elif tag == "row" and (number := _number(element.get("r"))):
            unseen.rows.add(number - 1)
    return unseen


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
