"""What a crawl keeps of every address of a large site, in a few bytes each: a set and a dict of the same take five times the room."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from datetime import date

_FIRST_SLOTS = 1024  # a power of two, as all sizes are
_GONE = 2**64 - 1
_EMPTY = 0


class Table:
    """Numbers below 2**64 - 1 by keys of 64 bits, which are hashes already: open addressing over two arrays."""

    __slots__ = ("_keys", "_mask", "_used", "_values")

    def __init__(self, slots: int = _FIRST_SLOTS) -> None:
        self._clear(slots)

    def _clear(self, slots: int) -> None:
        self._keys = array("Q", bytes(8 * slots))
        self._values = array("Q", bytes(8 * slots))
        self._mask = slots - 1
        self._used = 0

    def _slot(self, key: int) -> int:
        """Where a key lies, or would."""
        keys, mask = self._keys, self._mask
        slot = key & mask
        while (held := keys[slot]) != key and held != _EMPTY:
            slot = (slot + 1) & mask
        return slot

    def put(self, key: int, value: int = 0) -> None:
        key = key or 1
        slot = self._slot(key)
        if self._keys[slot] == _EMPTY:
            if self._used * 3 >= 2 * len(self._keys):
                self._grow()
                slot = self._slot(key)
            self._keys[slot] = key
            self._used += 1
        self._values[slot] = value

    def get(self, key: int) -> int | None:
        key = key or 1
        slot = self._slot(key)
        return None if self._keys[slot] == _EMPTY or self._values[slot] == _GONE else self._values[slot]

    def discard(self, key: int) -> None:
        key = key or 1
        slot = self._slot(key)
        if self._keys[slot] == key:
            self._values[slot] = _GONE  # its slot stays: other keys may lie behind it

    def _grow(self) -> None:
        held = [(key, value) for key, value in zip(self._keys, self._values, strict=True) if key != _EMPTY and value != _GONE]
        self._clear(len(self._keys) * 2 if len(held) * 3 > len(self._keys) else len(self._keys))
        for key, value in held:
            self.put(key, value)


class Days:
    """Days by the hash of an address."""

    def __init__(self, days: Iterable[tuple[bytes, date]] = ()) -> None:
        self._held = Table()
        for key, day in days:
            self.put(key, day)

    def put(self, key: bytes, day: date) -> None:
        self._held.put(int.from_bytes(key[:8]), day.toordinal())

    def get(self, key: bytes) -> date | None:
        held = self._held.get(int.from_bytes(key[:8]))
        return None if held is None else date.fromordinal(held)
