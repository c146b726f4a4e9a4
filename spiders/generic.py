"""Lists whose rows and pager stand in the page: TRS, UCAP, VSB, Longxun and every unknown template."""

from __future__ import annotations

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
        pager = listing.pager
        if pager is None:
            return Step(listing.entries, end="no-pager") if progress.pages == 0 else Step(listing.entries, end="last-page")
        declared, pages = pager.records, pager.pages
        last = pages is None or progress.pages + 1 >= pages or pager.next_url is None
        if declared is not None and last and progress.rows + len(listing.entries) >= declared:
            return Step(listing.entries, declared, pages, end="declared-total-read")
        if pager.next_url is not None:
            return Step(listing.entries, declared, pages, ask=Ask(pager.next_url))
        if not pager.understood:
            return Step(listing.entries, declared, pages, fault="unknown-pager")
        if pages is not None and progress.pages + 1 < pages:
            return Step(listing.entries, declared, pages, fault="no-next-page")
        return Step(listing.entries, declared, pages, end="last-page")
