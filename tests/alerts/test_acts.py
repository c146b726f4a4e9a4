"""What persons do to findings, as computed and as stored, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError as SqlError

from alerts import acts
from alerts.ledger import apply
from data.calendar import WorkCalendar
from data.database import Database
from data.errors import FindingStateError
from data.findings import Act, times_found
from data.ledger import Ledger
from data.records import Finding, FindingState, StayEnd, StayKind
from data.registry_notices import FindingOptions
from tests.alerts.builders import RULE, RULES, at, make_verdict
from tests.alerts.test_notices import load, make_finding

NOW, CALENDAR, OPTIONS = at("2026-11-04"), WorkCalendar(), FindingOptions()
LATER, PERIOD = date(2026, 12, 31), (date(2026, 1, 1), date(2026, 12, 31))

ACTS: dict[str, Callable[[Finding], Act]] = {
    "ack": lambda held: acts.acknowledge(held, "张三", "已签收", NOW),
    "appeal": lambda held: acts.appeal(held, "张三", "该文件未公开系依法不予公开", NOW),
    "dismiss": lambda held: acts.decide(held, "李四", "证据不足", NOW, upheld=False, until=None, options=OPTIONS, calendar=CALENDAR),
    "uphold": lambda held: acts.decide(held, "李四", "属实", NOW, upheld=True, until=LATER, options=OPTIONS, calendar=CALENDAR),
    "uphold-for-ever": lambda held: acts.decide(held, "李四", "属实", NOW, upheld=True, until=None, options=OPTIONS, calendar=CALENDAR),
    "withdraw": lambda held: acts.withdraw(held, "李四", "情况变化", NOW, CALENDAR),
    "waive": lambda held: acts.waive(held, "王五", "机构改革期间", NOW, LATER, OPTIONS),
    "waive-for-ever": lambda held: acts.waive(held, "王五", "…", NOW, date(2099, 1, 1), OPTIONS),
    "waive-in-the-past": lambda held: acts.waive(held, "王五", "…", NOW, date(2026, 11, 3), OPTIONS),
    "explain": lambda held: acts.explain(held, "张三", "本年度未制定", NOW, PERIOD, LATER, OPTIONS),
    "explain-backwards": lambda held: acts.explain(held, "张三", "…", NOW, (PERIOD[1], PERIOD[0]), LATER, OPTIONS),
    "explain-too-much": lambda held: acts.explain(held, "张三", "…", NOW, PERIOD, LATER, OPTIONS, 1.2),
    "explain-for-ever": lambda held: acts.explain(held, "张三", "…", NOW, PERIOD, date(2027, 12, 31), OPTIONS),
    "nobody": lambda held: acts.acknowledge(held, " ", "已签收", NOW),
    "release": lambda held: acts.release(held, RULES[held.verdict.rule], "赵六", "经核实属实", NOW, CALENDAR),
    "no-reason": lambda held: acts.appeal(held, "张三", "", NOW),
}


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    database = Database.open(database_url)
    ledger = Ledger(database)
    ledger.apply_changes(apply([make_verdict()], {}, at("2026-11-02"), CALENDAR, RULES))
    yield ledger
    database.close()


@pytest.mark.parametrize("case", load("acts.yml"), ids=lambda case: case["case"])
def test_machine(case: dict[str, Any]) -> None:
    start = case.get("from", "open")
    finding = make_finding(
        [("opened", "2026-11-02"), *([(start, "2026-11-02")] if start != "open" else [])], start, rule=case.get("rule", RULE)
    )
    for name, expected in case["steps"]:
        if expected.startswith("!"):
            with pytest.raises(FindingStateError) as refused:
                ACTS[name](finding)
            assert expected[1:] in str(refused.value)
            assert str(refused.value).startswith("F000001: ")
            assert "\n" not in str(refused.value)
            continue
        finding = acts.after(finding, ACTS[name](finding))
        assert finding.state is FindingState(expected), name
        assert (finding.stay is not None) == (expected in ("waived", "explained", "appealed"))


def test_what_is_done_is_stored_with_who_and_why(ledger: Ledger) -> None:
    done = []
    for name in ("ack", "appeal", "uphold", "withdraw", "explain"):
        (held,) = ledger.findings()
        act = ACTS[name](held)
        ledger.store_acts([act])
        (stored,) = ledger.findings()
        assert stored == acts.after(held, act)
        done.append((stored.state.value, stored.events[-1].who, stored.events[-1].what))
    assert done == [
        ("acknowledged", "张三", "acknowledged"),
        ("appealed", "张三", "appealed"),
        ("waived", "李四", "appeal-upheld"),
        ("acknowledged", "李四", "waiver-withdrawn"),
        ("explained", "张三", "explained"),
    ]
    (stored,) = ledger.findings()
    assert [(stay.kind.value, stay.end) for stay in stored.stays] == [
        ("appeal", StayEnd.UPHELD), ("waiver", StayEnd.WITHDRAWN), ("explanation", None),
    ]  # fmt: skip
    assert stored.stay is not None
    assert (stored.stay.coefficient, stored.stay.period, stored.stay.until) == (0.8, PERIOD, LATER)


def test_two_who_decide_at_once(ledger: Ledger) -> None:
    (held,) = ledger.findings()
    ledger.store_acts([ACTS["waive"](held)])
    with pytest.raises(FindingStateError, match="is waived by now, and was open when this was decided"):
        ledger.store_acts([ACTS["ack"](held)])
    assert len(ledger.findings()[0].events) == 2


def test_the_log_only_grows(ledger: Ledger) -> None:
    for statement in ("UPDATE finding_events SET who = 'nobody'", "DELETE FROM finding_events"):
        with pytest.raises(SqlError, match="append-only"), ledger._database.session() as session:
            session.execute(text(statement))
    assert [event.what for event in ledger.findings()[0].events] == ["opened"]


def judge(ledger: Ledger, day: str, status: str) -> Finding:
    held = ledger.held(["district"])
    ledger.apply_changes(apply([make_verdict(day, status)], held, at(day), CALENDAR, RULES))
    return ledger.findings()[0]


def test_a_waiver_goes_on_holding_where_the_fault_comes_back(ledger: Ledger) -> None:
    ledger.store_acts([ACTS["waive"](ledger.findings()[0])])
    assert judge(ledger, "2026-11-05", "fail").state is FindingState.WAIVED
    assert judge(ledger, "2026-11-06", "pass").state is FindingState.RESOLVED
    back = judge(ledger, "2026-11-09", "fail")
    assert (back.state, back.id, times_found(back)) == (FindingState.WAIVED, "F000001", 2)
    assert judge(ledger, "2026-12-30", "pass").state is FindingState.RESOLVED
    assert judge(ledger, "2027-01-04", "fail").state is FindingState.OPEN


def test_an_observation_ends_an_appeal(ledger: Ledger) -> None:
    ledger.store_acts([ACTS["appeal"](ledger.findings()[0])])
    mended = judge(ledger, "2026-11-06", "pass")
    assert (mended.state, mended.stay, mended.stays[0].end) == (FindingState.RESOLVED, None, StayEnd.RESOLVED)
    assert judge(ledger, "2026-11-09", "fail").state is FindingState.OPEN


def test_a_term_ends_by_itself(ledger: Ledger) -> None:
    ledger.store_acts([ACTS["waive"](ledger.findings()[0])])
    assert acts.expired(ledger.findings(), at("2026-12-31T23:59"), CALENDAR) == ()
    (end,) = acts.expired(ledger.findings(), at("2027-01-01T00:01"), CALENDAR)
    ledger.store_acts([end])
    (finding,) = ledger.findings()
    rested = CALENDAR.workdays_between(date(2026, 11, 4), date(2027, 1, 1)).days
    assert (finding.state, finding.rectify_by) == (FindingState.OPEN, CALENDAR.add_workdays(date(2026, 11, 16), rested))
    assert (finding.events[-1].who, finding.events[-1].what) == ("gongkai", "waiver-expired")
    assert "王五：机构改革期间" in finding.events[-1].why
    assert acts.expired(ledger.findings(), at("2027-01-02"), CALENDAR) == ()


def test_a_term_that_ends_while_it_is_mended_leaves_it_so(ledger: Ledger) -> None:
    ledger.store_acts([ACTS["explain"](ledger.findings()[0])])
    judge(ledger, "2026-11-06", "pass")
    (end,) = acts.expired(ledger.findings(), at("2027-01-02"), CALENDAR)
    ledger.store_acts([end])
    (finding,) = ledger.findings()
    assert (finding.state, finding.stays[0].end, finding.stays[0].kind) == (FindingState.RESOLVED, StayEnd.EXPIRED, StayKind.EXPLANATION)


def test_days_of_rest_are_counted_from_the_moment_asked_for() -> None:
    finding = acts.after(make_finding(), ACTS["appeal"](make_finding()))
    finding = acts.after(finding, replace(ACTS["dismiss"](finding), at=at("2026-11-11")))
    assert acts.rested_workdays(finding, CALENDAR, at("2026-11-02")) == 5
    assert acts.rested_workdays(finding, CALENDAR, at("2026-11-10")) == 1
    assert acts.rested_workdays(finding, CALENDAR, at("2026-11-12")) == 0
