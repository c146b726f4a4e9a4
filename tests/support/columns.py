"""A column tree as pages fill it, without a crawl."""

from __future__ import annotations

from crawler.archive import digest
from crawler.column_state import ColumnState
from crawler.columns import ColumnTree
from crawler.extract import read
from data.records import Link, PageReading
from tests.support.facts import HOME


def reading(path: str, text: str) -> PageReading:
    return read(text.encode(), HOME + path.lstrip("/"))


def link(path: str, text: str) -> Link:
    return Link(HOME + path.lstrip("/"), text, "text", "nav")


def named(tree: ColumnTree, path: str, name: str, *, on: str = "/") -> ColumnState | None:
    """The column that a page's menu names, if it does."""
    tree.lead(HOME + on.lstrip("/"), link(path, name), None)
    return tree.get(HOME + path.lstrip("/"))


def came(tree: ColumnTree, path: str, text: str, *, column: bool = True) -> ColumnState | None:
    """A page was read, with all that it leads to."""
    read_so = reading(path, text)
    tree.note(read_so, digest(text.encode()))
    for anchor in read_so.links:
        if anchor.url is not None and anchor.region not in ("list", "footer"):
            tree.lead(read_so.url, anchor, None)
    return tree.arrived(read_so.url) if column else None


def parent(tree: ColumnTree, path: str) -> str | None:
    state = tree.get(HOME + path.lstrip("/"))
    assert state is not None
    return None if state.parent_url is None else state.parent_url.removeprefix(HOME[:-1])
