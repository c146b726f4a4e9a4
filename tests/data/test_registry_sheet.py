"""A registry kept as a sheet says what the YAML says."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from data.errors import RegistryError
from data.registry import Registry
from data.registry_sheet import read_sheet

HEADINGS = [
    "id", "name", "unit", "level", "profile", "home", "parent", "upper", "site_code", "role", "columns.zcwj", "crawl.delay", "crawl.obey_robots",
    "must_repost.columns", "must_repost.title_any", "administrators",
]  # fmt: skip
ROWS = [
    [
        "example-portal", "示例区人民政府", "办公室", "county", "district-portal", "http://127.0.0.11:8080/", "", "city-portal, province-portal", "9900000011", "",
        "http://127.0.0.11:8080/zcwj/", "0.5", "否", "", "", "网站管理员 json://127.0.0.1:9000/a mailto://x:y@mail.example; 分管领导 json://127.0.0.1:9000/b",
    ],
    ["", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""],
    ["city-portal", "示例市", "", "city", "", "http://127.0.0.10/", "", "", "", "upstream", "", "", "", "http://127.0.0.10/a/；http://127.0.0.10/b/", "通知，意见", ""],
    ["province-portal", "示例省", "", "province", "", "http://127.0.0.9/", "", "", "", "upstream", "", "", "", "http://127.0.0.9/a/", "", ""],
    ["supervisors", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "政务公开办 json://127.0.0.1:9000/supervisor"],
]  # fmt: skip


def as_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8-sig") -> Path:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def as_xlsx(path: Path, rows: list[list[str]]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([cell or None for cell in row])
    book.save(path)
    return path


@pytest.mark.parametrize("form", ["utf-8-sig", "utf-8", "gb18030", "xlsx"])
def test_sheet(form: str, tmp_path: Path) -> None:
    table = [HEADINGS, *ROWS]
    path = as_xlsx(tmp_path / "示例区.xlsx", table) if form == "xlsx" else as_csv(tmp_path / "示例区.csv", table, form)
    registry = Registry.parse(read_sheet(path), str(path))
    portal, city, _ = registry.sites
    assert (registry.region, portal.upper, portal.site_code) == ("示例区", ("city-portal", "province-portal"), "9900000011")
    assert (portal.crawl.delay, portal.crawl.obey_robots, dict(portal.columns)) == (0.5, False, {"zcwj": "http://127.0.0.11:8080/zcwj/"})
    assert [(one.role, len(one.channels)) for one in portal.administrators] == [("网站管理员", 2), ("分管领导", 1)]
    assert city.must_repost is not None
    assert (len(city.must_repost.columns), city.must_repost.title_any) == (2, ("通知", "意见"))
    assert [one.role for one in registry.supervisors] == ["政务公开办"]


def test_numbers_typed_as_numbers(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "name", "profile", "home", "site_code", "crawl.concurrency", "crawl.delay"])
    sheet.append(["a", "甲", "town", "http://a.example/", 9900000011, 2, 1])
    book.save(tmp_path / "r.xlsx")
    (site,) = Registry.parse(read_sheet(tmp_path / "r.xlsx"), "r.xlsx").sites
    assert (site.site_code, site.crawl.concurrency, site.crawl.delay) == ("9900000011", 2, 1.0)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["名称", "网址"], ["甲", "http://a.example/"]], "row 1: expected headings with id, name, home"),
        ([], "row 1: expected headings"),
        ([["id", "hmoe"], ["a", "x"]], "row 2: unknown heading 'hmoe'"),
        ([["id", "crawl.delay"], ["a", "fast"]], "row 2: crawl.delay: expected a number, found 'fast'"),
    ],
)
def test_fault(rows: list[list[str]], said: str, tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=said.replace(".", r"\.")) as caught:
        read_sheet(as_csv(tmp_path / "r.csv", rows))
    assert "\n" not in str(caught.value)


def test_files(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="no such file"):
        read_sheet(tmp_path / "r.xlsx")
    (tmp_path / "r.xlsx").write_bytes(b"no workbook")
    with pytest.raises(RegistryError, match="cannot be read as a workbook"):
        read_sheet(tmp_path / "r.xlsx")
    (tmp_path / "r.csv").write_bytes(b"\xff\xff\xff")
    with pytest.raises(RegistryError, match="neither UTF-8 nor GB18030"):
        read_sheet(tmp_path / "r.csv")


def test_operators_and_notices_have_rows_of_their_own(tmp_path: Path) -> None:
    headings = [
        "id",
        "name",
        "home",
        "profile",
        "administrators",
        "notices.hours",
        "notices.workdays_only",
        "notices.due_soon",
        "notices.ladder.urge",
    ]
    rows = [
        ["unit", "示例", "http://127.0.0.1/", "town", "", "", "", "", ""],
        ["operators", "", "", "", "系统运维 json://127.0.0.1/op", "", "", "", ""],
        ["notices", "", "", "", "", "09:00-17:00", "否", "3，0", "4"],
    ]
    registry = Registry.parse(read_sheet(as_csv(tmp_path / "a.csv", [headings, *rows])), "a.csv")
    assert [one.role for one in registry.operators] == ["系统运维"]
    notices = registry.notices
    assert (notices.hours, notices.workdays_only, notices.due_soon, notices.ladder.urge) == ("09:00-17:00", False, (3, 0), 4)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["notices", "x", ""], "row 2: the row `notices` has no 'name'"),
        (["unit", "", "09:00-17:00"], "row 2: notices.hours holds for the whole registry; write it into a row whose id is notices"),
        (["notices", "", "early"], "notices.hours: 'early' are no hours of a day"),
    ],
)
def test_notices_in_the_wrong_place(row: list[str], said: str, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "a.csv", [["id", "name", "notices.hours"], row, ["unit", "示例", ""]])
    with pytest.raises(RegistryError) as caught:
        Registry.parse(read_sheet(path), str(path))
    assert said in str(caught.value)
