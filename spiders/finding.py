"""The part of the spider that finds: what a page is, which columns its links name, which documents its rows lead to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

from scrapy.http import Response

from crawler.column_state import ColumnState
from crawler.extract.pager_words import ARROW, TURNS_PAGE
from crawler.faults import MISSING
from crawler.observed import Told
from crawler.rows import Rows
from crawler.scope import is_file
from crawler.walk_notes import WalkNotes
from data.compact import Days
from data.records import ColumnKind, DocumentReading, Link, ListEntry, PageKind, PageReading
from data.store import Fetch
from data.urls import url_hash, url_key
from spiders.asking import OF_A_ROW, Output
from spiders.base import Family, Fetched, Progress
from spiders.families import family_of
from spiders.links import Links
from spiders.visits import Visit
from spiders.walking import whole
from spiders.walks import WalkingSpider, fetched

_COLUMN_NAME_CHARS = 14
_MENUS = frozenset({"nav", "menu", "frame"})

# A pager's links lead to more of the same list, which its walk reads.


class FindingSpider(WalkingSpider):
    """What a crawl does with a page that has come."""

    documents: int
    _published: Days
    _links: Links

    def _arrived_column(self, reading: PageReading, visit: Visit, fetch: Fetch, response: Response) -> Iterator[Output]:
        held = self.tree.get(reading.url)
        if visit.made:
            self._compare_slice(reading, visit)
        page = fetched(response, reading)
        family = family_of(page)
        if reading.listing is not None and reading.listing.pager is not None and reading.listing.pager.current > 1 and held is None:
            self._turned_away.add(url_key(reading.url))
            return  # a later page of a list is no column of its own; its walk reads it
        self._note_files(reading)
        is_list = reading.page in (PageKind.LIST, PageKind.INDEX) or family.name != "generic"
        if is_list or held is not None:
            state = self._arrived_at(reading, visit)
            state.sha256 = fetch.sha256
            if is_list:
                if reading.page is PageKind.LIST or reading.listing is not None:
                    state.walk = WalkNotes(
                        Rows(self._shelf),
                        empty=reading.listing.empty if reading.listing else None,
                        empty_text=reading.listing.empty_text if reading.listing else None,
                        container=reading.listing.container if reading.listing else None,
                    )
                if family.columns(page) and "#" not in state.url:
                    self.tree.taken_for(state, ColumnKind.SECTION)
                    state.walk = None
                elif family.name != "generic":
                    self.tree.taken_for(state, ColumnKind.LIST)
                    state.walk = state.walk or WalkNotes(Rows(self._shelf))
                if state.walk is not None:
                    progress = Progress()
                    yield from self._begin(state, whole(family.first(page, state.url, progress), reading), family, progress)
        if self.context.site.scored:
            yield from self._columns_in_data(page, reading, family)
            yield from self._follow(reading, visit.depth)

    def _compare_slice(self, reading: PageReading, visit: Visit) -> None:
        """A slice of a list that shows the rows of the list it is chosen on, and is called otherwise, was not brought by its address."""
        parent = self.tree.get(visit.parent or "")
        if parent is None or parent.walk is None or reading.listing is None:
            return
        rows = {entry.url for entry in reading.listing.entries}
        year = visit.via[:4]
        dated = {str(entry.date.value.year) for entry in reading.listing.entries if entry.date is not None}
        if year.isdigit() and dated and year not in dated and rows <= {entry.url for entry in parent.walk.entries}:
            parent.walk.doubt()

    def _arrived_at(self, reading: PageReading, visit: Visit) -> ColumnState:
        state = self.tree.arrived(reading.url)
        state.depth = max(visit.depth, 1)
        state.hosted_by = self.context.scope.hosted_by(reading.url)
        return state

    def _note_files(self, reading: PageReading) -> None:
        """What is asked about later, where the page turns out to be that of such a column: links upwards, forms."""
        self._links.outs.note(reading.links, reading.url)
        if reading.surface is not None:
            self._links.attachments.note_page(reading.surface, reading.url)
            self._links.files.note_page(reading.surface, reading.url)

    def _columns_in_data(self, page: Fetched, reading: PageReading, family: Family) -> Iterator[Output]:
        entry = family.entry(page)
        if entry is not None:
            visit = Visit("columns", parent=reading.url, family=family)
            if self._admits(entry.url, visit):
                yield self._fetch(entry.url, visit, 600)
        yield from self._told_columns(family, page, reading.url)

    def _told_columns(self, family: Family, page: Fetched, on: str) -> Iterator[Output]:
        """Columns that data name: those of the page `on`, or of an answer that it led to."""
        for told in family.columns(page):
            link = replace(told, url=urljoin(on, told.url))
            parent = self.tree.get(link.parent_url) if link.parent_url else self.tree.get(on)
            depth = (parent.depth if parent else 1) + 1
            inside = self.context.scope.fetches(link.url)
            kind = ColumnKind.LINK_OUT if not inside else ColumnKind.SECTION if link.holds_columns else ColumnKind.LIST
            hosted_by = self.context.scope.hosted_by(link.url)
            state = self.tree.tell(Told(link.url, link.name, kind, link.parent_url, on), hosted_by)
            if not inside or link.holds_columns:
                state.reachable = True if link.holds_columns else None
            elif link.ask is None:
                yield from self._request(link.url, Visit("explore", link.name, on, depth), 500)
            elif state.walk is None and url_key(link.ask.url) not in self._seen:
                state.walk, state.reachable = WalkNotes(Rows(self._shelf)), True
                yield self._ask(state, link.ask, family, Progress())

    def _follow(self, reading: PageReading, depth: int) -> Iterator[Output]:
        """The links of a page: columns by name, further pages of the site, platforms of its own elsewhere."""
        scope = self.context.scope
        shown = (reading.document, reading.surface)
        files = {file.url for page in shown if page is not None for file in page.attachments}  # also behind addresses that name no file
        # 【一图读懂】 under a text leads to a paper, though a column may be called so.
        papers = {related.url for related in reading.document.related} if reading.document is not None else set()
        for link in reading.links:
            if link.url is None or self._turns_page(link, reading) or (link.region == "footer" and not scope.explores(link.url)):
                continue
            if link.url in files:
                continue
            if not scope.fetches(link.url) and not self._takes_in(link, reading.url, depth):
                continue
            if not scope.explores(link.url):
                if link.region in ("menu", "body") and scope.on_host_alone(link.url):
                    self.tree.lead(reading.url, link, scope.hosted_by(link.url), region="part")
                continue
            if link.url not in papers and (link.region != "list" or len(link.text) <= _COLUMN_NAME_CHARS):
                self.tree.lead(reading.url, link, scope.hosted_by(link.url))
            is_column = self.tree.get(link.url) is not None
            if not is_column and (self.again.leaves(link.url) or url_key(link.url) in self._left):
                continue
            # Beyond the home page what a title leads to is a document like those of the lists: read, and not followed.
            short = link.region == "body" and len(link.text) <= _COLUMN_NAME_CHARS
            leads_on = depth == 0 or is_column or short or link.region in _MENUS
            visit = Visit("explore" if leads_on else "document", link.text, reading.url, depth + 1, made=link.source == "script")
            yield from self._request(link.url, visit, max(500 - 50 * depth, 150) if link.region != "list" else OF_A_ROW)

    @staticmethod
    def _turns_page(link: Link, reading: PageReading) -> bool:
        """Whether a link leads to more of the page's own list. An arrow on a page that turns none says 更多 of a box."""
        pager = reading.listing.pager if reading.listing is not None else None
        return bool(TURNS_PAGE.match(link.text)) and not (pager is None and ARROW.match(link.text))

    def _takes_in(self, link: Link, on: str, depth: int) -> bool:
        """Note a column that leads off the site; whether it is the site's own disclosure platform on another of its hosts, and read as such."""
        assert link.url is not None
        scope = self.context.scope
        if is_file(link.url) or link.region == "list" or len(link.text) > 20:
            return False
        lead = self.tree.lead(on, link, scope.hosted_by(link.url), out=True)
        if lead.match is None or lead.match.canonical != "zfxxgk" or depth != 0 or not scope.may_adopt(link.url):
            return False
        scope.adopt(link.url)
        self.tree.adopt(link.url)
        return True

    def _missed_column(self, state: ColumnState, visit: Visit, fault: str) -> Iterator[Output]:
        """A page of a column, or of its list, that did not come."""
        if visit.role == "walk" and state.walk is not None:
            yield from self._not_walked(state, visit, fault)
        elif visit.role == "tail":
            yield from self._read_on(state, visit)
        elif state.linked_at is not None and fault in MISSING:
            self.tree.forget(state)  # no page of today leads there: it went, and its links with it
        else:
            self.tree.missed(state.url, fault)

    # --- documents ----------------------------------------------------------------------------

    def _arrived_document(self, reading: PageReading, visit: Visit) -> Iterator[Output]:
        assert reading.document is not None
        yield from self._document(reading.document, reading.url, visit)
        state = self.tree.get(reading.url)
        if visit.role == "document" or not self.context.site.scored:
            return
        self._note_files(reading)
        if state is not None:
            self._arrived_at(reading, visit)
        yield from self._follow(reading, visit.depth)

    def _document(self, document: DocumentReading, url: str, visit: Visit) -> Iterator[Output]:
        self.documents += 1
        self._links.attachments.note(document, url)
        self._links.files.note(document, url)
        if document.published_at:
            self._published.put(url_hash(url), document.published_at.date())
        for related in document.related:
            if self.context.scope.fetches(related.url) and not is_file(related.url) and self.again.wants(related.url):
                yield from self._request(related.url, Visit("document", related.title, url, visit.depth + 1), 60)

    def _list(self, entries: tuple[ListEntry, ...], state: ColumnState) -> Iterator[Output]:
        """Fetch what a list's rows lead to, where it is new, changed or due again."""
        for entry in entries:
            if entry.date is not None and entry.url is not None:
                self.tree.seen.listed.add(url_hash(entry.url))
            if entry.url is not None and is_file(entry.url):
                self._links.files.note_row(entry, state.url)
            if entry.url is None or is_file(entry.url) or not self.context.scope.fetches(entry.url):
                continue
            if self._names_column(entry, state):
                yield from self._request(entry.url, Visit("explore", entry.title, state.url, state.depth + 1), 300)
            elif self._is_due(entry, entry.url, state):
                visit = Visit("document", entry.title, state.url, state.depth + 1)
                if self._admits(entry.url, visit):
                    if self._waits_for_turn(entry.url, visit):
                        self._hold(entry.url, visit, OF_A_ROW)
                    else:
                        self.asked += 1
                        self._later.append((entry.url, entry.title, state.url, state.depth + 1))
            else:
                self._left.add(url_key(entry.url))

    def _is_due(self, entry: ListEntry, url: str, state: ColumnState) -> bool:
        return self.again.wants(url) or self.again.is_new_row(state.url, entry) or self.tree.get(url) is not None

    def _names_column(self, entry: ListEntry, state: ColumnState) -> bool:
        """Whether an undated row is the way to a column of its own: 公开指南 among the rows of a section."""
        if (
            entry.url is None
            or entry.date is not None
            or len(entry.title) > _COLUMN_NAME_CHARS
            or not self.context.scope.explores(entry.url)
        ):
            return False
        link = Link(entry.url, entry.title, "text", "list")
        self.tree.lead(state.url, link, self.context.scope.hosted_by(entry.url), region="row")
        return self.tree.get(entry.url) is not None
