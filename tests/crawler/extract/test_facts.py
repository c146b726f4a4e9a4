"""What pages show beside title, text and rows: metas, outward links, media, cells, foot. Facts; what they are worth is for rules to say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.extract import read
from crawler.extract.beside import MOST_OUTLINKS
from crawler.extract.document import read_document
from crawler.extract.lists import read_list
from crawler.extract.page import Page
from crawler.extract.surface import MOST_TEXT, read_surface
from data.records import DocumentReading, Field, OutLink, PageKind
from spiders.home_facts import newest

URL = "http://a.example/zwgk/t1.html"
Case = dict[str, Any]


def cases(name: str) -> list[Case]:
    return list(yaml.safe_load((Path(__file__).parent / "cases_facts" / f"{name}.yaml").read_text("utf-8")))


def named(found: list[Case]) -> Any:
    return [pytest.param(case, id=case["name"]) for case in found]


def page(body: str, *, head: str = "", url: str = URL) -> Page:
    return Page(f"<html><head><title>页面</title>{head}</head><body>{body}</body></html>".encode(), url)


def document(case: Case) -> DocumentReading:
    text = case.get("text", "<p>各有关单位：请结合实际，认真贯彻执行。</p>")
    title = case.get("title", "关于供水的通知")
    head = case.get("head", "").replace("{500 more}", "字" * 500)
    body = f'<div class="main"><h1>{title}</h1><div class="TRS_Editor">{text}</div></div>{case.get("around", "")}'
    return read_document(page(body, head=head, url=case.get("url", URL)))


def told(links: tuple[OutLink, ...]) -> list[list[str | None]]:
    return [[link.url, link.text, link.hidden] for link in links]


@pytest.mark.parametrize("case", named(cases("documents")))
def test_a_document(case: Case) -> None:
    reading = document(case)
    if "metas" in case:
        assert {name: "cut" if len(value) == 500 else value for name, value in reading.metas.items()} == case["metas"]
    if "outlinks" in case:
        assert told(reading.outlinks) == case["outlinks"]
    if "media" in case:
        assert reading.media == case["media"]
    if "body" in case:
        assert reading.body == case["body"]


@pytest.mark.parametrize("case", named(cases("rows")))
def test_rows(case: Case) -> None:
    reading = read_list(page(f'<div class="main">{case["html"]}</div>', url="http://a.example/list/"))
    assert reading is not None
    cells = [{field.label: field.value for field in entry.cells} for entry in reading.entries]
    if case.get("loose"):  # dates without a head have no label either
        assert [wanted[""] in [field.value for field in entry.cells] for wanted, entry in zip(case["cells"], reading.entries, strict=True)]
    else:
        assert cells == case["cells"]


@pytest.mark.parametrize("case", named(cases("surfaces")))
def test_a_page_as_a_whole(case: Case) -> None:
    surface = read_surface(page(case["html"], url="http://a.example/"))
    lines = {"footer": surface.footer, "text": surface.text}
    for name in ("footer", "text"):
        if name in case:
            assert lines[name] == (case[name] and case[name].replace("\\n", "\n"))
    if "resources" in case:
        assert list(surface.resources) == case["resources"]
    if "outlinks" in case:
        assert told(surface.outlinks) == case["outlinks"]
    if "files" in case:
        assert [file.name for file in surface.attachments] == case["files"]
    if "dated" in case:
        assert (surface.dated, list(surface.days), [list(day) for day in surface.month_days]) == (
            case["dated"], case["days"], case["month_days"],
        )  # fmt: skip


def test_bounds() -> None:
    metas = "".join(f'<meta name="m{number}" content="{number}">' for number in range(100))
    links = "".join(f'<a href="http://x{number}.example.com/">链接</a>' for number in range(MOST_OUTLINKS))
    hidden = '<div style="display:none"><a href="http://hidden.example.com/">藏</a></div>'
    reading = document({"head": metas, "text": f"<p>{links}</p>", "around": hidden})
    assert len(reading.metas) == 60
    assert len(reading.outlinks) == MOST_OUTLINKS
    assert reading.outlinks[0].hidden == "display-none"  # of many the hidden ones are not left out
    row = "<td>2026-11-03</td>" + "".join(f"<td>格{number}</td>" for number in range(30))
    rows = "".join(f'<tr><td><a href="{number}.html">示例区停车管理办法之{number}</a></td>{row}</tr>' for number in (1, 2))
    found = read_list(page(f"<table>{rows}</table>"))
    assert found is not None
    assert [len(entry.cells) for entry in found.entries] == [12, 12]
    assert len(read_surface(page("<p>" + "字" * 30_000 + "</p>")).text) == MOST_TEXT


def test_a_page_is_read_as_a_whole_only_where_its_kind_is_asked_for() -> None:
    body = b"<html><body><ul><li><a href='1.html'>\xe7\x94\xb2</a></li></ul></body></html>"
    assert read(body, URL).surface is None
    reading = read(body, URL, whole=frozenset(PageKind))
    assert reading.surface is not None


def test_cells_are_fields() -> None:
    (case,) = [case for case in cases("rows") if case["name"] == "heads-in-a-thead-of-td"]
    reading = read_list(page(case["html"]))
    assert reading is not None
    assert reading.entries[0].cells[0] == Field("成文日期", "2026-11-03")


@pytest.mark.parametrize(
    ("days", "month_days", "want"),
    [
        (["2026-11-20", "2026-12-01"], [], "2026-11-20"),  # future dates are left out
        (["2026-11-20"], [(11, 19)], "2026-11-20"),
        (["2026-11-20"], [(11, 23)], None),  # a row without a year may be newer: not known
        (["2026-01-03"], [(12, 30)], "2026-01-03"),  # last year's at best
        ([], [(11, 23)], None),
        ([], [(2, 29)], None),
        ([], [(2, 31)], None),
        ([], [], None),
    ],
)
def test_the_newest_day_of_a_home_page(days: list[str], month_days: list[tuple[int, int]], want: str | None) -> None:
    found = newest([date.fromisoformat(day) for day in days], month_days, date(2026, 11, 24))
    assert found == (date.fromisoformat(want) if want else None)
