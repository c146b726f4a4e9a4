"""A throw-away PostgreSQL server, started from the machine's own binaries on a socket in a short temporary folder."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

_USER = "gongkai"
_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=50",
    "shared_buffers=32MB",
)


def find_binaries() -> Path | None:
    """The folder with initdb and pg_ctl: Debian's own places first, newest version first, then PATH; None where there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if all(os.access(folder / name, os.X_OK) for name in ("initdb", "pg_ctl", "postgres"))), None)


class Cluster:
    """One server. PostgreSQL refuses to run as root, so root hands it to `postgres` or `nobody`."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="gkpg", dir="/tmp"))
        self._owner = _other_user() if os.geteuid() == 0 else None
        self._names = itertools.count()

    def __enter__(self) -> Self:
        try:
            if self._owner:
                os.chown(self._folder, self._owner.pw_uid, self._owner.pw_gid)
            data = str(self._folder / "data")
            self._run(
                "initdb", "--pgdata", data, "--username", _USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"
            )
            options = " ".join(f"-c {setting}" for setting in (*_SETTINGS, f"unix_socket_directories={self._folder}"))
            self._run(
                "pg_ctl", "start", "--pgdata", data, "--wait", "--timeout", "60", "--log", str(self._folder / "log"), "--options", options
            )
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._run("pg_ctl", "stop", "--pgdata", str(self._folder / "data"), "--mode", "immediate")
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """SQLAlchemy URL of a new database, dropped at the end whoever is still connected."""
        name = f"t{next(self._names)}"
        self._sql(f"CREATE DATABASE {name}")
        try:
            yield f"postgresql+psycopg://{_USER}@/{name}?host={quote(str(self._folder), safe='')}"
        finally:
            self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def _sql(self, statement: str) -> None:
        with psycopg.connect(host=str(self._folder), user=_USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        command: Sequence[str] = (str(self._binaries / program), *arguments)
        # To a file, not to a pipe: the server inherits it and would keep a pipe open for ever.
        with (self._folder / f"{program}.out").open("w+", encoding="utf-8") as out:
            user, group = (self._owner.pw_uid, self._owner.pw_gid) if self._owner else (None, None)
            extra: list[int] | None = [] if self._owner else None
            run = subprocess.run(
                command,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self._folder,
                user=user,
                group=group,
                extra_groups=extra,
                check=False,
            )
            if run.returncode:
                out.seek(0)
                raise RuntimeError(f"{program} ended with {run.returncode}: {out.read()[-800:]}")


def _other_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody")
