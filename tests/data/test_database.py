"""The schema is made and migrated, an unknown one is refused; both databases behave alike."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

import data.migrations
from data.database import Database, _alembic, schema_state
from data.errors import DatabaseError
from data.known import Known
from data.models import Base, FetchRow, ProbeRow, SiteRow, WalkRow
from tests.support.sites import moment

HEAD = ScriptDirectory(str(Path(data.migrations.__file__).parent)).get_current_head()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata) == []


def test_opening_twice_changes_nothing(database_url: str) -> None:
    assert schema_state(database_url).current is None
    for _ in range(2):
        database = Database.open(database_url)
        database.close()
    assert (schema_state(database_url).current, schema_state(database_url).newest) == (HEAD, HEAD)


def test_two_processes_that_start_at_once(database_url: str) -> None:
    errors: list[Exception] = []

    def opening() -> None:
        try:
            Database.open(database_url).close()
        except DatabaseError as error:
            errors.append(error)

    threads = [threading.Thread(target=opening) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert schema_state(database_url).current == HEAD


def test_unknown_schema_version_is_refused(database_url: str) -> None:
    database = Database.open(database_url)
    with database.session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(DatabaseError, match=rf"schema version 9999 is not known to this gongkai \(it knows up to {HEAD}\)") as caught:
        Database.open(database_url)
    assert "\n" not in str(caught.value)
    assert schema_state(database_url).current == "9999"


def test_tables_without_a_version_are_refused(database_url: str) -> None:
    database = Database.open(database_url)
    with database.session() as session:
        session.execute(text("DROP TABLE alembic_version"))
    database.close()
    with pytest.raises(DatabaseError, match="holds tables of gongkai without a schema version"):
        Database.open(database_url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "no usable database URL"),
        ("oracle+nothing://u:secret@host/db", "no usable database URL"),
        ("mysql+pymysql://u:secret@127.0.0.1/db", "no usable database URL"),
        ("sqlite:////proc/none/gongkai.sqlite", "no usable database URL"),
        ("postgresql://u:secret@127.0.0.1:1/db?connect_timeout=2", "cannot be opened"),
        ("postgres://u:secret@127.0.0.1:1/db", "cannot be opened"),
    ],
)
def test_url_that_opens_nothing(url: str, said: str) -> None:
    with pytest.raises(DatabaseError, match=said) as caught:
        Database.open(url)
    assert str(caught.value).startswith("--database ")
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "gongkai.sqlite").write_bytes(b"no database at all" * 100)
    for ask in (Database.open, schema_state):
        with pytest.raises(DatabaseError, match="cannot be opened"):
            ask(f"sqlite:///{tmp_path / 'gongkai.sqlite'}")


def test_looking_makes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'gongkai.sqlite'}"
    assert schema_state(url).current is None
    assert list(tmp_path.iterdir()) == []
    Database.open(url).close()
    assert (tmp_path / "deep" / "gongkai.sqlite").is_file()


def test_an_error_rolls_back(database: Database) -> None:
    class BrokenError(Exception):
        pass

    with pytest.raises(BrokenError), database.session() as session:
        session.add(SiteRow(id="unit", fence=0))
        session.flush()
        raise BrokenError
    with database.session() as session:
        assert session.execute(select(SiteRow)).all() == []


def test_instants_come_back_in_shanghai_and_bear_a_zone(database: Database) -> None:
    with database.session() as session:
        session.add(SiteRow(id="unit", fence=0))
        session.flush()
        session.add(ProbeRow(site="unit", at=datetime(2026, 11, 21, 16, 30, tzinfo=UTC), ok=True, elapsed_seconds=0.5, reason=None))
    with database.session() as session:
        (at,) = session.execute(select(ProbeRow.at)).scalars()
        assert at == moment("2026-11-22T00:30:00")
        assert (at.utcoffset(), at.day) == (timedelta(hours=8), 22)
        later = select(ProbeRow.id).where(ProbeRow.at > moment("2026-11-22T00:00:00"))
        assert len(session.execute(later).all()) == 1
    with pytest.raises(StatementError, match="naive datetime"), database.session() as session:
        session.add(ProbeRow(site="unit", at=datetime(2026, 11, 21), ok=True, elapsed_seconds=0.5, reason=None))  # noqa: DTZ001 - the fault under test
        session.flush()


def test_a_database_of_the_first_schema_keeps_its_data(database_url: str) -> None:
    database = Database.open(database_url)
    with database.engine.begin() as connection:
        config = _alembic(connection)
        command.downgrade(config, "0001")
        for statement in (
            "INSERT INTO sites (id, fence) VALUES ('unit', 1)",
            (
                "INSERT INTO crawls (id, site, started_at, finished_at, state, requests, pages, faults, replayed)"
                " VALUES (1, 'unit', '2026-11-20 04:00:00', '2026-11-20 05:00:00', 'complete', 3, 3, '{}', false)"
            ),
            "INSERT INTO fetches (crawl_id, url, at, status, sha256) VALUES (1, 'http://www.example.gov.cn/', '2026-11-20 04:00:00', 200, 'ab')",
            (
                "INSERT INTO site_columns (id, site, url_hash, url, first_seen, last_seen)"
                " VALUES (1, 'unit', 'aa', 'http://www.example.gov.cn/zcwj/', '2026-11-20 05:00:00', '2026-11-20 05:00:00')"
            ),
            (
                "INSERT INTO column_visits (column_id, crawl_id, at, name, kind, depth, path, text_chars)"
                " VALUES (1, 1, '2026-11-20 05:00:00', '政策文件', 'list', 1, '[]', 0)"
            ),
            (
                "INSERT INTO walks (column_id, crawl_id, at, state, reason, pages, entries, undated, newest_first)"
                " VALUES (1, 1, '2026-11-20 05:00:00', 'complete', 'last-page', 3, 60, 0, true)"
            ),
        ):
            connection.execute(text(statement))
        assert MigrationContext.configure(connection).get_current_revision() == "0001"
    database.close()
    database = Database.open(database_url)
    try:
        assert schema_state(database_url).current == HEAD
        with database.session() as session:
            assert session.execute(select(FetchRow.url, FetchRow.sha256, FetchRow.record)).all() == [
                ("http://www.example.gov.cn/", "ab", None)
            ]
            assert session.execute(select(WalkRow.entries, WalkRow.whole_at, WalkRow.first_rows)).all() == [(60, None, None)]
        known = Known(database, "unit")
        assert (known.walks(), known.has_copies(), known.has_bodies()) == ({}, False, False)  # so the next crawl asks for everything
        (column,) = known.columns(moment("2026-11-21"), timedelta(days=28))
        assert (column.column.name, column.linked_at) == ("政策文件", moment("2026-11-20T13:00:00"))
    finally:
        database.close()
