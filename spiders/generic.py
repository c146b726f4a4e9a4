"""Lists whose rows and pager stand in the page: TRS, VSB, the old ASP and PHP systems, and every unknown template.

The way from page to page is read from each page. What the first pages say there is holds until the end: a later page that was cut,
that was pressed before the list grew, or that shows nothing, is passed over by its number where its address bears one, and is never
taken for the last one.
"""

from __future__ import annotations

from crawler.extract.pager_numbers import by_number
from data.records import EmptyBecause, ListReading, Pager
from spiders.base import Ask, BaseFamily, Fetched, Progress, Step


class GenericFamily(BaseFamily):
    """Rows and the next page are read from the page itself, whatever made it."""

    name = "generic"

    def recognises(self, page: Fetched) -> bool:
        return True

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        return self.following(page, column_url, progress)

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        listing = answer.reading.listing if answer.reading else None
        if listing is None:
            return Step((), fault="layout-unknown")
        pager, later = listing.pager, progress.pages > 0
        declared = _most(progress.declared, pager.records if pager else None)
        pages = _most(progress.declared_pages, pager.pages if pager else None)
        more = pages is not None and progress.pages + 1 < pages
        if later and not listing.entries:
            return _empty_page(listing, declared, pages, more=more)
        if not later:
            progress.memory["size"] = str(len(listing.entries))
        if pager is not None and not later:
            progress.memory["turn"] = "-1" if pager.contract == "P16" else "1"
        last = not more or pager is None or pager.next_url is None
        if declared is not None and last and progress.rows + len(listing.entries) >= declared:
            return Step(listing.entries, declared, pages, end="declared-total-read")
        if pager is not None and pager.next_url is not None:
            return Step(listing.entries, declared, pages, ask=Ask(pager.next_url))
        onward = by_number(answer.url, int(progress.memory.get("turn", "1"))) if later and more else None
        if onward is not None:
            return Step(listing.entries, declared, pages, ask=Ask(onward))
        if pager is None:
            if (
                later
                and pages is None
                and len(listing.entries) < int(progress.memory.get("size", "0"))
                and by_number(answer.url, 0) is not None
            ):
                return Step(listing.entries, declared, pages, end="last-page")  # links alone led here, and the rest of the rows ends it
            if more or (later and pages is None):  # a later page shows at least the way back
                return Step(listing.entries, declared, pages, fault="no-next-page" if more else "unknown-pager")
            return Step(listing.entries, declared, pages, end="last-page" if later else "no-pager")
        fault = _unfinished(pager, more=more)
        return Step(listing.entries, declared, pages, end=None if fault else "last-page", fault=fault)


def _unfinished(pager: Pager, *, more: bool) -> str | None:
    """Why a pager that leads nowhere is no last page's."""
    if not pager.understood:
        return "unknown-pager"
    return "no-next-page" if more else None


def _empty_page(listing: ListReading, declared: int | None, pages: int | None, *, more: bool) -> Step:
    """A later page without a row: it says that there is nothing more, or it is one that did not come."""
    says = listing.empty in (EmptyBecause.PLACEHOLDER, EmptyBecause.STATEMENT)
    return Step((), declared, pages, end="empty-page") if says and not more else Step((), declared, pages, fault="page-empty")


def _most(*counts: int | None) -> int | None:
    return max((count for count in counts if count is not None), default=None)
