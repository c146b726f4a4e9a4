"""A registry kept as a sheet (.xlsx or .csv): one site a row, the YAML's keys as headings, dotted where they nest.

Headings: id, name, unit, level, profile, home, parent, upper, site_code, packs, role, columns.<id>, crawl.<key>,
must_repost.columns, must_repost.title_any, administrators (entries "角色 channel channel; 角色 channel").
Lists are separated by commas, semicolons or line breaks. Supervisors and operators stand in rows whose ids are `supervisors`
and `operators`; a row whose id is `notices` holds the cells of the headings notices.<key>.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from data.errors import RegistryError
from data.registry_notices import typed

_PLAIN = ("id", "name", "unit", "level", "profile", "home", "parent", "site_code", "role")
_LISTS = ("upper", "packs")
_PEOPLE = ("supervisors", "operators")
_SPLIT = re.compile(r"[,，;；\n]+")
_NUMBERS = ("delay", "timeout", "cool_down", "max_wait", "max_crawl_delay")
_WHOLE = ("concurrency", "max_pages", "max_bytes", "daily_budget")


def read_sheet(path: Path) -> str:
    """The sheet as registry YAML (not yet validated). Raises RegistryError naming file and row."""
    rows = list(_rows(path))
    if not rows or "id" not in [str(cell or "").strip() for cell in rows[0]]:
        raise RegistryError(f"{path}: row 1: expected headings with id, name, home …; see docs/registry.md")
    headings = [str(cell or "").strip() for cell in rows[0]]
    registry: dict[str, Any] = {"version": 1, "region": path.stem, "sites": [], "supervisors": []}
    for number, row in enumerate(rows[1:], 2):
        cells = {
            heading: str(cell).strip()
            for heading, cell in zip(headings, row, strict=False)
            if heading and cell is not None and str(cell).strip()
        }
        if not cells:
            continue
        if cells.get("id") in _PEOPLE:
            registry[cells["id"]] = _contacts(cells.get("administrators", ""))
        elif cells.get("id") == "notices":
            registry["notices"] = _notices(cells, f"{path}: row {number}")
        else:
            registry["sites"].append(_site(cells, f"{path}: row {number}"))
    return yaml.safe_dump(registry, allow_unicode=True, sort_keys=False, width=140)


def _rows(path: Path) -> Iterable[Iterable[Any]]:
    try:
        if path.suffix.lower() == ".xlsx":
            with closing(load_workbook(path, read_only=True, data_only=True)) as book:
                return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
        raw = path.read_bytes()
    except FileNotFoundError:
        raise RegistryError(f"{path}: no such file") from None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError) as error:
        raise RegistryError(f"{path}: cannot be read as a workbook ({error}); save it as .xlsx or .csv") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(raw.decode(encoding))))
        except UnicodeDecodeError:
            continue
    raise RegistryError(f"{path}: neither UTF-8 nor GB18030 text; save the sheet as CSV UTF-8")


def _site(cells: dict[str, str], where: str) -> dict[str, Any]:
    site: dict[str, Any] = {}
    for heading, text in cells.items():
        group, _, key = heading.partition(".")
        if heading in _PLAIN:
            site[heading] = text
        elif heading in _LISTS:
            site[heading] = _list(text)
        elif heading == "administrators":
            site[heading] = _contacts(text)
        elif group == "must_repost":
            site.setdefault(group, {})[key] = _list(text)
        elif group == "columns":
            site.setdefault(group, {})[key] = text
        elif group == "crawl":
            site.setdefault(group, {})[key] = _crawl(key, text, where)
        elif group == "notices":
            raise RegistryError(f"{where}: {heading} holds for the whole registry; write it into a row whose id is notices")
        else:
            raise RegistryError(f"{where}: unknown heading {heading!r}; see docs/registry.md for the headings that exist")
    return site


def _notices(cells: dict[str, str], where: str) -> dict[str, Any]:
    notices: dict[str, Any] = {}
    for heading, text in cells.items():
        group, _, key = heading.partition(".")
        if group == "notices" and key:
            step = key.removeprefix("ladder.")
            (notices if step == key else notices.setdefault("ladder", {}))[step] = typed(step, text)
        elif heading != "id":
            raise RegistryError(f"{where}: the row `notices` has no {heading!r}; its cells stand under headings such as notices.hours")
    return notices


def _crawl(key: str, text: str, where: str) -> object:
    if key == "obey_robots":
        return text.lower() not in ("false", "0", "no", "否")
    if key not in _NUMBERS and key not in _WHOLE:
        return text
    try:
        return float(text) if key in _NUMBERS else int(float(text))
    except ValueError:
        raise RegistryError(f"{where}: crawl.{key}: expected a number, found {text!r}") from None


def _list(text: str) -> list[str]:
    return [part.strip() for part in _SPLIT.split(text) if part.strip()]


def _contacts(text: str) -> list[dict[str, Any]]:
    contacts = []
    for entry in re.split(r"[;；\n]+", text):
        words = entry.split()
        if words:
            contacts.append({"role": words[0], "channels": words[1:]})
    return contacts
