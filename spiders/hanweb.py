"""Hanweb jcms: rows stand as CDATA records in a script of type text/xml; the rest comes from dataproxy.jsp (contract P11).

Marks: <recordset> in the page, jpage({totalRecord …}). The proxy is asked by record offsets, which mean the same everywhere but on
servers that ignore them and give the first rows again: those are asked by page. A wrong unit id answers an empty document with status 200.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from crawler.extract.pager_scripts import jpage_call
from data.records import ListEntry
from spiders.base import Ask, BaseFamily, Fetched, Progress, Step

_NEXTGROUP = re.compile(r"<nextgroup>\s*<!\[CDATA\[.*?href=[\"']([^\"']*dataproxy\.jsp[^\"']*)[\"']", re.S | re.I)
_PROXY = re.compile(r"proxyUrl\s*:\s*[\"']([^\"']+)[\"']", re.I)
_PARAM = re.compile(r"(?:proxyParam|params?)\s*:\s*[\"']([^\"']*unitid[^\"']*)[\"']", re.I)
_FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}


class HanwebFamily(BaseFamily):
    """Embedded records first, then the data proxy until the declared total is read."""

    name = "hanweb"

    def recognises(self, page: Fetched) -> bool:
        return "<recordset" in page.text and "dataproxy.jsp" in page.text

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        listing = page.reading.listing if page.reading else None
        entries = listing.entries if listing else ()
        call = jpage_call(page.text) or page.text
        total = _number(call, "totalRecord")
        per_page = _number(call, "perPage") or 15
        group = _number(call, "groupSize") or 3
        if total is None:  # it names a proxy, and not how much that has
            return Step(entries, fault="unknown-pager") if entries else Step((), fault="layout-unknown")
        next_group = _NEXTGROUP.search(page.text)
        proxy, params = _proxy(page.text, next_group.group(1) if next_group else None)
        if proxy is not None:
            progress.memory.update(proxy=urljoin(column_url, proxy), params=params, span=str(per_page * group), per_page=str(per_page))
        return self._step(entries, total, progress)

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        listing = answer.reading.listing if answer.reading else None
        entries = listing.entries if listing else ()
        if not entries:
            return Step((), progress.declared, fault="api-empty")
        if "by-page" not in progress.memory and all(entry.url in progress.held for entry in entries):
            progress.memory["by-page"] = "yes"
            entries = ()
        return self._step(entries, progress.declared or 0, progress)

    def _step(self, entries: tuple[ListEntry, ...], total: int, progress: Progress) -> Step:
        read = progress.rows + len(entries)
        if read >= total:
            return Step(entries, total, end="declared-total-read")
        if "proxy" not in progress.memory:
            return Step(entries, total, fault="declared-more-than-read")
        memory, span = progress.memory, int(progress.memory["span"])
        if "by-page" in memory:
            address = f"{memory['proxy']}?{memory['params']}&page={read // span + 1}&perpage={span}"
            return Step(entries, total, ask=Ask(address))
        query = f"startrecord={read + 1}&endrecord={min(read + span, total)}&perpage={memory['per_page']}"
        return Step(entries, total, ask=Ask(f"{memory['proxy']}?{query}", "POST", memory["params"], tuple(_FORM.items())))


def _proxy(text: str, next_group: str | None) -> tuple[str | None, str]:
    """The proxy's address and the parameters it needs, echoed as the page writes them (webname is encoded twice)."""
    param, proxy = _PARAM.search(text), _PROXY.search(text)
    if param and proxy:
        return urlsplit(unescape(proxy.group(1))).path, unescape(param.group(1)).lstrip("?&")
    address = unescape(next_group) if next_group else unescape(proxy.group(1)) if proxy else None
    if address is None:
        return None, ""
    parts = urlsplit(address)
    kept = [
        pair for pair in parts.query.split("&") if pair and pair.split("=", 1)[0] not in ("page", "startrecord", "endrecord", "perpage")
    ]
    return parts.path, "&".join(kept)


def _number(text: str, name: str) -> int | None:
    found = re.search(rf"\b{name}\s*[:=]\s*[\"']?(\d+)", text, re.I) or re.search(rf"<{name}>\s*(\d+)", text, re.I)
    return int(found.group(1)) if found else None
