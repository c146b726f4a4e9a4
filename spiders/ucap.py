"""Kaipuyun UCAP: shtml lists whose pages are made now and then, beside a search interface that knows every row at once (contract P13).

Marks: a script that asks /common/search/, /search/ or /searchList/ for one channel's rows as JSON (_isJson=true), and the channel's id
(32 hexadecimal digits) in the page; the script may stand in a file that the page names (listPage.js). The pages may lag hours behind
the interface, so the total that they print proves nothing while the interface can be asked. Where it cannot, the pages are read in its
place, and nothing is proved. Where the file names no interface, or is not there for visitors either, the pages are all there is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin

from crawler.faults import SHOWN
from data.records import ListEntry
from data.urls import netloc, url_key
from spiders.base import Ask, BaseFamily, Fetched, Progress, Step
from spiders.data_rows import date_of, is_data, loads, number, row
from spiders.generic import GenericFamily

_SEARCH = re.compile(
    r"[\"'`](?P<path>(?:https?:)?/[^\"'`\s<>?]{0,120}?\bsearch(?:List)?/)(?P<id>[0-9a-f]{32})?(?P<rest>[^\n;{}]{0,400})", re.I
)
_CHANNEL = re.compile(
    r"\bchannelId\b[\"']?\s*(?:[:=]\s*|[\"']?\s+value\s*=\s*)[\"'](?P<id>[0-9a-f]{32})[\"']|"
    r"\bvalue\s*=\s*[\"'](?P<other>[0-9a-f]{32})[\"'][^<>]{0,80}\bchannelId\b",
    re.I,
)
_SOURCE = re.compile(r"<script\b[^>]*?\bsrc\s*=\s*[\"']?(?P<url>[^\"'\s>]*?[\w.-]*list[\w.-]*\.js)\b", re.I)
_PAGE = re.compile(r"(?<=[?&]page=)\d+")
_DATES = ("publishedTimeStr", "publishedTime", "pubDate")
_SIZE = 15


class UcapFamily(BaseFamily):
    """Rows from the interface; the page's own rows where it gives none, and those that it lacks."""

    name = "ucap"

    def __init__(self) -> None:
        self._pages = GenericFamily()

    def recognises(self, page: Fetched) -> bool:
        return _twin(page.text, page.url) is not None or _script(page) is not None

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        twin = _twin(page.text, column_url)
        progress.own = self._pages.first(page, column_url, progress)
        if twin is not None:
            return Step((), ask=Ask(twin))
        script = _script(page)
        assert script is not None  # it was recognised by one of the two
        progress.memory["channel"] = _channels(page.text).pop()
        return Step((), ask=Ask(script, kept=True))

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        if "channel" in progress.memory:
            return self._told(answer.text, column_url, progress)
        if "plain" in progress.memory:
            return self._pages.following(answer, column_url, progress)
        if not is_data(answer.text) and ("why" in progress.memory or "pages" in progress.memory):
            return self._page(answer, column_url, progress)
        try:
            data = loads(answer.text)["data"]
            total = number(data["total"])
            entries = tuple(row(one.get("title"), one.get("url"), answer.url, date_of(one, _DATES)) for one in data["results"] or ())
        except (ValueError, KeyError, TypeError, AttributeError):
            return self.instead("api-failed", column_url, progress) or Step((), progress.declared, fault="api-failed")
        progress.seen |= {url_key(entry.url) for entry in entries if entry.url is not None}
        if progress.rows + len(entries) >= total:
            return _end(entries, total, progress)
        if not entries:
            return Step((), total, fault="declared-more-than-read")
        found = _PAGE.search(answer.url)
        if found is None:
            return Step(entries, total, fault="unknown-pager")
        return Step(entries, total, ask=Ask(_PAGE.sub(str(int(found[0]) + 1), answer.url, count=1)))

    def _told(self, script: str, column_url: str, progress: Progress) -> Step:
        """What the script's file says: which interface, or none."""
        assert progress.own is not None
        twin = _twin(script, column_url, progress.memory.pop("channel"))
        if twin is not None:
            return Step((), ask=Ask(twin))
        progress.memory["plain"] = "yes"
        return progress.own

    def _page(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        """A later page of the list itself: in the interface's place, or for the rows that it lacks."""
        memory = progress.memory
        if "why" in memory:
            return _unproved(self._pages.following(answer, column_url, progress), memory["why"])
        step = self._pages.following(answer, column_url, Progress(int(memory["pages"]), int(memory["rows"]), progress.declared))
        memory.update(pages=str(int(memory["pages"]) + 1), rows=str(int(memory["rows"]) + len(step.entries)))
        entries = _new(step.entries, progress)
        if step.end is not None and progress.rows + len(entries) < (progress.declared or 0):
            step = replace(step, end=None, fault="declared-more-than-read")
        return replace(step, entries=entries, declared=progress.declared)

    def instead(self, fault: str, column_url: str, progress: Progress) -> Step | None:
        """The pages themselves, from the first one; what came of the interface before is not read a second time."""
        if progress.own is None or progress.rows or "why" in progress.memory:
            return None
        if progress.memory.pop("channel", None) is not None and fault in SHOWN:
            progress.memory["plain"] = "yes"
            return progress.own
        progress.memory["why"] = fault
        return _unproved(progress.own, fault)


def _end(entries: tuple[ListEntry, ...], total: int, progress: Progress) -> Step:
    """The interface has given all its rows; where the pages print more than that, they are read as well."""
    own = progress.own
    entries += _new(own.entries, progress) if own is not None else ()
    if own is None or own.declared is None or own.declared <= total:
        return Step(entries, total, end="declared-total-read")
    if own.ask is None:
        return Step(entries, own.declared, fault="declared-more-than-read")
    progress.memory.update(pages="1", rows=str(len(own.entries)))
    return Step(entries, own.declared, ask=own.ask)


def _new(entries: tuple[ListEntry, ...], progress: Progress) -> tuple[ListEntry, ...]:
    """The rows that the interface has not given."""
    found = tuple(entry for entry in entries if entry.url is None or url_key(entry.url) not in progress.seen)
    progress.seen |= {url_key(entry.url) for entry in found if entry.url is not None}
    return found


def _unproved(step: Step, why: str) -> Step:
    """A step over the pages: their last one proves no end while the interface behind them was not seen."""
    return step if step.ask is not None else replace(step, end=None, fault=why)


def _channels(text: str) -> set[str]:
    return {found["id"] or found["other"] for found in _CHANNEL.finditer(text)}


def _script(page: Fetched) -> str | None:
    """The file of the script that lists of the platform name, where the page is one channel's and says no more."""
    if "channelid" not in page.text.lower() or page.reading is None or page.reading.listing is None or len(_channels(page.text)) != 1:
        return None
    urls = dict.fromkeys(urljoin(page.url, found["url"]) for found in _SOURCE.finditer(page.text))
    own = [url for url in urls if netloc(url) == netloc(page.url)]
    return own[0] if len(own) == 1 else None


def _twin(text: str, base: str, channel: str | None = None) -> str | None:
    """The address of the interface's first page; None where the text names none, or several channels, or another host."""
    if "_isjson" not in text.lower():
        return None
    search = next((found for found in _SEARCH.finditer(text) if "_isjson" in found["rest"].lower()), None)
    if search is None:
        return None
    ids = {search["id"]} if search["id"] else {channel} if channel is not None else _channels(text)
    url = urljoin(base, search["path"])
    if len(ids) != 1 or netloc(url) != netloc(base):
        return None
    rest = search["rest"]
    size, together = re.search(r"_pageSize=(\d{1,3})\b", rest), re.search(r"_isAgg=(true|false)", rest)
    template = re.search(r"_template=(\w{1,40})", rest)
    query = f"page=1&_pageSize={size[1] if size else _SIZE}&_isAgg={together[1] if together else 'true'}&_isJson=true&_template={template[1] if template else 'index'}"
    return f"{url}{ids.pop()}?{query}"
