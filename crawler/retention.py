"""What the archive need not keep any longer is thrown away: never the evidence of a finding, nor the newest copy of a page that is online.

A file is rewritten record by record as they stand, beside the old one, and takes its place whole.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crawler.archive import archive_files
from crawler.warc import members
from data.config import Retention
from data.database import Database
from data.errors import GongkaiError
from data.evidence import archive_sites, findings_evidence, move_records, newest_copies
from data.store import SiteBusyError, Store
from data.urls import url_key


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a pruning did: records and bytes before it, and how many of them went; the sites left alone as a crawl runs on them."""

    records: int
    size: int
    gone_records: int
    gone_bytes: int
    busy: tuple[str, ...]
    unread: tuple[Path, ...]  # files that are not ours to rewrite


@dataclass(frozen=True, slots=True)
class _Record:
    file: Path
    place: int
    size: int
    response: bool
    key: tuple[str, str]  # url_key and digest
    at: datetime


def prune(database: Database, folder: Path, retention: Retention, now: datetime, owner: str) -> Pruned:
    """Bring the archive within what `retention` allows, as far as what must be kept lets it."""
    held = findings_evidence(database, closed_since=now - timedelta(days=retention.closed_days))
    told = {(url_key(piece.url), f"sha256:{piece.sha256}") for finding in held for piece in finding.evidence if piece.sha256}
    store, busy, unread = Store(database), [], []
    fences: list[tuple[str, int]] = []
    found: dict[str, list[_Record]] = {}
    try:
        for site in archive_sites(database):
            if not (folder / site).is_dir():
                continue
            try:
                fences.append((site, store.hold(site, owner)))
            except SiteBusyError:
                busy.append(site)
                continue
            found[site] = []
            for file in archive_files(folder / site):
                try:
                    found[site] += _records(file)
                except (zlib.error, ValueError, OSError):
                    unread.append(file)
        everything = [record for records in found.values() for record in records]
        needed = {record for site, records in found.items() for record in _needed(records, told, newest_copies(database, site))}
        gone = _choose(everything, needed, retention, now)
        for records in found.values():
            gone -= _bodies_of(records, gone)
        for file in sorted({record.file for record in gone}):
            _rewrite(database, folder, file, gone)
            for site, fence in fences:
                store.keep(site, fence)
    finally:
        for site, fence in fences:
            store.let_go(site, fence)
    total = sum(record.size for record in everything)
    return Pruned(len(everything), total, len(gone), sum(record.size for record in gone), tuple(busy), tuple(unread))


def _records(file: Path) -> list[_Record]:
    """Every record of a file that we wrote. Raises ValueError for a file of another make."""
    found = []
    for place, member in members(file):
        head = zlib.decompressobj(31).decompress(member, 65536).partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])}
        kind = told.get("warc-type")
        if kind not in ("response", "revisit") or not told.get("warc-payload-digest", "").startswith("sha256:"):
            raise ValueError(f"{file}: a record of another make")
        key = (url_key(told["warc-target-uri"]), told["warc-payload-digest"])
        at = datetime.fromisoformat(told["warc-date"].replace("Z", "+00:00"))
        found.append(_Record(file, place, len(member), kind == "response", key, at))
    return found


def _needed(records: Iterable[_Record], told: set[tuple[str, str]], newest: frozenset[str]) -> Iterable[_Record]:
    """What findings rest on, with its bytes, and the newest bytes of every page that is online."""
    bodies = {digest for _, digest in told}
    for record in records:
        if record.key in told or (record.response and (record.key[1] in bodies or record.key[1].removeprefix("sha256:") in newest)):
            yield record


def _choose(records: list[_Record], needed: set[_Record], retention: Retention, now: datetime) -> set[_Record]:
    """The records to go: those that are too old, then the oldest while the archive is too large."""
    size = sum(record.size for record in records)
    gone: set[_Record] = set()
    for record in sorted(records, key=lambda record: record.at):
        if record in needed:
            continue
        old = retention.days is not None and now - record.at > timedelta(days=retention.days)
        if old or (retention.bytes is not None and size > retention.bytes):
            gone.add(record)
            size -= record.size
    return gone


def _bodies_of(records: Sequence[_Record], gone: set[_Record]) -> set[_Record]:
    """Of the records to go those whose bytes a record that stays refers to."""
    bodies = {record.key[1]: record for record in records if record.response and record in gone}
    held = {record.key[1] for record in records if record.response and record not in gone}
    named = {record.key[1] for record in records if not record.response and record not in gone}
    return {record for digest, record in bodies.items() if digest in named - held}


def _rewrite(database: Database, folder: Path, file: Path, gone: set[_Record]) -> None:
    lost = {record.place for record in gone if record.file == file}
    moved: dict[int, int] = {}
    beside = file.with_name(f".{file.name}.new")
    try:
        with beside.open("wb") as new:
            for place, member in members(file):
                if place not in lost:
                    moved[place] = new.tell()
                    new.write(member)
        if moved:
            beside.replace(file)
        else:
            beside.unlink()
            file.unlink()
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise GongkaiError(
            f"{file}: cannot be rewritten ({error.strerror}); make room, or give a state folder that can be written"
        ) from None
    move_records(database, file.relative_to(folder).as_posix(), moved)
