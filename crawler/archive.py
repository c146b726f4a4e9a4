"""The archive: raw bytes of every judged page as WARC, content-addressed over all crawls of a site, and read back for replay."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.warc import record_at, records, whole_end
from data.compact import Table
from data.errors import InputError
from data.known import Body
from data.records import SHANGHAI
from data.urls import netloc, url_key

# The bytes are archived as read, so headers that describe the transfer would no longer be true.
_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection", "set-cookie"})
_NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"


def digest(body: bytes) -> str:
    """SHA-256 of a body in hex, as evidence names it."""
    return hashlib.sha256(body).hexdigest()


def archive_files(folder: Path) -> list[Path]:
    return sorted(file for pattern in ("*.warc", "*.warc.gz") for file in folder.rglob(pattern))


@dataclass(frozen=True, slots=True)
class Written:
    """One archived answer: its hash, where its record begins, and whether that record holds the bytes."""

    sha256: str
    record: int
    first: bool


class ArchiveWriter:
    """One WARC file a crawl. A body that the site's archive holds already is written as a revisit record that names it.

    `earlier` finds a body in the archives of earlier crawls.
    """

    def __init__(self, path: Path, earlier: Callable[[str], Body | None] = lambda sha256: None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        if path.exists() and (end := whole_end(path)) < path.stat().st_size:
            # A killed run left half a record; what is written behind it could not be read.
            with path.open("rb+") as cut:
                cut.truncate(end)
        self._file: IO[bytes] = path.open("ab")
        self._record = BytesIO()
        self._writer = WARCWriter(self._record, gzip=False)
        self._earlier = earlier
        self._own = Table()  # the bodies of this file, by half their digest: where their records begin

    def write(
        self,
        url: str,
        at: datetime,
        status: int,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        *,
        sha256: str | None = None,
        not_modified: bool = False,
    ) -> Written:
        """Archive one answer. Flushed, so that a killed run leaves whole records.

        `not_modified`: the server said that its page is still this body, and did not send it.
        """
        sha256 = sha256 or digest(body)
        date = _date(at)
        held = self._held(sha256)
        if held is None and not_modified:
            status, not_modified = 200, False
        kept = [(name, value) for name, value in headers if name.lower() not in _TRANSFER]
        if not not_modified:
            kept.append(("Content-Length", str(len(body))))
        http = StatusAndHeaders(f"{status} {_phrase(status)}", kept, protocol="HTTP/1.1")
        named = {"WARC-Date": date, "WARC-Payload-Digest": f"sha256:{sha256}"}
        place = self._file.tell()
        if held is not None:
            record = self._writer.create_revisit_record(
                url, f"sha256:{sha256}", held[0], held[1], http_headers=http, warc_headers_dict=named
            )
            if not_modified:
                record.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED)
        else:
            # Without a length warcio drops our digest for a SHA-1 of its own, which no revisit record names.
            record = self._writer.create_warc_record(
                url, "response", payload=BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=named
            )
            self._own.put(int(sha256[:16], 16), place)
        self._writer.write_record(record)
        # A member of gzip for each record, as WARC has it: made in one piece, and written so.
        self._file.write(gzip.compress(self._record.getvalue(), mtime=0))
        self._file.flush()
        self._record.seek(0)
        self._record.truncate()
        return Written(sha256, place, held is None)

    def _held(self, sha256: str) -> tuple[str, str] | None:
        """The address and date under which the archive holds a body."""
        own = self._own.get(int(sha256[:16], 16))
        if own is not None:
            headers = record_at(self.path, own)[0].rec_headers
            if headers.get_header("WARC-Payload-Digest") == f"sha256:{sha256}":
                return headers.get_header("WARC-Target-URI"), headers.get_header("WARC-Date")
        body = self._earlier(sha256)
        return None if body is None else (body.url, _date(body.at))

    def close(self) -> None:
        self._file.close()


class Bodies:
    """The bodies that the archives of a site's earlier crawls hold: where, and their bytes."""

    def __init__(self, folder: Path, find: Callable[[str], Body | None], *, some: bool) -> None:
        self._folder = folder
        self._find = find
        self._some = some  # False: there is nothing to look for
        self._sizes: dict[str, int] = {}

    def find(self, sha256: str) -> Body | None:
        """Where a body is; None where its file is not there any more."""
        body = self._find(sha256) if self._some else None
        if body is None:
            return None
        if body.record >= self._sizes.get(body.file, 0):
            path = self._folder / body.file
            self._sizes[body.file] = path.stat().st_size if path.is_file() else 0
        return body if body.record < self._sizes[body.file] else None

    def read(self, sha256: str) -> tuple[tuple[tuple[str, str], ...], bytes] | None:
        """The HTTP headers that came with a body, and the body; None where the archive lacks it or holds something else there."""
        found = self.find(sha256)
        if found is None:
            return None
        try:
            record, body = record_at(self._folder / found.file, found.record)
        except (OSError, ArchiveLoadFailed):
            return None
        return (tuple(record.http_headers.headers), body) if record.http_headers is not None and digest(body) == sha256 else None


