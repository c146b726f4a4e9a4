"""`gongkai scorecard`: its choices and what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from scorecards.docx import TEMPLATE
from scorecards.scheme import load_scheme
from tests.cli.conftest import Gongkai, one_line

REGISTRY = """
version: 1
region: 示例区
sites:
  - {id: unit, name: 示例局, profile: department, home: "http://127.0.0.1:1/", administrators: [{role: 管理员, channels: ["json://127.0.0.1:1/a"]}]}
supervisors: [{role: 政务公开办, channels: ["json://127.0.0.1:1/b"]}]
"""


class Week:
    """The verb on one registry, in a state folder that no crawl has filled."""

    def __init__(self, gongkai: Gongkai, folder: Path) -> None:
        self.gongkai, self.folder = gongkai, folder
        self.registry(REGISTRY)

    def registry(self, text: str) -> None:
        (self.folder / "registry.yml").write_text(text, encoding="utf-8")

    def __call__(self, *words: object, status: int = 0) -> str:
        place = ("--registry", self.folder / "registry.yml", "--state", self.folder, "--now", "2026-11-23T09:00")
        run = self.gongkai(*words, *place)
        assert run.status == status, run.err
        return run.out if status == 0 else one_line(run.err)

    def card(self) -> dict[str, Any]:
        found = next(self.folder.glob("reports/*/scorecard-*.json"))
        held: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
        return held


@pytest.fixture
def week(gongkai: Gongkai, tmp_path: Path) -> Week:
    return Week(gongkai, tmp_path)


def test_a_scheme_is_chosen_by_name_by_file_and_by_the_registry(week: Week) -> None:
    week("scorecard", "--closed", "--scheme", "national")
    assert week.card()["scheme"] == f"national@{load_scheme('national').version}"
    text = (TEMPLATE.parents[1] / "schemes" / "default.yml").read_text(encoding="utf-8").replace("id: default", "id: ours", 1)
    (week.folder / "ours.yml").write_text(text, encoding="utf-8")
    week.registry(REGISTRY + "scorecard: {scheme: ours.yml}\n")
    week("scorecard", "--closed")
    assert week.card()["scheme"].startswith("ours@")
    week("scorecard", "--closed", "--scheme", "litong-2017")
    assert week.card()["scheme"].startswith("litong-2017@")


def test_units_sheets_are_written_and_queued_for_their_administrators(week: Week) -> None:
    said = week("scorecard", "--closed", "--send")
    assert "1 messages queued for the supervisors, 1 for administrators" in said
    assert sorted(path.name for path in week.folder.glob("reports/2026-W47/units/*")) == ["unit-2026-W47.html", "unit-2026-W47.xlsx"]
    assert "0 messages queued for the supervisors, 0 for administrators" in week("scorecard", "--closed", "--send")


def test_the_notice_is_made_from_an_own_template(week: Week) -> None:
    own = week.folder / "own.docx"
    document = Document(str(TEMPLATE))
    document.paragraphs[0].insert_paragraph_before("区政府办公室 {{ week }} 共 {{ fixes|length }} 项建议")
    document.save(str(own))
    week("scorecard", "--closed", "--template", own)
    made = Document(str(next(week.folder.glob("reports/*/*.docx"))))
    assert made.paragraphs[0].text == "区政府办公室 2026年第47周 共 0 项建议"


@pytest.mark.parametrize("mark", ["{{ nothing_of_the_kind }}", "{% for x in y %}", "{{ ''.__class__.__mro__ }}"])
def test_a_template_that_cannot_be_filled_in_is_refused_in_one_line(week: Week, mark: str) -> None:
    own = week.folder / "own.docx"
    document = Document()
    document.add_paragraph(mark)
    document.save(str(own))
    assert "own.docx: cannot be filled in" in week("scorecard", "--closed", "--template", own, status=2)


def test_what_does_not_exist_is_named(week: Week) -> None:
    assert "dongchangfu-2023" in week("scorecard", "--scheme", "nanjing", status=2)
    assert "no such template" in week("scorecard", "--template", "none.docx", status=2)
    shutil.copyfile(week.folder / "registry.yml", week.folder / "text.docx")
    assert "cannot be filled in" in week("scorecard", "--template", week.folder / "text.docx", status=2)
