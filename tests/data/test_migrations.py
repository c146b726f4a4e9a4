"""A database of an earlier release is migrated with everything that is in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import func, select, text

from data.database import Database, _alembic, _engine
from data.home_store import read_homes
from data.ledger import Ledger
from data.models import HomePageRow
from data.outbox import Outbox
from data.reading import last_crawls, last_probes
from data.records import FindingState, Home, Link
from data.wire import to_wire
from tests.alerts.builders import at, make_verdict

MOMENT = datetime(2026, 11, 2, 4, tzinfo=UTC)
OPENED = json.dumps(to_wire(make_verdict()), ensure_ascii=False)

HOME_LINKS = json.dumps([to_wire(Link("http://a.example/zwgk/", "政务公开", "text", "nav"))], ensure_ascii=False)

ROWS: dict[str, list[dict[str, Any]]] = {
    "sites": [{"id": "district", "fence": 3}],
    "crawls": [
        {
            "id": 1, "site": "district", "started_at": MOMENT, "finished_at": MOMENT, "state": "complete", "reason": None,
            "requests": 7, "pages": 6, "faults": "{}", "replayed": False,
        },
        *(
            {
                "id": number, "site": "district", "started_at": MOMENT, "finished_at": MOMENT, "state": "incomplete", "reason": "interrupted",
                "requests": 0, "pages": 0, "faults": "{}", "replayed": False,
            }
            for number in (2, 3)
        ),
    ],
    "homes": [
        {
            "id": number, "site": "district", "crawl_id": number, "at": MOMENT, "url": "http://a.example/", "sha256": "0" * 64, "readable": True,
            "reason": None, "links": links, "image_only_links": 1, "marks": '["script-shell"]',
        }
        for number, links in ((1, HOME_LINKS), (2, HOME_LINKS), (3, "[]"))
    ],
    "probes": [{"id": 1, "site": "district", "at": MOMENT, "ok": True, "elapsed_seconds": 0.5, "reason": None}],
    "findings": [
        {
            "id": number, "key": f"{number:064d}", "site": "district", "rule": "info-published-20-working-days", "state": state, "opened": OPENED,
            "latest": OPENED, "first_found": MOMENT, "last_confirmed": MOMENT, "resolved_at": None, "rectify_by": at("2026-11-16").date(),
        }
        for number, state in ((1, "notified"), (2, "waived"))
    ],
    "finding_events": [
        {"id": 1, "finding_id": 1, "at": MOMENT, "who": "gongkai", "what": "opened", "why": "未见该文件公开，请核实"},
        {"id": 2, "finding_id": 1, "at": MOMENT, "who": "gongkai", "what": "told-new", "why": "…"},
    ],
    "outbox": [
        {
            "id": 1, "key": "k", "audience": "网站管理员", "channel": "json://127.0.0.1/${HOOK}", "kind": "administrator", "subject": "题", "body": "文",
            "findings": '[{"id": "F000001", "topic": "overdue"}, {"due": "d@2026-11-05"}]', "attachments": "[]", "state": "queued",
            "attempts": 1, "created_at": MOMENT, "next_at": MOMENT, "sent_at": None, "last_error": None,
        },
    ],
}  # fmt: skip


@pytest.fixture
def earlier(database_url: str) -> str:
    """URL of a database of the first schema, with data."""
    engine = _engine(database_url)
    with engine.begin() as connection:
        command.upgrade(_alembic(connection), "0001")
        for table, rows in ROWS.items():
            names = list(rows[0])
            values = ", ".join(f":{name}" for name in names)
            for row in rows:
                plain = engine.dialect.name == "sqlite"
                bound = {
                    name: value.strftime("%Y-%m-%d %H:%M:%S.%f") if plain and isinstance(value, datetime) else value
                    for name, value in row.items()
                }
                bound = {
                    name: value.isoformat() if plain and not isinstance(value, (str, int, float, type(None))) else value
                    for name, value in bound.items()
                }
                connection.execute(text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"), bound)
    engine.dispose()
    return database_url


def read_homes_of(database: Database) -> tuple[Home, ...]:
    with database.session() as session:
        return read_homes(session, "district", at("2026-11-03"))


def test_what_the_first_schema_held_is_kept(earlier: str) -> None:
    database = Database.open(earlier)
    crawl = last_crawls(database, ["district"])["district"]
    assert (crawl.requests, crawl.started_at) == (7, at("2026-11-02"))
    homes = read_homes_of(database)
    assert [(len(home.links), home.image_only_links, home.marks, home.metas, home.footer) for home in homes] == [
        (1, 1, ("script-shell",), {}, None), (1, 1, ("script-shell",), {}, None), (0, 1, ("script-shell",), {}, None),
    ]  # fmt: skip
    assert homes[0].links[0].text == "政务公开"
    with database.session() as session:
        assert session.execute(select(func.count()).select_from(HomePageRow)).scalar_one() == 2
    assert last_probes(database, ["district"])["district"].ipv6 is None
    told, waived = Ledger(database).findings()
    assert (told.id, told.state, told.verdict, told.stays) == ("F000001", FindingState.NOTIFIED, make_verdict(), ())
    assert [event.what for event in told.events] == ["opened", "told-new"]
    assert (waived.state, waived.stay) == (FindingState.WAIVED, None)
    (row,) = Outbox(database).due(at("2026-11-03"))
    assert row.message.due_marks == ("d@2026-11-05",)
    assert (row.attempts, row.parts_done, row.uncertain, row.fallback_of) == (1, 0, 0, None)
    outbox = Outbox(database)
    outbox.begin(row.id, at("2026-11-03"))
    outbox.mark_sent(row.id, at("2026-11-03"))
    assert outbox.messages()[0].state == "sent"
    database.close()


def test_up_and_down_and_up(earlier: str) -> None:
    engine = _engine(earlier)
    with engine.begin() as connection:  # an old downgrade makes the table of crawls anew, which SQLite refuses where rows hang on it
        connection.execute(text("DELETE FROM homes"))
    for revision in ("0003", "0001", "0002", "0001", "head", "0001", "head"):
        with engine.begin() as connection:
            config = _alembic(connection)
            (command.downgrade if revision == "0001" else command.upgrade)(config, revision)
    engine.dispose()
    database = Database.open(earlier)
    assert len(Ledger(database).findings()) == 2
    database.close()


def test_home_pages_are_shared_out_again(earlier: str) -> None:
    engine = _engine(earlier)
    with engine.begin() as connection:
        command.upgrade(_alembic(connection), "head")
    with engine.begin() as connection:
        command.downgrade(_alembic(connection), "0004")
        held = connection.execute(text("SELECT links FROM homes ORDER BY id")).scalars().all()
    want = [json.loads(links) for links in (HOME_LINKS, HOME_LINKS, "[]")]
    assert [json.loads(links) if isinstance(links, str) else links for links in held] == want
    engine.dispose()
    database = Database.open(earlier)
    assert [len(home.links) for home in read_homes_of(database)] == [1, 1, 0]
    database.close()
