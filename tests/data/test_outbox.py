"""The outbox in a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.ledger import apply
from data.calendar import WorkCalendar
from data.database import Database
from data.findings import Mark, MessageState, OutgoingMessage, Topic
from data.ledger import Ledger
from data.outbox import LedgerMovedError, Outbox
from data.records import FindingState
from tests.alerts.builders import RULES, at, make_verdict

NOW = at("2026-11-02")
MESSAGE = OutgoingMessage(
    "key-1", "示例区人民政府 网站管理员", "json://127.0.0.1/${HOOK}", "administrator", "题", "文", (Mark("F000001", Topic.NEW),), ("due-1",)
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with one open finding."""
    database = Database.open(database_url)
    Ledger(database).apply_changes(apply([make_verdict()], {}, NOW, WorkCalendar(), RULES))
    yield database
    database.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


def test_enqueue_records_what_is_told_and_refuses_to_tell_twice(outbox: Outbox, ledger: Ledger) -> None:
    assert outbox.enqueue([MESSAGE, replace(MESSAGE, key="key-2", channel="json://b")], NOW) == 2
    assert [event.what for event in ledger.findings()[0].events] == ["opened", "told-new"]
    assert outbox.enqueue([MESSAGE], NOW) == 0
    with pytest.raises(LedgerMovedError):
        outbox.enqueue([replace(MESSAGE, key="key-3")], NOW)
    assert len(outbox.messages()) == 2


def test_told_remembers_warnings_and_summaries(outbox: Outbox, ledger: Ledger) -> None:
    outbox.enqueue([MESSAGE, replace(MESSAGE, key="s", kind="supervisor-summary", marks=())], NOW)
    told = outbox.told(NOW - timedelta(days=1))
    assert (told.due_marks, told.last_summary_at) == (frozenset({"due-1"}), NOW)
    assert outbox.told(NOW + timedelta(days=1)).due_marks == frozenset()


def test_sent(outbox: Outbox, ledger: Ledger) -> None:
    outbox.enqueue([MESSAGE], NOW)
    (row,) = outbox.due(NOW)
    outbox.begin(row.id, NOW)
    outbox.mark_sent(row.id, NOW)
    assert outbox.due(NOW) == ()
    (finding,) = ledger.findings()
    assert finding.state is FindingState.NOTIFIED
    assert finding.events[-1].what == "notified"
    (logged,) = outbox.messages()
    assert (logged.state, logged.attempts, logged.sent_at) == (MessageState.SENT, 1, NOW)


def test_left_by_a_killed_sender_is_due_again(outbox: Outbox, ledger: Ledger) -> None:
    outbox.enqueue([MESSAGE], NOW)
    outbox.begin(outbox.due(NOW)[0].id, NOW)
    (row,) = outbox.due(NOW)
    assert (row.state, row.attempts) == (MessageState.SENDING, 1)


def test_failed_waits_and_dies(outbox: Outbox, ledger: Ledger) -> None:
    outbox.enqueue([MESSAGE], NOW)
    (row,) = outbox.due(NOW)
    later = NOW + timedelta(minutes=5)
    outbox.begin(row.id, NOW)
    outbox.mark_failed(row.id, NOW, "failure: HTTP 500", later)
    assert outbox.due(NOW) == ()
    assert len(outbox.due(later)) == 1
    outbox.mark_failed(row.id, later, "failure: HTTP 500", None)
    assert outbox.due(later + timedelta(days=9)) == ()
    (finding,) = ledger.findings()
    assert finding.state is FindingState.OPEN
    assert finding.events[-1].what == "undelivered"


def test_one_sender_at_a_time(database_url: str) -> None:
    first, second = Database.open(database_url), Database.open(database_url)
    with Outbox(first).sending() as mine:
        assert mine
        with Outbox(second).sending() as other:
            assert not other
    with Outbox(second).sending() as mine:
        assert mine
    first.close()
    second.close()
