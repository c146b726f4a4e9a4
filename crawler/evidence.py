"""Evidence proved offline: the archived record of an entry bears its address and moment, and its bytes give its hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warcio.exceptions import ArchiveLoadFailed

from crawler.archive import Archived, archive_files, archived, digest
from crawler.warc import record_at, records
from data.database import Database
from data.errors import InputError
from data.evidence import Observation, observations
from data.known import Known
from data.records import Evidence
from data.urls import url_key


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one entry. `fault` is None where it holds; an entry without a hash names no bytes, and `body` is None."""

    evidence: Evidence
    fault: str | None
    at: datetime | None = None  # of the archived record
    path: Path | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


class Prover:
    """Looks evidence up in a folder of archives."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._scanned: dict[tuple[str, str], list[Archived]] | None = None
        self._places: dict[str, tuple[Path, int]] = {}  # of bodies, found by scanning

    def prove(self, wanted: Iterable[Evidence]) -> tuple[Proof, ...]:
        pieces = tuple(wanted)
        known = observations(self._database, pieces)
        return tuple(self._prove(piece, known) for piece in pieces)

    def _prove(self, piece: Evidence, known: Mapping[tuple[str, datetime, str], Observation]) -> Proof:
        if piece.sha256 is None:
            return Proof(piece, None)
        observed = known.get((piece.url, piece.observed_at, piece.sha256))
        if observed is None:
            return Proof(piece, "no fetch of this address with this hash at that time is on record")
        record = self._record(observed)
        if record is None:
            return Proof(piece, f"no archived record of it from {observed.at:%Y-%m-%d %H:%M:%S} in {self._folder}")
        body = self._body(observed, record)
        if body is None:
            return Proof(piece, "the archive has a record of it and not its bytes", record.at, record.path)
        if digest(body) != piece.sha256:
            return Proof(piece, "the archived bytes have another hash", record.at, record.path)
        return Proof(piece, None, record.at, record.path, record.headers, body)

    def _record(self, observed: Observation) -> Archived | None:
        """The record of a fetch: where the database says it is, else wherever a scan of the folder finds it."""
        if observed.file is not None and observed.record is not None:
            found = self._at(self._folder / observed.file, observed.record)
            if found is not None and _is_of(found, observed):
                return found
        self._scan()
        assert self._scanned is not None
        candidates = self._scanned.get((url_key(observed.url), f"sha256:{observed.sha256}"), ())
        return next((found for found in candidates if _is_of(found, observed)), None)

    def _at(self, path: Path, place: int) -> Archived | None:
        try:
            return archived(record_at(path, place)[0], path, place)
        except (OSError, ArchiveLoadFailed, ValueError, AttributeError):
            return None

    def _body(self, observed: Observation, record: Archived) -> bytes | None:
        places = [(record.path, record.offset)] if record.response else []
        held = Known(self._database, observed.site).body(observed.sha256)
        if held is not None:
            places.append((self._folder / held.file, held.record))
        for path, place in places:
            if (body := _read(path, place)) is not None and digest(body) == observed.sha256:
                return body
        self._scan()
        place_ = self._places.get(f"sha256:{observed.sha256}")
        scanned = _read(*place_) if place_ is not None else None
        if scanned is not None:
            return scanned
        return _read(record.path, record.offset) if record.response else None

    def _scan(self) -> None:
        if self._scanned is not None:
            return
        self._scanned = {}
        for file in archive_files(self._folder) if self._folder.is_dir() else ():
            try:
                for record, place in records(file, "archive"):
                    if record.rec_type not in ("response", "revisit") or record.http_headers is None:
                        continue
                    found = archived(record, file, place)
                    self._scanned.setdefault((url_key(found.url), found.digest), []).append(found)
                    if found.response:
                        self._places.setdefault(found.digest, (file, place))
            except InputError:
                continue  # a file that is no archive holds nothing


def _is_of(found: Archived, observed: Observation) -> bool:
    same_moment = found.at.replace(microsecond=0) == observed.at.replace(microsecond=0)
    return same_moment and url_key(found.url) == url_key(observed.url) and found.digest == f"sha256:{observed.sha256}"


def _read(path: Path, place: int) -> bytes | None:
    try:
        record, body = record_at(path, place)
    except (OSError, ArchiveLoadFailed):
        return None
    return body if record.rec_type == "response" else None