@dataclass(frozen=True, slots=True)
class Archived:
    """One archived answer and where its body lies."""

    url: str
    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    path: Path
    offset: int
    digest: str = ""
    response: bool = True  # it holds its body; else a revisit, which names one
    same: bool = False  # a 304: status and headers are those that came with the body


class ArchiveReader:
    """A WARC file, or a folder of them, as a lookup by address. `cut` names the files that end in the middle of a record.

    Of several answers from one address the newest counts that is not later than `until`, the clock of the run;
    an archive made after that clock is read as if made at it. Bodies that an earlier file of the same folder holds are found there.
    """

    def __init__(self, path: Path, until: datetime | None = None) -> None:
        self.path = path
        self.cut: list[Path] = []
        self._until = until
        self._records: dict[str, Archived] = {}
        self._bodies: dict[str, tuple[Path, int]] = {}
        waiting: list[tuple[str, Archived]] = []
        for file in archive_files(path) if path.is_dir() else [path]:
            waiting += self._index(file)
        self._join(waiting)
        if not self._records:
            raise InputError(f"--replay {path}: no archived answers in it; give a WARC file with response records")

    def _index(self, file: Path) -> list[tuple[str, Archived]]:
        """Take in a file; gives the revisits whose bodies other files hold."""
        waiting: list[tuple[str, Archived]] = []
        for record, offset in records(file):
            if record.rec_type not in ("response", "revisit") or record.http_headers is None:
                continue
            found = archived(record, file, offset)
            digest_ = found.digest
            if record.rec_type == "response":
                self._bodies.setdefault(digest_, (file, offset))
                self._keep(found)
            elif digest_ in self._bodies:
                self._keep(replace(found, path=self._bodies[digest_][0], offset=self._bodies[digest_][1]))
            else:
                waiting.append((digest_, found))
        if file.stat().st_size and whole_end(file) < file.stat().st_size:
            self.cut.append(file)
        return waiting

    def _join(self, waiting: list[tuple[str, Archived]]) -> None:
        """Give revisits their bodies, out of the files beside the one that was given where need be."""
        lacking = {digest_ for digest_, _ in waiting} - self._bodies.keys()
        if lacking and not self.path.is_dir():
            for file in reversed([file for file in archive_files(self.path.parent) if file != self.path]):
                for record, offset in records(file):
                    digest_ = record.rec_headers.get_header("WARC-Payload-Digest") or ""
                    if record.rec_type == "response" and digest_ in lacking:
                        self._bodies.setdefault(digest_, (file, offset))
                        lacking.discard(digest_)
                if not lacking:
                    break
        for digest_, found in waiting:
            if digest_ in self._bodies:
                self._keep(replace(found, path=self._bodies[digest_][0], offset=self._bodies[digest_][1]))

    def _keep(self, found: Archived) -> None:
        held = self._records.setdefault(url_key(found.url), found)
        if self._rank(found) >= self._rank(held):
            self._records[url_key(found.url)] = found

    def _rank(self, record: Archived) -> tuple[bool, datetime]:
        return (self._until is None or record.at <= self._until, record.at)

    def observed_at(self, record: Archived) -> datetime:
        """When an archived answer was seen: its own date, never later than the clock of the run."""
        return record.at if self._until is None else min(record.at, self._until)

    def newest(self, hosts: Collection[str] = ()) -> datetime | None:
        """When the archive last saw one of the hosts (any, where none is named)."""
        moments = (self.observed_at(record) for record in self._records.values() if not hosts or netloc(record.url) in hosts)
        return max(moments, default=None)

    def urls(self) -> tuple[str, ...]:
        return tuple(record.url for record in self._records.values())

    def find(self, url: str) -> tuple[Archived, bytes] | None:
        """The archived answer of an address with its body, content encodings undone; None where the archive lacks it."""
        found = self._records.get(url_key(url))
        if found is None:
            return None
        record, body = record_at(found.path, found.offset)
        if found.same:
            first = archived(record, found.path, found.offset)
            found = replace(found, status=first.status, headers=first.headers)
        return found, body


def archived(record: Any, file: Path, offset: int) -> Archived:
    """A response or revisit record as a record of ours; its body may lie elsewhere."""
    told = record.rec_headers
    at = datetime.fromisoformat(told.get_header("WARC-Date").replace("Z", "+00:00")).astimezone(SHANGHAI)
    return Archived(
        told.get_header("WARC-Target-URI"), at, int(record.http_headers.get_statuscode() or 0), tuple(record.http_headers.headers), file, offset,
        told.get_header("WARC-Payload-Digest") or "", record.rec_type == "response", told.get_header("WARC-Profile") == _NOT_MODIFIED,
    )  # fmt: skip


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
