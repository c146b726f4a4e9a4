"""What a crawl keeps in a file of its own: the rows of the lists that it has read, the documents that wait to be asked for."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from weakref import finalize

import msgspec

from data.compact import Table
from data.records import ListEntry

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[ListEntry, ...]).decode

Awaited = tuple[str, str, str, int]  # address, title, column, depth
_decode_awaited = msgspec.msgpack.Decoder(list[Awaited]).decode
_BLOCK = 500
_FEW, _FEW_SLOTS = 20, 64
_HALF = 2**64 - 1


class Shelf:
    """A file without a name in which a crawl puts the rows of the lists that it has read; it is gone with the crawl."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is open as long as the crawl runs
        self.close = finalize(self, self._file.close)
        self._end = 0

    def put(self, rows: Iterable[ListEntry]) -> tuple[int, int]:
        """Put rows away; gives the place and the length under which `get` finds them."""
        return self.write(_encode(tuple(rows)))

    def get(self, place: int, length: int) -> tuple[ListEntry, ...]:
        return _decode(self.read(place, length))

    def write(self, data: bytes) -> tuple[int, int]:
        self._file.seek(self._end)
        self._file.write(data)
        place, self._end = self._end, self._end + len(data)
        return place, len(data)

    def read(self, place: int, length: int) -> bytes:
        self._file.seek(place)
        return self._file.read(length)


class Waiting:
    """Documents that wait to be asked for, first in, first out. All but those at either end lie on the shelf: a site can have any number."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._first: deque[Awaited] = deque()
        self._away: deque[tuple[int, int]] = deque()
        self._last: list[Awaited] = []

    def append(self, document: Awaited) -> None:
        self._last.append(document)
        if len(self._last) >= _BLOCK:
            self._away.append(self._shelf.write(_encode(self._last)))
            self._last = []

    def popleft(self) -> Awaited:
        if not self._first:
            if self._away:
                self._first.extend(_decode_awaited(self._shelf.read(*self._away.popleft())))
            else:
                self._first.extend(self._last)
                self._last = []
        return self._first.popleft()

    def __bool__(self) -> bool:
        return bool(self._first or self._away or self._last)


class Rows:
    """The rows of one list, each once, in the order in which they were read.

    All lists of a site are walked side by side, so what has been read of each lies on the shelf, but for the last few rows.
    """

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf
        self._last: list[ListEntry] = []
        self._away: list[tuple[int, int]] = []
        self._known: Table | None = None  # the rows by half their digest; None: not worked out, or put away
        self._count = self._sum = 0

    def add(self, row: ListEntry) -> None:
        digest = _digest((row.url, row.title))
        known = self._keys()
        if known.get(digest & _HALF) is None:
            known.put(digest & _HALF)
            self._last.append(row)
            self._count += 1
            self._sum += digest
            if self._shelf is not None and len(self._last) >= _FEW:
                self._spill(self._shelf)

    def replace(self, rows: Iterable[ListEntry]) -> None:
        """Hold these rows and no others."""
        self._last, self._away, self._known, self._count, self._sum = [], [], None, 0, 0
        for row in rows:
            self.add(row)

    @property
    def mark(self) -> tuple[int, int]:
        """What two lists share that hold the same rows, in whatever order."""
        return self._count, self._sum

    def put_away(self) -> None:
        """The list was read: keep its rows outside of memory."""
        if self._shelf is not None and self._last:
            self._spill(self._shelf)
        self._known = None

    def _spill(self, shelf: Shelf) -> None:
        self._away.append(shelf.put(self._last))
        self._last = []

    def _keys(self) -> Table:
        if self._known is None:
            self._known = Table(_FEW_SLOTS)
            for row in self:
                self._known.put(_digest((row.url, row.title)) & _HALF)
        return self._known

    def __contains__(self, key: object) -> bool:
        return self._keys().get(_digest(key) & _HALF) is not None

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[ListEntry]:
        for place in self._away:
            assert self._shelf is not None
            yield from self._shelf.get(*place)
        yield from self._last


def _digest(key: object) -> int:
    return int.from_bytes(blake2b(repr(key).encode("utf-8", "surrogatepass"), digest_size=16).digest())
