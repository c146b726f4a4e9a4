from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from data.database import Database
from data.models import Base
from data.store import Store
from tests.support.postgres import Cluster


@pytest.fixture(scope="module")
def postgres_database(postgres: Cluster) -> Iterator[Database]:
    """One PostgreSQL database for a module: making one for each test would be most of its time."""
    with postgres.database() as url:
        database = Database.open(url)
        yield database
        database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store on an empty database, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        database = Database.open(f"sqlite:///{tmp_path / 'gongkai.sqlite'}")
        yield Store(database)
        database.close()
        return
    database = request.getfixturevalue("postgres_database")
    yield Store(database)
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with database.session() as session:
        session.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
