"""TrueCMS: the first rows stand in a hidden list, the others come from messageController/getMessage.do as JSON around a recordset.

Some cities have retired the interface while their pages still name it: such a list is not read to its end.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode, urljoin

from lxml import etree, html

from crawler.extract import read
from data.errors import InputError
from data.records import ListEntry
from data.urls import netloc
from spiders.base import Ask, BaseFamily, Fetched, Progress, Step
from spiders.data_rows import loads

_PROXY = re.compile(r"[\"'](?P<url>[^\"'\s?]{0,160}messageController/getMessage\.do)", re.I)
_COLUMN = re.compile(r"\bcolumnId[\"']?\s*[:=]\s*[\"']?(?P<id>[0-9a-zA-Z-]{1,40})", re.I)
_TOTAL = re.compile(r"\btotalRecord\s*[:=]\s*[\"']?(\d+)", re.I)
_SIZE = re.compile(r"\b(?:perPage|pageSize)\s*[:=]\s*[\"']?(\d{1,3})\b", re.I)
_INTERFACE = re.compile(r"<totalrecord>\s*(\d+)", re.I)


class TruecmsFamily(BaseFamily):
    """The rows that the page holds, then the interface by record offsets until the total is read."""

    name = "truecms"
    by_script = True

    def recognises(self, page: Fetched) -> bool:
        return bool(_PROXY.search(page.text)) and bool(_COLUMN.search(page.text))

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        proxy, column, total = _PROXY.search(page.text), _COLUMN.search(page.text), _TOTAL.search(page.text)
        assert proxy is not None
        assert column is not None
        address = urljoin(column_url, proxy["url"])
        size = _SIZE.search(page.text)
        if netloc(address) == netloc(column_url):
            called = "yes" if re.search(r"callback=|jsonp", page.text, re.I) else ""
            progress.memory.update(proxy=address, column=column["id"], size=size[1] if size else "15", called=called)
        entries = _embedded(page)
        return self._step(entries, int(total[1]) if total else None, progress)

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        try:
            result = str(loads(answer.text)["result"])
            reading = read(result.encode(), column_url)
        except (ValueError, KeyError, TypeError, InputError):
            return Step((), progress.declared, fault="api-failed")
        entries = reading.listing.entries if reading.listing else ()
        total = _INTERFACE.search(result)
        if not entries:
            return Step((), progress.declared, fault="api-empty")
        return self._step(entries, int(total[1]) if total else progress.declared, progress)

    def _step(self, entries: tuple[ListEntry, ...], total: int | None, progress: Progress) -> Step:
        read_so_far = progress.rows + len(entries)
        if total is not None and read_so_far >= total:
            return Step(entries, total, end="declared-total-read")
        if "proxy" not in progress.memory or total is None:
            return Step(entries, total, fault="unknown-pager")
        memory, size = progress.memory, int(progress.memory["size"])
        query = {"startrecord": read_so_far + 1, "endrecord": min(read_so_far + size, total), "perpage": size, "columnId": memory["column"]}
        called = "&callback=jpage" if memory["called"] else ""
        return Step(entries, total, ask=Ask(f"{memory['proxy']}?{urlencode(query)}{called}"))


def _embedded(page: Fetched) -> tuple[ListEntry, ...]:
    """The rows that the page holds for its script, which shows them: #initData is hidden until then."""
    listing = page.reading.listing if page.reading else None
    if listing is not None and listing.entries:
        return listing.entries
    try:
        tree = html.fromstring(page.text)
    except (etree.LxmlError, ValueError):
        return ()
    held = next((element for element in tree.iter("ul", "ol", "div", "table") if element.get("id") == "initData"), None)
    if held is None:
        return ()
    held.set("style", "")
    body = f"<html><body><h2>列表</h2>{html.tostring(held, encoding='unicode')}</body></html>"
    try:
        shown = read(body.encode(), page.url).listing
    except InputError:
        return ()
    return shown.entries if shown is not None else ()
