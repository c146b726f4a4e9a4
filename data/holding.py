"""Rights that one process of a database holds at a time: to send, to schedule. A killed process loses them at once."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from sqlalchemy import text

from data.database import Database


class Right(Enum):
    """What is held: the suffix of its lock file (SQLite), and the number of its advisory lock (PostgreSQL)."""

    SEND = ("sender", 7238116)
    SCHEDULE = ("scheduler", 7238117)


@contextlib.contextmanager
def hold(database: Database, right: Right) -> Iterator[bool]:
    """Hold a right while the block runs; False where another process of this database has it."""
    suffix, number = right.value
    engine = database.engine
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            got = bool(connection.scalar(text(f"SELECT pg_try_advisory_lock({number})")))
            try:
                yield got
            finally:
                if got:
                    connection.execute(text(f"SELECT pg_advisory_unlock({number})"))
        return
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or file == ":memory:":
        yield True
        return
    with Path(f"{file}.{suffix}").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
