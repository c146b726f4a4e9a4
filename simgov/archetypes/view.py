"""One host as it stands at a moment, and what its template is asked for."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from simgov.archetypes.store import Store
from simgov.archetypes.truth import Column, Document, Entry, Extra, File, Host, Interpreted, Oddity
from simgov.families.base import Reply, Request
from simgov.truth import ColumnKind, Genre

CUT = 22  # characters of a title that a narrow list shows


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list."""

    title: str
    url: str  # absolute
    published_at: datetime
    kind: str = "document"  # document, file, wechat, upper, external
    document: Document | None = None

    @property
    def pinned(self) -> bool:
        return self.document is not None and self.document.pinned


class Template(Protocol):
    """How one archetype builds its pages; the paths of files may lie anywhere."""

    policy_fields: frozenset[str]  # what a policy document's page shows, by the names of the truth
    plain_fields: frozenset[str]  # what every other page shows

    def column_path(self, view: View, column: Column) -> str: ...

    def document_path(self, view: View, document: Document, column: Column) -> str: ...

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str: ...

    def answer(self, view: View, request: Request) -> Reply | None: ...


@dataclass(frozen=True, slots=True)
class View:
    """A host at a moment. `switches` are set by the tests, never by an address."""

    store: Store
    host: Host
    moment: datetime
    bases: Mapping[str, str]
    templates: Mapping[str, Template] = field(repr=False)  # by archetype
    switches: frozenset[str] = frozenset()

    @property
    def base(self) -> str:
        return self.bases[self.host.id]

    @property
    def template(self) -> Template:
        return self.templates[self.host.archetype]

    def of(self, host_id: str) -> View:
        """Another host at the same moment."""
        return replace(self, host=self.store.hosts[host_id], switches=frozenset())

    def on(self, switch: str) -> bool:
        return switch in self.switches

    # --- columns

    def column(self, key: str) -> Column | None:
        return self.store.column(self.host.id, key)

    def children(self, column: Column) -> tuple[Column, ...]:
        return tuple(one for one in self.host.columns if one.parent == column.key)

    def nav(self) -> tuple[Column, ...]:
        return tuple(one for one in self.host.columns if one.in_nav)

    def trail(self, column: Column) -> tuple[Column, ...]:
        chain = [column]
        while chain[0].parent is not None:
            above = self.column(chain[0].parent)
            if above is None:
                break
            chain.insert(0, above)
        return tuple(chain)

    def column_url(self, column: Column) -> str:
        if column.kind is ColumnKind.LINK_OUT and column.target is not None:
            there = self.of(column.target)
            target = there.column(column.key)
            return there.column_url(target) if target is not None else f"{there.base}/"
        return self.base + self.template.column_path(self, column)

    def href(self, url: str) -> str:
        """Root-relative on this host, absolute elsewhere."""
        return url.removeprefix(self.base) if url.startswith(f"{self.base}/") else url

    # --- rows

    def entries(self, column: Column) -> tuple[Entry, ...]:
        return self.store.entries(self.host.id, column.key, self.moment)

    def total(self, column: Column) -> int:
        return len(self.entries(column))

    def pages(self, column: Column) -> int:
        return max(1, -(-self.total(column) // column.per_page))

    def declared_pages(self, column: Column) -> int:
        """What the pager says; a drifting one names a page that is not there."""
        return self.pages(column) + (1 if column.has(Oddity.DRIFT) and self.total(column) else 0)

    def declared_total(self, column: Column) -> int:
        """What the list says it holds; a drifting one still counts rows that are gone."""
        return self.total(column) + (column.per_page if column.has(Oddity.DRIFT) and self.total(column) else 0)

    def page(self, column: Column, number: int) -> tuple[Row, ...]:
        """The rows of a page, 1-based."""
        return self.slice(column, (number - 1) * column.per_page, column.per_page)

    def slice(self, column: Column, start: int, count: int) -> tuple[Row, ...]:
        return tuple(self._row(column, entry) for entry in self.entries(column)[start : start + count])

    def _row(self, column: Column, entry: Entry) -> Row:
        if isinstance(entry, Extra):
            return Row(entry.title, self._extra_url(column, entry), entry.published_at, entry.kind)
        document = self.live(entry)
        if document is None:
            raise LookupError(f"{self.host.id}: {entry} is listed and not on line")
        return Row(document.title, self.document_url(document, column), document.published_at, "document", document)

    def _extra_url(self, column: Column, extra: Extra) -> str:
        if extra.kind == "file":
            return self.base + self.template.file_path(self, column, extra.target, extra.published_at)
        there = self.of(extra.host)
        if extra.kind == "upper":
            document = there.live(int(extra.target))
            return there.document_url(document) if document is not None else f"{there.base}/"
        return f"{there.base}/s/{extra.target}" if extra.kind == "wechat" else f"{there.base}/zpxx/{extra.target}/index.html"

    # --- documents

    def live(self, number: int | None) -> Document | None:
        return None if number is None else self.store.live(self.host.id, number, self.moment)

    def home_column(self, document: Document) -> Column:
        column = self.column(document.column)
        if column is None:
            raise LookupError(f"{self.host.id} has no column {document.column}")
        return column

    def document_url(self, document: Document, column: Column | None = None) -> str:
        return self.base + self.template.document_path(self, document, column or self.home_column(document))

    def file_url(self, document: Document, file: File) -> str:
        name = f"{file.serial}.{file.type}"
        if file.elsewhere:
            return f"{self.bases['files']}/upload/{document.published_at:%Y%m}/{name}"
        return self.base + self.template.file_path(self, self.home_column(document), name, document.published_at)

    def interpretation_link(self, document: Document) -> tuple[str, str] | None:
        """Title and address of the interpretation that a policy document's page leads to, hidden or not."""
        if document.interpreted is Interpreted.EXTERNAL:
            return f"一图读懂：{document.title}", f"{self.bases['wx']}/s/{self.store.hash(self.host.id, document.id, 22)}"
        if document.interpreted not in (Interpreted.LINKED, Interpreted.HIDDEN, Interpreted.IMAGE):
            return None
        there = self.live(document.interpretation)
        return None if there is None else (there.title, self.document_url(there))

    def original_link(self, document: Document) -> tuple[str, str] | None:
        """Title and address of the document that an interpretation's page leads back to; every other one has no link, but on a site in good order."""
        there = self.live(document.interprets)
        if document.genre is not Genre.INTERPRETATION or there is None or (there.ordinal % 2 and not self.host.compliant):
            return None
        return there.title, self.document_url(there)


def relative(page: str, url: str) -> str:
    """An address as written on a page, relative to the folder of that page; both are paths on one host."""
    folder = page.rsplit("/", 1)[0] or "/"
    found = posixpath.relpath(url, folder)
    found = f"{found}/" if url.endswith("/") and not found.endswith("/") else found
    return found if found.startswith("..") else f"./{found}"


def cut(title: str, count: int = CUT) -> str:
    return title if len(title) <= count else f"{title[:count]}…"
