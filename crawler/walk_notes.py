"""What a walk of one column's list has read so far, and what the next crawl may know that list by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from crawler.rows import Rows
from data.known import KnownWalk
from data.records import EmptyBecause, ListEntry, WalkState
from data.store import WalkEnds, row_hash


def rows_hash(entries: Iterable[ListEntry]) -> bytes:
    """What one page of a list is known by: its rows in their order."""
    return blake2b(b"".join(row_hash(entry) for entry in entries), digest_size=16).digest()


@dataclass(slots=True)
class WalkNotes:
    """What a walk of one column's list has read so far."""

    entries: Rows = field(default_factory=Rows)
    pages: list[int] = field(default_factory=list)  # rows of each page
    declared: int | None = None
    state: WalkState | None = None
    reason: str = ""
    empty: EmptyBecause | None = None
    empty_text: str | None = None
    container: str | None = None
    last_url: str | None = None  # of the page read last, where a plain request gets it
    known: KnownWalk | None = None  # an earlier walk, where this one found the list's ends as that one left them
    in_doubt: bool = False  # a slice of the list, by an address that a script makes, did not come
    _read: set[bytes] = field(default_factory=set)  # addresses of each page's rows, to see a page repeated
    _first: bytes | None = None
    _last: bytes | None = None

    def add(self, entries: Iterable[ListEntry]) -> bool:
        """Take in one page's rows. False where the same page has been read before."""
        rows = tuple(entries)
        addresses = blake2b("\n".join(entry.url or entry.title for entry in rows).encode(), digest_size=16).digest()
        if rows and addresses in self._read:
            return False
        self._read.add(addresses)
        self.pages.append(len(rows))
        self._last = rows_hash(rows) if rows else None
        self._first = self._first or self._last
        for entry in rows:
            self.entries.add(entry)
        return True

    def recall(self, walk: KnownWalk, rows: Iterable[ListEntry], by: str) -> None:
        """Take the list as an earlier walk read it, by what shows that it stands as it did."""
        self.entries.replace(rows)
        self.known, self.declared = walk, walk.declared
        self.end(WalkState.COMPLETE, by)

    def end(self, state: WalkState, reason: str) -> None:
        whole = state is WalkState.COMPLETE and not self.in_doubt
        self.state, self.reason = (state, reason) if whole or state is WalkState.INCOMPLETE else (WalkState.INCOMPLETE, "slice-only")
        self.entries.put_away()

    def doubt(self) -> None:
        """A slice of the list could not be read: whatever the walk has read or will read is not all of it."""
        self.in_doubt = True
        if self.state is WalkState.COMPLETE:
            self.end(WalkState.COMPLETE, self.reason)

    def ends(self) -> WalkEnds | None:
        """What the next crawl may know the list by. The last page counts where pages are of one size: then any row between moves it."""
        if self.known is not None:
            return WalkEnds(self.known.first_rows, self.known.last_rows, self.known.last_url)
        sizes = [size for size in self.pages if size]
        if self.state is not WalkState.COMPLETE or self._first is None or len(sizes) < 2:
            return None
        full = sizes[1:-1] or sizes[:1]
        even = len(set(full)) == 1 and (sizes[0] == full[0] >= sizes[-1] or sizes[0] >= full[0] == sizes[-1])
        return WalkEnds(self._first, self._last, self.last_url) if even else WalkEnds(self._first, None, None)
