"""Longxun: lists of the disclosure tree whose later pages come as rows from the platform's label interface, /site/label/8888.

Marks: a script that turns pages with Ls.pagination and asks for a label by its name, with the unit, the category and the template of
the list (labelName, organId, catId, file). What it asks is echoed, the page's number alone changes. Lists whose script goes to
/content/column/ID?pageIndex=N instead (contract P10) are read by the generic family.
"""

from __future__ import annotations

import re

from data.records import EmptyBecause, ListReading
from spiders.base import BaseFamily, Fetched, Progress, Step
from spiders.list_calls import Call, kept_call, list_calls

_LABEL = re.compile(r"/site/label/\d{1,8}(?:$|[?#])")
_PAGES = re.compile(r"\bpageCount\s*:\s*[\"']?(\d{1,5})")


class LongxunFamily(BaseFamily):
    """The rows that the page holds, then the label page by page."""

    name = "longxun"
    by_script = True

    def recognises(self, page: Fetched) -> bool:
        return page.reading is not None and page.reading.listing is not None and _label(page) is not None

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        call = _label(page)
        assert call is not None  # it was recognised by it
        call.keep(progress.memory)
        listing = page.reading.listing if page.reading else None
        assert listing is not None
        if not listing.entries and listing.empty not in (EmptyBecause.PLACEHOLDER, EmptyBecause.STATEMENT):
            progress.memory["page"] = "1"
            said = _PAGES.search(page.text)
            return Step((), declared_pages=int(said[1]) if said else None, ask=call.ask(1))  # the first rows come from there as well
        return self._step(page.text, listing, 1, progress)

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        listing = answer.reading.listing if answer.reading else None
        number = int(progress.memory["page"])
        nothing = dict(kept_call(progress.memory).values).get("result")
        if number == 1 and nothing and nothing in answer.text and (listing is None or not listing.entries):
            return Step((), 0, end="declared-total-read")  # what the list says where it holds nothing stands in its request
        if listing is None or (not listing.entries and number > 1):
            return Step((), progress.declared, fault="api-empty" if listing is not None else "api-failed")
        return self._step(answer.text, listing, number, progress)

    def _step(self, text: str, listing: ListReading, number: int, progress: Progress) -> Step:
        said = _PAGES.search(text)
        records = listing.pager.records if listing.pager is not None else None
        pages = max(int(said[1]) if said else 0, progress.declared_pages or 0) or None
        if not listing.entries:
            return Step((), records, pages, end="no-pager")  # it says that there is nothing
        if pages is None:
            return Step(listing.entries, records, fault="unknown-pager")
        if number >= pages:
            return Step(listing.entries, records, pages, end="last-page")
        memory = progress.memory
        memory["page"] = str(number + 1)
        return Step(listing.entries, records, pages, ask=kept_call(memory).ask(number + 1))


def _label(page: Fetched) -> Call | None:
    """The label that the page's list turns over; none where its scripts turn several."""
    if "/site/label/" not in page.text or "labelName" not in page.text:
        return None
    calls = [call for call in list_calls(page.text, page.url) if _LABEL.search(call.url) and call.page_key is not None]
    return calls[0] if len(calls) == 1 else None
