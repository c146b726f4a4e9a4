"""WARC files as bytes: their records in order, one record by its place, and where a file that was cut off still is whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from data.errors import InputError

_CHUNK = 1 << 20


def records(path: Path, option: str = "--replay") -> Iterator[tuple[Any, int]]:
    """The whole records of a file with their places, up to where it is cut off. Raises InputError."""
    try:
        end = whole_end(path) or path.stat().st_size
        with path.open("rb") as file:
            iterator = ArchiveIterator(file)
            for record in iterator:
                if iterator.get_record_offset() >= end:
                    return
                yield record, iterator.get_record_offset()
    except OSError as error:
        raise InputError(f"{option} {path}: cannot be read ({error.strerror}); give a WARC file") from None
    except (ArchiveLoadFailed, AttributeError):  # the latter is what warcio makes of half a header
        raise InputError(f"{option} {path}: no WARC file; give a .warc or .warc.gz file, or a folder of them") from None


def record_at(path: Path, place: int) -> tuple[Any, bytes]:
    """One record and its payload, content encodings undone. Raises OSError, ArchiveLoadFailed."""
    with path.open("rb") as file:
        file.seek(place)
        try:
            record = next(iter(ArchiveIterator(file)))
            return record, record.content_stream().read()
        except (StopIteration, AttributeError):  # nothing there, or what warcio makes of half a header
            raise ArchiveLoadFailed(f"{path}: no record at {place}") from None


def whole_end(path: Path) -> int:
    """Where the last whole record of a file ends; its size where nothing is cut off, 0 where not one record is whole."""
    with path.open("rb") as file:
        head = file.read(2)
        file.seek(0)
        return _members_end(file) if head == b"\x1f\x8b" else _plain_end(path)


def _members_end(file: Any) -> int:
    """Every record is a gzip member of its own: the end of the last one that decompresses to its end."""
    end = position = 0
    member = zlib.decompressobj(31)
    started = False
    while chunk := file.read(_CHUNK):
        while chunk:
            started = True
            try:
                member.decompress(chunk)
            except zlib.error:
                return end
            if not member.eof:
                position += len(chunk)
                break
            position += len(chunk) - len(member.unused_data)
            end, chunk = position, member.unused_data
            member, started = zlib.decompressobj(31), False
    return end if started else position


def _plain_end(path: Path) -> int:
    end, size = 0, path.stat().st_size
    try:
        with path.open("rb") as file:
            iterator = ArchiveIterator(file)
            for record in iterator:
                place = iterator.get_record_offset()
                with path.open("rb") as again:
                    again.seek(place)
                    head = again.read(65536).find(b"\r\n\r\n")
                length = int(record.rec_headers.get_header("Content-Length") or 0)
                if head < 0 or place + head + 4 + length > size:
                    return end
                end = place + head + 4 + length
    except ArchiveLoadFailed:
        return end
    return size


def members(path: Path) -> Iterator[tuple[int, bytes]]:
    """The whole gzip members of a file as they stand in it, each with its place."""
    place = 0
    member, kept = zlib.decompressobj(31), bytearray()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            while chunk:
                member.decompress(chunk)
                if not member.eof:
                    kept += chunk
                    break
                kept += chunk[: len(chunk) - len(member.unused_data)]
                yield place, bytes(kept)
                place += len(kept)
                chunk = member.unused_data
                member, kept = zlib.decompressobj(31), bytearray()
