"""What a recheck is sent for: a few addresses of one site, and nothing beside them."""

from __future__ import annotations

from dataclasses import dataclass

from data.records import Column
from data.urls import url_key


@dataclass(frozen=True, slots=True)
class Focus:
    """The addresses of one site that a recheck reads."""

    known: tuple[Column, ...]  # the site's columns as they are known, so that what is read finds its place among them
    columns: frozenset[str] = frozenset()  # url_keys of known columns whose lists are walked
    pages: tuple[str, ...] = ()  # pages that are read
    files: tuple[str, ...] = ()  # files that are read
    home: bool = False
    wanted: frozenset[str] = frozenset()  # canonical ids of columns that were missed: followed where a link names one

    def asks_for(self, url: str) -> bool:
        key = url_key(url)
        return key in self.columns or any(url_key(page) == key for page in self.pages)
