"""`gongkai deliveries` and `gongkai schedule` as a person uses them."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from data.database import Database
from data.findings import OutgoingMessage
from data.holding import Right, hold
from data.outbox import Outbox
from tests.alerts.builders import at
from tests.cli.conftest import Gongkai, one_line

NOW = at("2026-11-02")


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """One message that was given up, one that waits; the channel bears a secret."""
    database = Database.open(f"sqlite:///{tmp_path / 'var' / 'gongkai.sqlite'}")
    outbox = Outbox(database)
    for key in ("dead", "queued"):
        outbox.enqueue([OutgoingMessage(key, "示例区 管理员", "json://u:S3cret@127.0.0.1/hook", "administrator", "=题", "正文")], NOW)
    outbox.begin(1, NOW)
    outbox.mark_failed(1, NOW, "failure: HTTP 500", None)
    return outbox


def test_the_log(outbox: Outbox, gongkai: Gongkai, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in gongkai("deliveries", "--format", "jsonl").out.splitlines()]
    assert [(row["id"], row["state"], row["attempts"], row["error"]) for row in rows] == [
        (2, "queued", 0, None),
        (1, "dead", 1, "failure: HTTP 500"),
    ]
    assert [event["what"] for event in rows[1]["events"]] == ["failed", "dead"]
    assert rows[0]["channel"] == "json://***@127.0.0.1/hook"
    assert len(gongkai("deliveries", "--status", "dead", "--format", "csv").out.splitlines()) == 2
    assert gongkai("deliveries", "--format", "xlsx", "--out", tmp_path / "log.xlsx").status == 0
    sheet = openpyxl.load_workbook(tmp_path / "log.xlsx").active
    assert sheet is not None
    assert sheet.max_row == 3
    whole = gongkai("deliveries", "show", "1")
    assert "正文" in whole.out
    assert "failed　failure: HTTP 500" in whole.out
    for run in (whole, gongkai("deliveries"), gongkai("deliveries", "--format", "jsonl")):
        assert "S3cret" not in run.out + run.err
    assert "S3cret" not in (tmp_path / "log.xlsx").read_bytes().decode(errors="replace")


def test_another_try(outbox: Outbox, gongkai: Gongkai) -> None:
    said = gongkai("--now", NOW.isoformat(), "deliveries", "retry", "--dead", "--by", "王五")
    assert said.out.startswith("1 messages are queued again")
    assert [row.state for row in outbox.messages()] == ["queued", "queued"]
    assert "by 王五" in gongkai("deliveries", "show", "1").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("retry",), "which messages"),
        (("retry", "9"), "9: no such message"),
        (("retry", "2"), "2: not given up"),
        (("--status", "lost"), "no such state"),
        (("show", "9"), "no such message"),
    ],
)
def test_what_is_not_there(arguments: tuple[str, ...], said: str, outbox: Outbox, gongkai: Gongkai) -> None:
    run = gongkai("deliveries", *arguments)
    assert run.status == 2
    assert said in one_line(run.err)


def test_the_schedule_is_listed_and_needs_the_real_clock(gongkai: Gongkai, registry: Path) -> None:
    assert "nothing to show" in gongkai("--registry", registry, "schedule", "--list").err
    run = gongkai("--registry", registry, "--now", "2026-11-02T12:00", "schedule")
    assert run.status == 2
    assert "real clock" in one_line(run.err)


def test_once_runs_verbs_and_lists_them(gongkai: Gongkai, registry: Path) -> None:
    registry.write_text(registry.read_text(encoding="utf-8") + "schedule: {probes_per_day: 0}\n", encoding="utf-8")
    run = gongkai("--registry", registry, "--now", "2026-11-02T12:00", "schedule", "--once")
    assert run.status == 0, run
    rows = [json.loads(line) for line in gongkai("--registry", registry, "schedule", "--list", "--format", "jsonl").out.splitlines()]
    tasks = {row["task"]: row for row in rows}
    assert set(tasks) == {"alert", "check", "crawl:unit", "scorecard"}
    assert (tasks["alert"]["status"], tasks["alert"]["next_at"]) == (0, "2026-11-02T12:15:00+08:00")
    assert tasks["crawl:unit"]["next_at"] == "2026-11-03T01:30:00+08:00"


def test_the_week_that_closed(gongkai: Gongkai, registry: Path) -> None:
    run = gongkai("--registry", registry, "scorecard", "--closed", "--week", "2026-W40")
    assert run.status == 2
    assert "--closed" in one_line(run.err)


def test_a_second_scheduler_is_refused(gongkai: Gongkai, registry: Path, tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'var' / 'gongkai.sqlite'}")
    with hold(database, Right.SCHEDULE) as mine:
        assert mine
        run = gongkai("--registry", registry, "schedule")
        assert run.status == 2
        assert "another scheduler runs on this database" in one_line(run.err)
        for_cron = gongkai("--registry", registry, "schedule", "--once")
        assert (for_cron.status, for_cron.err) == (0, "")
    database.close()
