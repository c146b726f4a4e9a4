"""What arrives in a reader's hands: the four forms, read back; hostile text in all of them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from docx import Document

from data.records import Evidence, Subject, SubjectKind
from scorecards import charts
from scorecards.card import build
from scorecards.html import render_html
from scorecards.model import Scorecard
from scorecards.report import write_all
from scorecards.wire import scorecard_json
from tests.scorecards.cases import RULES, SCHEME, GoldenWeek, golden_week, make_registry

GOLDEN = golden_week()
CARD = GOLDEN.build()
SHEETS = [
    "总览", "扣分明细", "整改台账", "待核实与未能观测", "规则统计", "整改建议", "公开事项台账", "问题清单", "任务台账", "单项否决检查表", "突出问题名单",
    "信息数统计",
]  # fmt: skip
HOSTILE = [
    '=HYPERLINK("http://evil.example/","点击")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "http://evil.example/auto-link",
    "<script>alert(1)</script>",
    "</title></style><img src=x onerror=alert(1)>",
    "{{ 7*7 }}{% for x in y %}",
    "& < > \" ' ]]>",
    "控制\x00\x08\x0b\x1f字符\u202e倒写\ud800",
    "$x^2$",
    "长" * 40000,
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    return write_all(CARD, tmp_path_factory.mktemp("out") / "reports")


def by_suffix(paths: tuple[Path, ...], suffix: str) -> Path:
    return next(path for path in paths if path.suffix == suffix)


def rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_files_are_named_by_the_week(written: tuple[Path, ...]) -> None:
    assert [path.name for path in written[:4]] == [f"scorecard-2026-W47.{form}" for form in ("xlsx", "docx", "html", "json")]
    assert all(path.suffix == ".png" for path in written[4:])
    assert len(written) == (7 if charts.cjk_font() else 4)


def test_the_workbook_holds_the_figures_and_live_sums(written: tuple[Path, ...]) -> None:
    path = by_suffix(written, ".xlsx")
    values: Any = openpyxl.load_workbook(path, data_only=True)
    formulas: Any = openpyxl.load_workbook(path)
    assert values.sheetnames == SHEETS
    heads = [cell.value for cell in values["总览"][3]]
    table = {
        row[heads.index("站点编号")]: dict(zip(heads, row, strict=True)) for row in rows(values["总览"]) if row[heads.index("站点编号")]
    }
    assert list(table) == ["portal", "dept-a", "dept-b", "dept-c", "dept-d", "town-4", "town-1", "town-5", "town-2", "town-3"]
    for site, expected in GOLDEN.expected["sites"].items():
        row = table[site]
        assert (row["得分"], row["扣分得分"], row["排名"]) == (expected["score"], expected["deduction_score"], expected["rank"])
        assert (row["适用分值"], row["可评分值"], row["扣分"]) == (expected["applicable"], expected["judged"], expected["deducted"])
    assert table["portal"]["停更栏目"] == "3/5"
    first = [cell.value for cell in formulas["总览"][4]]
    assert first[heads.index("扣分")].startswith("=SUMIFS(")
    assert first[heads.index("扣分得分")] == "=ROUND(ROUND((I4-J4)/I4*100+K4,6),1)"
    detail = rows(values["扣分明细"])
    assert len(detail) == 22 + 1 + 1  # confirmed ones, the waived one, the sum
    assert detail[-1][5] == sum(site.deducted for site in CARD.sites)
    assert rows(formulas["扣分明细"])[-1][5] == "=SUM(F4:F26)"


def test_the_workbook_is_set_up_for_reading_and_print(written: tuple[Path, ...]) -> None:
    book: Any = openpyxl.load_workbook(by_suffix(written, ".xlsx"))
    for sheet in book:
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$3:$3"
    ledger = [cell.value for cell in book["整改台账"][3]]
    assert ledger[:9] == ["序号", "单位", "问题", "依据", "位置", "发现时间", "整改期限", "状态", "整改情况"]
    assert [row[9] for row in rows(book["整改台账"])] == GOLDEN.expected["ledger"]
    assert [len(book[name]._charts) for name in ("总览", "规则统计")] == [1, 1]


def test_the_notice_has_three_parts_and_four_annexes(written: tuple[Path, ...]) -> None:
    document = Document(str(by_suffix(written, ".docx")))
    text = [paragraph.text for paragraph in document.paragraphs]
    assert text[0] == "关于示例区政务公开栏目监测情况的通报"
    assert [line for line in text if line[:2] in ("一、", "二、", "三、")] == ["一、总体情况", "二、主要问题", "三、下一步工作要求"]
    assert [line for line in text if line.startswith("附件") and "\u3000" in line] == [
        "附件1\u3000得分排名", "附件2\u3000扣分明细", "附件3\u3000整改台账", "附件4\u3000待核实与未能观测情况"
    ]  # fmt: skip
    assert set(GOLDEN.expected["sentences"]) <= set(text)
    assert "政策与解读同步发布：涉及 3 家单位、5 处。" in text
    assert [len(table.rows) for table in document.tables] == [11, 24, 6, 13]
    assert not any("{{" in line or "{%" in line for line in text)


def test_the_page_is_self_contained_and_shows_every_unit(written: tuple[Path, ...]) -> None:
    page = BeautifulSoup(by_suffix(written, ".html").read_text(encoding="utf-8"), "lxml")
    assert not page.select("script, link, iframe, img, object, embed, [src], [onerror], [onclick]")
    assert page.style is not None
    assert not {"url(", "@import"} & set(re.findall(r"url\(|@import", page.style.text))
    assert {node["id"] for node in page.select("details.site")} == {f"site-{site.site}" for site in CARD.sites}
    assert len(page.select("svg.chart")) == 2
    text = page.get_text()
    for sentence in GOLDEN.expected["sentences"]:
        assert sentence in text
    portal = page.select_one("#site-portal")
    assert portal is not None
    assert "得分 =（80 − 21.5）÷ 80 × 100 = 73.1" in portal.get_text()
    assert len(portal.select(".item.lost")) == 8
    assert all(item.select_one("blockquote") and item.select_one("a[href^=http]") for item in portal.select(".item.lost"))


def test_the_json_holds_every_unit_with_plain_values(written: tuple[Path, ...]) -> None:
    text = by_suffix(written, ".json").read_text(encoding="utf-8")
    value = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} in JSON"))
    assert list(value)[:4] == ["week", "first_day", "last_day", "closed"]
    assert (value["week"], value["closed"]) == ("2026-W47", True)
    made = {site["site"]: (site["score"], site["grade"], site["coverage"]) for site in value["sites"]}
    assert made == {site: (row["score"], row["grade"], row["coverage"]) for site, row in GOLDEN.expected["sites"].items()}
    assert all(math.isfinite(number) for number in numbers(value))


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)


def test_the_same_scorecard_gives_the_same_bytes(written: tuple[Path, ...], tmp_path: Path) -> None:
    again = write_all(GOLDEN.build(), tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]


def test_without_a_chinese_font_there_are_no_pictures_and_a_word_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(charts, "cjk_font", lambda: None)
    paths = write_all(CARD, tmp_path)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".docx", ".html", ".json", ".xlsx"]
    assert len(paths) == 4
    assert "fonts-noto-cjk" in caplog.text


def hostile_week() -> tuple[GoldenWeek, Scorecard]:
    """The golden week with hostile text wherever a page or a registry can put some."""
    verdicts = []
    for number, verdict in enumerate(GOLDEN.verdicts):
        text = HOSTILE[number % len(HOSTILE)]
        subject = Subject(verdict.subject.kind, verdict.subject.url, text, None)
        if verdict.subject.kind is not SubjectKind.SITE and number % 3 == 0:
            subject = replace(subject, url=f"javascript:alert({number})")
        evidence = (Evidence("javascript:alert(1)", verdict.as_of, None, text),)
        verdicts.append(replace(verdict, subject=subject, message=f"疑似问题：{text}" if number % 2 else text, evidence=evidence))
    named = {
        site.id: {"profile": str(site.profile), "name": HOSTILE[0] if site.id == "portal" else site.name}
        for site in GOLDEN.registry.sites
        if site.scored
    }
    named["town-4"]["name"] = HOSTILE[5]
    week = replace(GOLDEN, verdicts=tuple(verdicts), registry=make_registry(named, "<b>示例区</b>"))
    return week, week.build()


def test_hostile_text_arrives_as_text_in_every_form(tmp_path: Path) -> None:
    week, card = hostile_week()
    paths = write_all(card, tmp_path)
    book: Any = openpyxl.load_workbook(by_suffix(paths, ".xlsx"))
    seen = []
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    assert str(cell.value).startswith(("=SUM(", "=SUMIFS(", "=ROUND(", "=G")), cell.value
                seen.append(cell.value)
    assert HOSTILE[0] in seen

    document = Document(str(by_suffix(paths, ".docx")))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    words += "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for text in (*HOSTILE[:8], "控制 字符 倒写"):
        assert text in words, text

    page = BeautifulSoup(by_suffix(paths, ".html").read_text(encoding="utf-8"), "lxml")
    assert not page.select("script, img, [onerror], a[href^='javascript']")
    shown = page.get_text()
    for text in HOSTILE[:8]:
        assert text in shown, text
    assert page.title is not None
    assert page.title.text.startswith("<b>示例区</b>")
    assert len(page.select("details.site")) == len(card.sites)

    assert HOSTILE[4] in by_suffix(paths, ".json").read_text(encoding="utf-8")
    assert len(week.verdicts) == len(GOLDEN.verdicts)


def test_a_district_without_anything_observed_has_all_forms(tmp_path: Path) -> None:
    registry = make_registry({"portal": {"profile": "district-portal", "name": "示例区人民政府"}}, "")
    card = build(GOLDEN.week, registry, {}, [], [], [], [], GOLDEN.as_of, SCHEME)
    assert [(site.standing.value, site.score, site.coverage) for site in card.sites] == [("unobserved", None, None)]
    assert len(write_all(card, tmp_path)) == 4
    sheet: Any = openpyxl.load_workbook(tmp_path / "scorecard-2026-W47.xlsx")["扣分明细"]
    assert sheet["A4"].value == "本周无此类情况"


def test_a_registry_of_upper_sites_alone_has_all_forms(tmp_path: Path) -> None:
    registry = make_registry({})
    card = build(GOLDEN.week, registry, RULES, [], [], [], [], GOLDEN.as_of, SCHEME)
    assert (card.totals.units, card.groups, card.trend) == (0, (), ())
    assert len(write_all(card, tmp_path)) == 4


def test_a_week_that_is_not_over_says_so() -> None:
    early = replace(GOLDEN, as_of=GOLDEN.week.ends_at.replace(hour=0)).build()
    assert early.closed
    card = replace(CARD, closed=False)
    assert "阶段性结果" in render_html(card)
    assert '"closed": false' in scorecard_json(card)
