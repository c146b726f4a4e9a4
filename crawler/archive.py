"""The archive: raw bytes of every judged page as WARC, content-addressed, and read back for replay."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
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
from data.urls import url_key

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
    url: str
    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    offset: int


class ArchiveReader:
    """A WARC file as a lookup by address. Of several answers from one address the last counts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._records: dict[str, Archived] = {}
        bodies: dict[str, int] = {}
        for record, offset in self._scan():
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
            self._records[url_key(url)] = Archived(url, at, status, tuple(record.http_headers.headers), offset)

    def _scan(self) -> Iterator[tuple[Any, int]]:
        try:
            with self.path.open("rb") as file:
                records = ArchiveIterator(file)
                for record in records:
                    yield record, records.get_record_offset()
        except OSError as error:
            raise InputError(f"--replay {self.path}: cannot be read ({error.strerror}); give a WARC file") from None
        except ArchiveLoadFailed as error:
            raise InputError(f"--replay {self.path}: no WARC file ({error}); give a .warc or .warc.gz file") from None

    @property
    def newest(self) -> datetime | None:
        return max((record.at for record in self._records.values()), default=None)

    def urls(self) -> tuple[str, ...]:
        return tuple(record.url for record in self._records.values())

    def find(self, url: str) -> tuple[Archived, bytes] | None:
        """The archived answer of an address with its body, content encodings undone; None where the archive lacks it."""
        found = self._records.get(url_key(url))
        if found is None:
            return None
        with self.path.open("rb") as file:
            file.seek(found.offset)
            record = next(iter(ArchiveIterator(file)))
            return found, record.content_stream().read()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
