"""Hanweb JPaaS: the list page is empty, a build-unit script names the API that gives HTML inside JSON (contract P12).

A page is built of several units: a carousel, a menu, the list. The list is the one that comes with a count; where none does, the one
with most rows. Some gateways ignore pageNo and repeat the first page; the walk then ends as incomplete (page-repeated).
"""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import quote, urlencode, urljoin

import chompjs

from crawler.extract import read
from data.errors import InputError
from spiders.base import Ask, BaseFamily, Fetched, Progress, Step
from spiders.data_rows import loads

_UNIT = re.compile(r"<script\b[^>]*\bparseType=[\"']bu[li]+dstatic[\"'][^>]*>", re.I)
_ATTRIBUTE = re.compile(r"\b(url|queryData)\s*=\s*(\"[^\"]*\"|'[^']*')", re.I)
_COUNT = re.compile(r"\bcount\s*=\s*[\"']?(\d+)", re.I)
_MOST_UNITS = 8
_ROWS = re.compile(r"\brows\s*=\s*[\"']?(\d+)", re.I)


class JpaasFamily(BaseFamily):
    """Rows come page by page from the gateway's build-unit call."""

    name = "jpaas"
    by_script = True

    def recognises(self, page: Fetched) -> bool:
        return bool(_UNIT.search(page.text)) and "build/unit" in page.text

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        found = dict.fromkeys(unit for tag in _UNIT.finditer(page.text) if (unit := _unit(tag.group(0))) is not None)
        units = [[urljoin(column_url, address), query] for address, query in found][:_MOST_UNITS]
        if not units:
            return Step((), fault="script-only")
        progress.memory.update(units=json.dumps(units), page="1")
        return _try(progress, 0, last=len(units) == 1)

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        try:
            html = loads(answer.text)["data"]["html"]
            reading = read(str(html).encode(), column_url)
        except (ValueError, KeyError, TypeError, InputError):
            return Step((), progress.declared, fault="api-failed")
        entries = reading.listing.entries if reading.listing else ()
        count = _COUNT.search(html)
        total = int(count.group(1)) if count else None
        if total is None and not progress.memory["chosen"]:
            return _next_unit(progress, len(entries))
        if total is None:
            pager = reading.listing.pager if reading.listing else None
            whole = entries and (pager is None or (pager.understood and (pager.pages or 1) == 1))
            return Step(entries, end="no-pager") if whole else Step(entries, fault="unknown-pager" if entries else "api-empty")
        if progress.rows + len(entries) >= total:
            return Step(entries, total, end="declared-total-read")
        if not entries:
            return Step((), total, fault="declared-more-than-read")
        progress.memory["page"] = str(int(progress.memory["page"]) + 1)
        rows = _ROWS.search(html)
        progress.memory["rows"] = rows.group(1) if rows else str(len(entries))
        return Step(entries, total, ask=_ask(progress))


def _try(progress: Progress, number: int, *, last: bool) -> Step:
    """Ask for the first page of a unit; `last`: it is the one, whatever comes."""
    address, query = json.loads(progress.memory["units"])[number]
    progress.memory.update(unit=str(number), address=address, query=query, chosen="1" if last else "")
    return Step((), ask=_ask(progress))


def _next_unit(progress: Progress, rows: int) -> Step:
    """A unit came without a count: the next one, and behind the last the one that had most rows."""
    memory = progress.memory
    number = int(memory["unit"])
    if rows > int(memory.get("most", "0")):
        memory.update(most=str(rows), best=str(number))
    if number + 1 < len(json.loads(memory["units"])):
        return _try(progress, number + 1, last=False)
    return _try(progress, int(memory["best"]), last=True) if "best" in memory else Step((), fault="api-empty")


def _unit(tag: str) -> tuple[str, str] | None:
    found = {name.lower(): unescape(value[1:-1]) for name, value in _ATTRIBUTE.findall(tag)}
    if "url" not in found or "querydata" not in found:
        return None
    try:
        data: dict[str, object] = chompjs.parse_js_object(found["querydata"])
    except ValueError:
        return None
    return found["url"], urlencode({key: str(value) for key, value in data.items()})


def _ask(progress: Progress) -> Ask:
    memory = progress.memory
    page = quote(json.dumps({"pageNo": int(memory["page"]), "pageSize": int(memory.get("rows", "15"))}, separators=(",", ":")))
    return Ask(f"{memory['address']}?{memory['query']}&paramJson={page}")
