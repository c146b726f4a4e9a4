"""`gongkai ledger`: out to a workbook, corrected, and in again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data.database import Database
from data.findings import Change, FindingKey, LedgerChange
from data.ledger import Ledger
from data.records import Confidence, Evidence, Severity, Status, Subject, SubjectKind, Verdict
from data.tasks import load_tasks
from tests.cli.conftest import Gongkai
from tests.support.sites import moment

REGISTRY = """
version: 1
region: 示例区
sites:
  - {id: unit, name: 示例区人民政府, profile: district-portal, home: "http://127.0.0.1:1/"}
"""
FOUND = moment("2026-11-16")


class Office:
    """A registry with three open findings, and the verbs on one day."""

    def __init__(self, gongkai: Gongkai, folder: Path) -> None:
        self.gongkai, self.folder = gongkai, folder
        self.registry, self.book = folder / "registry.yml", folder / "ledger.xlsx"
        self.url = f"sqlite:///{folder / 'gongkai.sqlite'}"
        self.registry.write_text(REGISTRY, encoding="utf-8")
        changes = [_opened(number) for number in range(1, 4)]
        database = Database.open(self.url)
        Ledger(database).apply_changes(changes)
        database.close()

    def __call__(self, *words: object, status: int = 0, day: str = "2026-11-20") -> str:
        run = self.gongkai(*words, "--registry", self.registry, "--state", self.folder, "--now", f"{day}T12:00")
        assert run.status == status, run.err
        return run.out if status == 0 else run.err

    def export(self) -> None:
        self("ledger", "export", "--out", self.book)

    def write(self, finding: str, **cells: object) -> None:
        book: Any = openpyxl.load_workbook(self.book)
        sheet = book["整改台账"]
        heads = [cell.value for cell in sheet[3]]
        row = next(row for row in sheet.iter_rows(min_row=4) if row[heads.index("编号")].value == finding)
        for head, value in cells.items():
            row[heads.index(head)].value = value
        book.save(self.book)

    def findings(self) -> dict[str, dict[str, Any]]:
        return {one["id"]: one for one in map(json.loads, self("findings", "--format", "jsonl").splitlines())}

    def tasks(self) -> dict[str, tuple[str | None, str | None]]:
        database = Database.open(self.url)
        held = load_tasks(database)
        database.close()
        return {name: (task.owner, str(task.due_on) if task.due_on else None) for name, task in held.items()}


def _opened(number: int) -> LedgerChange:
    url = f"http://127.0.0.1:1/{number}.html"
    verdict = Verdict(
        rule="interpretation-in-sync" if number < 3 else "interpretation-not-mere-excerpt", site="unit", status=Status.FAIL, severity=Severity.MAJOR, confidence=Confidence.CONFIRMED,
        subject=Subject(SubjectKind.DOCUMENT, url, f"=文件{number}"), reason="late", message=f"文件{number}未见解读，请核实。", as_of=FOUND,
        clauses=(), evidence=(Evidence(url, FOUND, None, "页面"),),
    )  # fmt: skip
    return LedgerChange(Change.OPENED, FindingKey.of(verdict), FOUND, "核查发现", verdict, None, (FOUND + timedelta(days=14)).date())


@pytest.fixture
def office(gongkai: Gongkai, tmp_path: Path) -> Office:
    made = Office(gongkai, tmp_path)
    made.export()
    return made


def test_what_was_not_touched_changes_nothing(office: Office) -> None:
    assert "nothing differs" in office("ledger", "import", office.book, "--apply", "--by", "办公室")


def test_differences_are_shown_before_they_are_applied(office: Office) -> None:
    office.write("F000001", 责任人="李四", 办结期限="2026年11月27日")
    office.write(
        "F000002",
        处理="情况说明",
        处理依据="本期无应公开信息",
        说明期间起="2026-10-01",
        说明期间止="2026-10-31",
        系数=0.6,
        有效期至="2026-12-31",
    )
    office.write("F000003", 处理="豁免", 处理依据="机构已撤并", 有效期至="2027-03-31")
    shown = office("ledger", "import", office.book)
    assert "F000001　示例区人民政府：责任人 （无） → 李四" in shown
    assert "F000001　示例区人民政府：办结期限 （无） → 2026-11-27" in shown
    assert "处理 （无） → 情况说明（系数 0.6，所述期间 2026-10-01 至 2026-10-31，有效期至 2026-12-31，本期无应公开信息）" in shown
    assert "3 findings would change; nothing is changed yet" in shown
    assert (office.tasks(), {one["state"] for one in office.findings().values()}) == ({}, {"open"})

    assert "3 findings changed, by 王主任" in office("ledger", "import", office.book, "--apply", "--by", "王主任")
    found = office.findings()
    assert [one["state"] for one in found.values()] == ["open", "explained", "waived"]
    assert (found["F000002"]["stay"]["coefficient"], found["F000002"]["stay"]["by"]) == (0.6, "王主任")
    assert office.tasks() == {"F000001": ("李四", "2026-11-27")}
    events = [(event["what"], event["who"]) for one in found.values() for event in one["events"] if event["who"] == "王主任"]
    assert events == [("assigned", "王主任"), ("explained", "王主任"), ("waived", "王主任")]


def test_a_correction_ends_the_old_stay_and_begins_another_and_an_empty_cell_withdraws(office: Office) -> None:
    office("findings", "waive", "F000001", "--by", "甲", "--why", "有据", "--until", "2027-01-31")
    office("findings", "waive", "F000002", "--by", "甲", "--why", "有据", "--until", "2027-01-31")
    office.export()
    office.write("F000001", 有效期至="2027-02-28")
    office.write("F000002", 处理=None, 处理依据=None, 有效期至=None)
    office("ledger", "import", office.book, "--apply", "--by", "乙")
    found = office.findings()
    assert (found["F000001"]["state"], found["F000001"]["stay"]["until"]) == ("waived", "2027-02-28")
    assert [event["what"] for event in found["F000001"]["events"]] == ["opened", "waived", "waiver-withdrawn", "waived"]
    assert found["F000002"]["state"] == "open"


def test_a_released_finding_is_logged(office: Office) -> None:
    office.write("F000003", 处理="核定", 处理依据="人工核对属实")
    office("ledger", "import", office.book, "--apply", "--by", "乙")
    assert office.findings()["F000003"]["events"][-1]["what"] == "released"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"编号": "F000099"}, "编号 F000099: no such finding"),
        ({"编号": "F000002"}, "F000002: stands in 2 rows"),
        ({"整改期限": "2027-01-01"}, "整改期限 was changed"),
        ({"状态": "已整改"}, "状态 was changed"),
        ({"核对码": "0000000000"}, "has changed since this ledger was exported"),
        ({"办结期限": "2026-11-01"}, "is before it was found (2026-11-16)"),
        ({"处理": "豁免"}, "豁免 needs 处理依据 and 有效期至"),
        ({"处理": "豁免", "处理依据": "有据", "有效期至": "2026-11-01"}, "is past; give a last day"),
        ({"处理": "情况说明", "处理依据": "有据", "有效期至": "2026-12-31"}, "needs 说明期间起"),
        ({"系数": 0.5}, "no 处理"),
        ({"处理": "申诉", "处理依据": "有误"}, "not in the ledger"),
        ({"处理": "核定", "处理依据": "属实"}, "waits for no review"),
    ],
)
def test_one_fault_and_nothing_is_loaded(office: Office, cells: dict[str, object], words: str) -> None:
    office.write("F000003", 责任人="李四")
    office.write("F000001", **cells)
    said = office("ledger", "import", office.book, "--apply", "--by", "乙", status=2)
    assert words in said
    assert "Traceback" not in said
    assert all(line.startswith(("gongkai: ", str(office.book))) for line in said.strip().splitlines())
    assert office.tasks() == {}


def test_a_finding_that_changed_since_the_export_is_refused(office: Office) -> None:
    office.write("F000001", 责任人="李四")
    office("findings", "ack", "F000001", "--by", "丙")
    assert "has changed since this ledger was exported" in office("ledger", "import", office.book, "--apply", "--by", "乙", status=2)


def test_who_loads_it_has_to_be_said(office: Office) -> None:
    office.write("F000001", 责任人="李四")
    assert "--by NAME" in office("ledger", "import", office.book, "--apply", status=2)
