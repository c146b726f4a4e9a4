"""Lists that a script of an ordinary page fills, or goes on filling (加载更多, P17), from one interface that it names: JSON, JSONP, HTML.

Marks: a page with the place of a list and no row in it, or with rows and the sign that there are more, and one request for rows in its
scripts. A count ends the walk, the interface's or the page's. Where nothing counts, pages are read until one repeats or is empty, and
nothing is proved.
"""

from __future__ import annotations

from data.records import EmptyBecause, ListEntry, ListReading
from spiders.base import BaseFamily, Fetched, Progress, Step, ended
from spiders.data_items import pages_in, rows_in, total_in
from spiders.data_rows import is_data, loads
from spiders.list_calls import kept_call, only_call


class ScriptListFamily(BaseFamily):
    """Rows from the one interface that the page's scripts ask for rows."""

    name = "script-list"
    by_script = True

    def recognises(self, page: Fetched) -> bool:
        listing = page.reading.listing if page.reading else None
        if listing is None:
            return False
        bare = not listing.entries and listing.empty is EmptyBecause.SCRIPT
        call = only_call(page.text, page.url) if bare or _goes_on(listing) else None
        return call is not None and (bare or call.page_key is not None)

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        call = only_call(page.text, page.url)
        assert call is not None  # it was recognised by it
        listing = page.reading.listing if page.reading else None
        entries = listing.entries if listing is not None else ()
        number = call.first + bool(entries)  # where rows stand in the page, the first that are asked for are the next
        call.keep(progress.memory)
        progress.memory["page"] = str(number)
        pager = listing.pager if listing is not None else None
        records, pages = (pager.records, pager.pages) if pager is not None else (None, None)
        return Step(entries, records, pages, ask=call.ask(number))

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        try:
            entries, total, pages = _rows(answer, column_url)
        except ValueError:
            return Step((), progress.declared, fault="api-failed")
        total = total if total is not None else progress.declared
        pages = pages if pages is not None else progress.declared_pages
        end = ended(entries, total, pages, progress)
        if end is not None:
            return end
        memory = progress.memory
        if not memory["key"]:
            size = kept_call(memory).size
            part = total is not None or (size is not None and len(entries) >= size)  # the newest ones: as many as were asked for
            return Step(entries, total, pages, fault="unknown-pager") if part else Step(entries, end="no-pager")
        if pages is not None and progress.pages + 1 >= pages:
            return Step(entries, total, pages, end="last-page")
        memory["page"] = str(int(memory["page"]) + 1)
        return Step(entries, total, pages, ask=kept_call(memory).ask(int(memory["page"])))


def _goes_on(listing: ListReading) -> bool:
    """Whether a list shows rows and a sign of more that no pager leads to; a postback is no such request's."""
    pager = listing.pager
    if not listing.entries or pager is None or pager.understood or pager.next_url is not None:
        return False
    return pager.contract != "P18"


def _rows(answer: Fetched, base: str) -> tuple[tuple[ListEntry, ...], int | None, int | None]:
    """(rows, their count, the count of pages) of an answer; ValueError where it is neither data nor a list."""
    if is_data(answer.text):
        data = loads(answer.text)
        return rows_in(data, base), total_in(data), pages_in(data)
    listing = answer.reading.listing if answer.reading is not None else None
    if listing is None:
        raise ValueError("neither data nor a list")
    pager = listing.pager
    return listing.entries, pager.records if pager is not None else None, pager.pages if pager is not None else None
