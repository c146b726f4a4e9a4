"""The database: opened, its schema made and migrated by Alembic, and refused where its version is not known."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from data.errors import DatabaseError

_MIGRATIONS = Path(__file__).parent / "migrations"
_JSON: Any = {"json_serializer": lambda value: msgspec.json.encode(value).decode(), "json_deserializer": msgspec.json.decode}
_PATIENCE = 300  # seconds that a writer waits for another one: a large site's verdicts on a busy machine took 30
_READING = "gongkai_reading"  # execution option of a transaction that writes nothing


@dataclass(frozen=True, slots=True)
class SchemaState:
    """Schema versions: what a database has (None where it is empty or not there yet), and the newest one known."""

    current: str | None
    newest: str | None


class Database:
    """One open database. `session()` is a transaction: committed at the end, rolled back on an error."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    @classmethod
    def open(cls, url: str) -> Database:
        """Open, and make or migrate the schema. Raises DatabaseError in one line."""
        engine = _engine(url)
        try:
            _migrate(engine)
        except SQLAlchemyError as error:
            engine.dispose()
            raise DatabaseError(
                f"--database {_masked(url)}: cannot be opened ({_first_line(error)}); check the URL and that the server runs"
            ) from None
        except DatabaseError:
            engine.dispose()
            raise
        return cls(engine)

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        with self._sessions.begin() as session:
            yield session

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads: one picture of the database, which on SQLite waits for no writer and holds none up."""
        with self._sessions() as session:
            session.connection(execution_options={_READING: True})
            yield session

    def insert(self, model: type) -> PostgresInsert | SqliteInsert:
        """An INSERT into a model's table that can say what happens on a conflict, as both databases know it."""
        table: Table = model.__table__  # type: ignore[attr-defined]
        return postgresql.insert(table) if self.engine.dialect.name == "postgresql" else sqlite.insert(table)

    def close(self) -> None:
        self.engine.dispose()


def schema_state(url: str) -> SchemaState:
    """Look up the schema version of a database without making or migrating anything. Raises DatabaseError in one line."""
    newest = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    if _is_absent_file(url):
        return SchemaState(current=None, newest=newest)
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            return SchemaState(current=MigrationContext.configure(connection).get_current_revision(), newest=newest)
    except SQLAlchemyError as error:
        raise DatabaseError(
            f"--database {_masked(url)}: cannot be opened ({_first_line(error)}); check the URL and that the server runs"
        ) from None
    finally:
        engine.dispose()


def _is_absent_file(url: str) -> bool:
    try:
        parsed = make_url(url)
    except ArgumentError:
        return False
    return parsed.get_backend_name() == "sqlite" and not (parsed.database and Path(parsed.database).exists())


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite":
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(parsed, connect_args={"timeout": _PATIENCE}, **_JSON)
            event.listen(engine, "connect", _sqlite_pragmas)
            event.listen(engine, "begin", _sqlite_begin)
            return engine
        return create_engine(parsed, pool_pre_ping=True, **_JSON)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, OSError) as error:
        raise DatabaseError(
            f"--database {_masked(url)}: no usable database URL ({_first_line(error)}); write e.g. sqlite:///var/gongkai.sqlite or postgresql://user@host/name"
        ) from None


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late for read-then-write; see _sqlite_begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={_PATIENCE * 1000}", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    _write_ahead(cursor)
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Turn a new file to WAL. SQLite does not wait where another process is turning it, whatever its timeout."""
    until = time.monotonic() + 30
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(_READING) else "BEGIN IMMEDIATE")


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _migrate(engine: Engine) -> None:
    with engine.begin() as connection:
        config = _alembic(connection)
        script = ScriptDirectory.from_config(config)
        current = MigrationContext.configure(connection).get_current_revision()
        known = {revision.revision for revision in script.walk_revisions()}
        if current is not None and current not in known:
            raise DatabaseError(
                f"--database {_masked(str(engine.url))}: schema version {current} is not known to this gongkai"
                f" (it knows up to {script.get_current_head()}); use the version that made it, or another database"
            )
        if current is None and set(inspect(connection).get_table_names()) & {"sites", "crawls", "findings"}:
            raise DatabaseError(
                f"--database {_masked(str(engine.url))}: holds tables of gongkai without a schema version; use an empty database, or restore its backup"
            )
        if current != script.get_current_head():
            if engine.dialect.name == "postgresql":
                # Two processes that start at once must not both make the schema.
                connection.execute(text("SELECT pg_advisory_xact_lock(7238114)"))
            command.upgrade(config, "head")


def _masked(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url if "@" not in url else url.split("://", 1)[0] + "://***"


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
