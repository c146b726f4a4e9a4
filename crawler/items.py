"""What a spider hands on: fetches, pages as read, the home page. Its columns are settled and stored when it has read them all."""

from __future__ import annotations

from dataclasses import dataclass

from data.file_store import FileFact
from data.link_store import Trial
from data.records import Home, PageReading, Probe
from data.store import Fetch


@dataclass(frozen=True, slots=True)
class FetchItem:
    fetch: Fetch


@dataclass(frozen=True, slots=True)
class PageItem:
    """A page that was answered and read, with its bytes for the archive."""

    fetch: Fetch
    reading: PageReading | None  # None: kept in the archive only (API answers, later list pages)
    body: bytes
    http_headers: tuple[tuple[str, str], ...]
    same: bool = False  # a document, byte for byte what it was when it was last read


@dataclass(frozen=True, slots=True)
class FileItem:
    """A file that was answered, with its bytes for the archive, and what was read of it."""

    fetch: Fetch
    fact: FileFact | None
    body: bytes
    http_headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TrialItem:
    """How a link answered that was tried."""

    trial: Trial


@dataclass(frozen=True, slots=True)
class HomeItem:
    home: Home
    probe: Probe | None
