"""Whole rounds over a real database and real receivers, and rounds that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from alerts.acts import release, waive
from alerts.pace import BACKOFF
from alerts.round import dry_run, run_round
from data.calendar import WorkCalendar
from data.database import Database
from data.findings import MessageState
from data.ledger import Ledger
from data.outbox import Outbox
from data.records import CrawlState, FindingState, Verdict
from data.registry import Registry
from data.registry_notices import FindingOptions
from data.registry_rules import RuleOverride
from data.store import Store
from tests.alerts.builders import REPORTED, REVIEWED, RULE, RULES, at, make_registry, make_site, make_verdict
from tests.alerts.receivers import Answer, Hook, http_hook, smtp_server

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-11-02"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    with http_hook() as hook:
        yield hook


def registry_of(hook: Hook, channel: str | None = None) -> Registry:
    return make_registry(make_site(channels=(channel or hook.url("/hook"),)), supervisor=hook.url("/supervisor"))


def titles(hook: Hook, path: str = "/") -> list[str]:
    return [str(said["title"]) for said in hook.bodies(path)]


def test_a_finding_is_told_as_new_as_overdue_and_as_resolved_once_each(database: Database, hook: Hook) -> None:
    registry, said = registry_of(hook), []
    days = [
        (DAY, "fail"),
        (DAY, "fail"),
        ("2026-11-03", "fail"),
        ("2026-11-12", "fail"),
        ("2026-11-17", "fail"),
        ("2026-11-18", "fail"),
        ("2026-11-23", "fail"),
        ("2026-11-30", "fail"),
        ("2026-12-14", "fail"),
        ("2026-12-15", "pass"),
        ("2026-12-16", "pass"),
    ]
    for day, status in days:
        run_round(database, registry, RULES, [make_verdict(day, status)], at(day))
        said.append(len(titles(hook, "/hook")))
    assert said == [1, 1, 1, 2, 3, 3, 4, 5, 6, 7, 7]
    assert [title.partition("：")[2] for title in titles(hook, "/hook")] == [
        "新发现问题1项",
        "整改期限将至1项",
        "超期提醒1项",
        "督办1项",
        "已报主管部门1项",
        "仍待整改1项",
        "已整改1项",
    ]
    assert [title.partition("：")[2] for title in titles(hook, "/supervisor")] == [
        "近期新发现1项、已整改0项",
        "超期未整改1项",
        "近期新发现0项、已整改1项",
    ]
    (finding,) = Ledger(database).findings()
    assert finding.state is FindingState.RESOLVED
    told = [event.what for event in finding.events if event.what.startswith("told-")]
    assert told == ["told-new", "told-reminder", "told-overdue", "told-urged", "told-escalated", "told-resolved"]


def test_a_waiver_that_ends_is_said_by_the_ledger_and_told_again_to_nobody_before(database: Database, hook: Hook) -> None:
    registry = registry_of(hook)
    run_round(database, registry, RULES, [make_verdict()], at(DAY))
    ledger = Ledger(database)
    (finding,) = ledger.findings()
    ledger.store_acts([waive(finding, "王五", "机构改革期间", at("2026-11-03"), date(2026, 11, 20), FindingOptions())])
    for day in ("2026-11-17", "2026-11-20"):
        run_round(database, registry, RULES, [make_verdict(day)], at(day))
    assert len(titles(hook, "/hook")) == 1
    assert dry_run(database, registry, RULES, [make_verdict("2026-11-23")], at("2026-11-23")).messages == ()
    run_round(database, registry, RULES, [make_verdict("2026-11-23")], at("2026-11-23"))
    (finding,) = ledger.findings()
    assert (finding.state, finding.stay, finding.rectify_by) == (FindingState.NOTIFIED, None, date(2026, 12, 4))
    assert finding.events[-1].what == "waiver-expired"
    run_round(database, registry, RULES, [make_verdict("2026-12-07")], at("2026-12-07"))
    assert titles(hook, "/hook")[-1].endswith("超期提醒1项")


def test_the_operator_hears_of_what_is_ours_and_the_sites_do_not(database: Database, hook: Hook) -> None:
    store = Store(database)
    ticket = store.begin("district", "host:1", at("2026-10-20"), replayed=False)
    store.finish(ticket, at("2026-10-20"), CrawlState.COMPLETE, None, requests=1, pages=1, faults={})
    for day in ("2026-11-01", DAY):
        ticket = store.begin("district", "host:1", at(day), replayed=False)
        store.finish(ticket, at(day), CrawlState.BLOCKED, "timeout", requests=1, pages=0, faults={"timeout": 1})
    registry = make_registry(make_site(channels=(hook.url("/hook"),)), supervisor=None, operator=hook.url("/operator"))
    for _ in range(2):
        report = run_round(database, registry, RULES, [make_verdict(status="inconclusive")], at(DAY))
    (said,) = hook.bodies("/operator")
    assert str(said["title"]) == "【监测运维】示例区：未能读取1项、数据过期1项"
    assert "11月1日12:00" in str(said["message"]) or "2026年11月1日12:00" in str(said["message"])
    assert (report.messages, titles(hook, "/hook")) == ((), [])
    nobody = make_registry(make_site(channels=()), supervisor=None)
    assert run_round(database, nobody, RULES, [], at("2026-11-03")).untold == ()  # both were said to the operator there was


def test_a_first_week_is_recorded_and_told_to_nobody(database: Database, hook: Hook) -> None:
    store = Store(database)
    ticket = store.begin("district", "host:1", at(DAY), replayed=False)
    store.finish(ticket, at(DAY), CrawlState.COMPLETE, None, requests=1, pages=1, faults={})
    run_round(database, registry_of(hook), RULES, [make_verdict()], at(DAY))
    (finding,) = Ledger(database).findings()
    assert (finding.state, finding.rectify_by, hook.received) == (FindingState.OPEN, date(2026, 11, 23), [])  # ten days from its end
    run_round(database, registry_of(hook), RULES, [make_verdict("2026-11-09")], at("2026-11-09"))
    assert titles(hook, "/hook") == ["【政务公开监测】示例区人民政府：新发现问题1项"]


def test_at_night_the_digest_waits_and_is_made_afresh(database: Database, hook: Hook) -> None:
    report = run_round(database, registry_of(hook), RULES, [make_verdict(f"{DAY}T01:30")], at(f"{DAY}T01:30"))
    assert (report.waiting, report.opens_at, report.enqueued) == (1, at(f"{DAY}T08:30"), 0)
    later = run_round(database, registry_of(hook), RULES, [make_verdict(f"{DAY}T01:30")], at(f"{DAY}T08:30"))
    assert (later.waiting, later.count("sent")) == (0, 2)


def test_dry_run_stores_and_sends_nothing(database: Database, hook: Hook) -> None:
    channel = f"json://u:S3cret@127.0.0.1:{hook.port}/hook"
    report = dry_run(database, registry_of(hook, channel), RULES, [make_verdict()], at(DAY))
    assert [(message.audience, message.state) for message in report.messages] == [
        ("示例区人民政府 网站管理员", "planned"),
        ("政务公开办", "planned"),
    ]
    assert "S3cret" not in str(report)
    assert report.messages[0].channel == f"json://***@127.0.0.1:{hook.port}/hook"
    assert "未见该文件公开，请核实" in report.messages[0].body
    assert "编号待定" in report.messages[0].body
    assert (hook.received, Ledger(database).findings(), Outbox(database).messages()) == ([], (), ())


def test_nothing_on_suspicion_and_doubt(database: Database, hook: Hook) -> None:
    verdicts = [make_verdict(confidence="suspected"), make_verdict(status="inconclusive", url="http://127.0.0.11/b.html")]
    report = run_round(database, registry_of(hook), RULES, verdicts, at(DAY))
    assert (report.messages, hook.received) == ((), [])


def test_killed_between_enqueue_and_send(database: Database, hook: Hook) -> None:
    registry, verdicts = registry_of(hook), [make_verdict()]
    queued = run_round(database, registry, RULES, verdicts, at(DAY), send=False)
    assert (queued.enqueued, queued.count("queued"), hook.received) == (2, 2, [])
    report = run_round(database, registry, RULES, verdicts, at(DAY))
    assert (report.count("sent"), report.uncertain) == (2, 0)
    assert len(hook.received) == 2


KILLED = """
import sys
sys.path.insert(0, {root!r})
from alerts.round import run_round
from data.database import Database
from tests.alerts.builders import REPORTED, REVIEWED, RULE, RULES, at, make_registry, make_site, make_verdict
registry = make_registry(make_site(channels=({channel!r},)), supervisor=None)
run_round(Database.open({url!r}), registry, RULES, [make_verdict()], at("2026-11-02"))
"""


def test_killed_while_the_channel_answers(tmp_path: Path) -> None:
    """The one case where a message may arrive twice: the process dies after the channel took it and before it could know."""
    url = f"sqlite:///{tmp_path / 'gongkai.sqlite'}"
    database = Database.open(url)
    child: list[subprocess.Popen[bytes]] = []

    def answer(path: str) -> Answer:
        if child[0].poll() is None:
            os.kill(child[0].pid, signal.SIGKILL)
            child[0].wait()
        return 200, {}

    with http_hook(answer) as hook:
        channel = hook.url("/hook")
        script = KILLED.format(root=str(ROOT), channel=channel, url=url)
        child.append(subprocess.Popen([sys.executable, "-c", script], cwd=ROOT))
        child[0].wait(60)
        (left,) = Outbox(database).messages()
        assert (left.state, left.attempts) == (MessageState.SENDING, 1)
        registry = make_registry(make_site(channels=(channel,)), supervisor=None)
        report = run_round(database, registry, RULES, [make_verdict()], at(DAY))
        assert (report.count("sent"), report.uncertain) == (1, 1)
        again = run_round(database, registry, RULES, [make_verdict()], at(DAY))
        assert again.messages == ()
        assert len(hook.received) == 2
    database.close()


def test_a_failing_channel_stops_no_other_and_is_tried_again(database: Database, hook: Hook) -> None:
    hook.answer = lambda path: (500, {}) if path == "/bad" else (200, {})
    sites = make_site("a", (hook.url("/bad"), hook.url("/good"))), make_site("b", ("wecombot://${NO_SUCH_KEY}",))
    registry = make_registry(*sites, supervisor=None)
    verdicts = [make_verdict(site="a"), make_verdict(site="b")]
    report = run_round(database, registry, RULES, verdicts, at(DAY), environ={})
    assert (report.count("sent"), len(report.failed)) == (1, 2)
    assert any("NO_SUCH_KEY" in str(message.error) for message in report.failed)
    (waits,) = run_round(database, registry, RULES, verdicts, at(DAY), environ={}).messages
    assert (waits.state, waits.attempts) == ("queued", 0), "a missing variable costs no attempt"
    hook.answer = lambda path: (200, {})
    later = run_round(database, registry, RULES, verdicts, at(DAY) + BACKOFF[0], environ={})
    assert (later.count("sent"), len(later.failed)) == (1, 1)
    assert sorted(path for path, _ in hook.received) == ["/bad", "/bad", "/good"]


def test_given_up_after_the_last_attempt(database: Database, hook: Hook) -> None:
    hook.answer = lambda path: (500, {})
    registry = make_registry(make_site(channels=(hook.url("/bad"),)), supervisor=None)
    now, states = at(DAY), []
    for wait in (*BACKOFF, timedelta(days=30)):
        report = run_round(database, registry, RULES, [make_verdict()], now)
        states.append(report.messages[0].state)
        now += wait
    assert states == ["queued"] * len(BACKOFF) + ["dead"]
    assert run_round(database, registry, RULES, [make_verdict()], now).messages == ()
    (row,) = Outbox(database).messages()
    assert row.state is MessageState.DEAD
    assert row.last_error is not None


def test_another_sender_is_left_to_it(database: Database, database_url: str, hook: Hook) -> None:
    other = Database.open(database_url)
    with Outbox(other).sending():
        report = run_round(database, registry_of(hook), RULES, [make_verdict()], at(DAY))
    other.close()
    assert report.busy
    assert hook.received == []
    assert run_round(database, registry_of(hook), RULES, [make_verdict()], at(DAY)).count("sent") == 2


def test_secrets_stay_out_of_the_database_but_for_the_channel(database: Database, hook: Hook) -> None:
    hook.answer = lambda path: (500, {})
    registry = registry_of(hook, f"json://u:${{HOOK_PASSWORD}}@127.0.0.1:{hook.port}/${{HOOK_PASSWORD}}")
    run_round(database, registry, RULES, [make_verdict()], at(DAY), environ={"HOOK_PASSWORD": "S3cretT0ken"})
    assert "S3cretT0ken" not in str(Outbox(database).messages())
    assert {path for path, _ in hook.received} == {"/S3cretT0ken", "/supervisor"}


def test_mail_of_a_whole_round(database: Database, hook: Hook) -> None:
    verdicts: list[Verdict] = [make_verdict(), make_verdict(status="due-soon", url="http://127.0.0.11/b.html", due="2026-11-05T23:59:59")]
    with smtp_server() as box:
        channel = f"mailto://127.0.0.1:{box.port}?from=jiance@example.cn&to=wang@example.cn"
        run_round(database, registry_of(hook, channel), RULES, verdicts, at(DAY))
        run_round(database, registry_of(hook, channel), RULES, verdicts, at(DAY))
        (mail,) = box.mails
    assert mail["Subject"] == "【政务公开监测】示例区人民政府：新发现问题1项、即将到期1项"
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "请于 2026年11月16日 前核实整改。编号 F000001" in plain.get_content()


def test_nobody_to_tell_is_reported(database: Database, hook: Hook) -> None:
    report = run_round(database, make_registry(make_site(channels=()), supervisor=None), RULES, [make_verdict()], at(DAY))
    assert [(untold.site, untold.items) for untold in report.untold] == [("district", 1)]
    later = run_round(database, registry_of(hook), RULES, [make_verdict()], at(DAY))
    assert later.untold == ()
    assert "新发现问题1项" in titles(hook, "/hook")[0]


def test_stale_verdicts_are_reported_and_tell_nobody(database: Database, hook: Hook) -> None:
    report = run_round(database, registry_of(hook), RULES, [make_verdict()], at("2026-11-20"))
    assert (report.stale, hook.received) == (1, [])


def test_a_reviewed_finding_reaches_its_unit_by_a_persons_hand_alone(database: Database, hook: Hook) -> None:
    registry, ledger = registry_of(hook), Ledger(database)
    verdicts = [make_verdict(rule=REVIEWED)]
    run_round(database, registry, RULES, verdicts, at(DAY))
    assert titles(hook, "/hook") == []
    assert titles(hook, "/supervisor") == ["【政务公开监测】示例区：待人工核实1项"]
    (held,) = ledger.findings()
    assert (held.state, held.rectify_by) == (FindingState.OPEN, None)  # a delivered question notifies no unit
    run_round(database, registry, RULES, [make_verdict("2026-11-03", rule=REVIEWED)], at("2026-11-03"))
    ledger.store_acts([release(held, RULES[REVIEWED], "赵六", "经核实属实", at("2026-11-04"), WorkCalendar())])
    run_round(database, registry, RULES, [make_verdict("2026-11-04", rule=REVIEWED)], at("2026-11-04T13:00"))
    (held,) = ledger.findings()
    assert (held.state, held.rectify_by) == (FindingState.NOTIFIED, date(2026, 11, 11))
    assert titles(hook, "/hook") == ["【政务公开监测】示例区人民政府：新发现问题1项"]
    assert [event.what for event in held.events] == ["opened", "told-review", "released", "told-new", "notified"]


def test_what_is_only_reported_is_never_told(database: Database, hook: Hook) -> None:
    verdicts = [
        make_verdict(rule=REPORTED),
        make_verdict(status="due-soon", rule=REPORTED, url="http://127.0.0.11/b.html", due=f"{DAY}T23:00"),
    ]
    assert run_round(database, registry_of(hook), RULES, verdicts, at(DAY)).messages == ()
    (held,) = Ledger(database).findings()
    assert held.rectify_by is None


def test_a_finding_whose_rule_goes_out_of_force_closes_and_says_why(database: Database, hook: Hook) -> None:
    registry = registry_of(hook)
    run_round(database, registry, RULES, [make_verdict()], at(DAY))
    exempt = {RULE: RuleOverride(enabled=False, why="该单位无此项职责")}
    without = registry.model_copy(update={"sites": (registry.sites[0].model_copy(update={"rules": exempt}),)})
    assert dry_run(database, without, RULES, [], at("2026-11-03")).changes == {"out-of-force": 1}
    run_round(database, without, RULES, [], at("2026-11-03"))
    run_round(database, without, RULES, [], at("2026-11-04"))
    (held,) = Ledger(database).findings()
    assert held.state is FindingState.RESOLVED
    assert [event.what for event in held.events] == ["opened", "told-new", "notified", "out-of-force", "told-resolved"]
    assert "该单位无此项职责" in held.events[3].why
    run_round(database, registry, RULES, [make_verdict("2026-11-05")], at("2026-11-05"))
    (held,) = Ledger(database).findings()
    assert "reopened" in [event.what for event in held.events]
