"""The archive: raw bytes of every judged page as WARC, content-addressed, and read back for replay."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from data.errors import InputError
from data.records import SHANGHAI
from data.urls import netloc, url_key

# The bytes are archived as read, so headers that describe the transfer would no longer be true.
_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection", "set-cookie"})


def digest(body: bytes) -> str:
    """SHA-256 of a body in hex, as evidence names it."""
    return hashlib.sha256(body).hexdigest()


class ArchiveWriter:
    """One WARC file a crawl. A body that the file holds already is written as a revisit record."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file: IO[bytes] = path.open("ab")
        self._writer = WARCWriter(self._file, gzip=True)
        self._held: dict[str, tuple[str, str]] = {}

    def write(self, url: str, at: datetime, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> str:
        """Archive one answer; gives its SHA-256. Flushed, so that a killed run leaves whole records."""
        sha256 = digest(body)
        date = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        kept = [(name, value) for name, value in headers if name.lower() not in _TRANSFER] + [("Content-Length", str(len(body)))]
        http = StatusAndHeaders(f"{status} {_phrase(status)}", kept, protocol="HTTP/1.1")
        warc_headers = {"WARC-Date": date, "WARC-Payload-Digest": f"sha256:{sha256}"}
        if sha256 in self._held:
            first_url, first_date = self._held[sha256]
            record = self._writer.create_revisit_record(
                url, f"sha256:{sha256}", first_url, first_date, http_headers=http, warc_headers_dict=warc_headers
            )
        else:
            # Without a length warcio drops our digest for a SHA-1 of its own, which no revisit record names.
            record = self._writer.create_warc_record(
                url, "response", payload=BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=warc_headers
            )
            self._held[sha256] = (url, date)
        self._writer.write_record(record)
        self._file.flush()
        return sha256

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True, slots=True)
class Archived:
    """One archived answer and where it lies."""

    url: str
    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    path: Path
    offset: int


class ArchiveReader:
    """A WARC file, or a folder of them, as a lookup by address.

    Of several answers from one address the newest counts that is not later than `until`, the clock of the run;
    an archive made after that clock is read as if made at it.
    """

    def __init__(self, path: Path, until: datetime | None = None) -> None:
        self.path = path
        self._until = until
        self._records: dict[str, Archived] = {}
        for file in self._files():
            self._index(file)
        if not self._records:
            raise InputError(f"--replay {path}: no archived answers in it; give a WARC file with response records")

    def _files(self) -> list[Path]:
        if not self.path.is_dir():
            return [self.path]
        return sorted(file for pattern in ("*.warc", "*.warc.gz") for file in self.path.rglob(pattern))

    def _index(self, file: Path) -> None:
        bodies: dict[str, int] = {}
        for record, offset in _scan(file):
            digest_ = record.rec_headers.get_header("WARC-Payload-Digest") or ""
            if record.rec_type == "response":
                bodies.setdefault(digest_, offset)
            elif record.rec_type == "revisit" and digest_ in bodies:
                offset = bodies[digest_]
            else:
                continue
            if record.http_headers is None:
                continue
            url = record.rec_headers.get_header("WARC-Target-URI")
            at = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date").replace("Z", "+00:00")).astimezone(SHANGHAI)
            status = int(record.http_headers.get_statuscode() or 0)
            self._keep(Archived(url, at, status, tuple(record.http_headers.headers), file, offset))

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
        with found.path.open("rb") as file:
            file.seek(found.offset)
            record = next(iter(ArchiveIterator(file)))
            return found, record.content_stream().read()


def _scan(path: Path) -> Iterator[tuple[Any, int]]:
    try:
        with path.open("rb") as file:
            records = ArchiveIterator(file)
            for record in records:
                yield record, records.get_record_offset()
    except OSError as error:
        raise InputError(f"--replay {path}: cannot be read ({error.strerror}); give a WARC file") from None
    except ArchiveLoadFailed:
        raise InputError(f"--replay {path}: no WARC file; give a .warc or .warc.gz file, or a folder of them") from None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
