"""Hanweb's disclosure module: a shell of a page whose category a script loads from /module/xxgk/search.jsp, page by page (currpage).

Marks: loadDynamic('/module/xxgk/search.jsp?…', 'div4', '0', '0', '950', '1', …) with the unit (area) in it, and mostly a frame with the
tree of categories (/module/xxgk/tree.jsp), whose entries are clicks: funclick('A0102', …). The category stands in the address
(?number=A0102); without one the script's own is asked for, mostly 0: everything. What comes is a table, and says how many pages.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from data.records import PageKind
from data.urls import netloc
from spiders.base import Ask, BaseFamily, ColumnLink, Fetched, Progress, Step

_CALL = re.compile(
    r"loadDynamic\(\s*(?P<address>['\"][^;]{0,600}?xxgk/search\.jsp[^;]{0,600}?)\s*,\s*['\"](?P<div>div\w{1,12})['\"]"
    r"\s*,\s*['\"](?P<category>\w{0,30})['\"](?:\s*,\s*['\"][^'\"]*['\"]){2}\s*,\s*['\"](?P<unit>\w{0,12})['\"]",
    re.I,
)
_AREA = re.compile(r"[?&](?:vc_xxgk)?area=(?P<area>[0-9A-Za-z-]{1,40})", re.I)
_STANDARD = re.compile(r"standardXxgk=(\d)", re.I)
_FIXED = re.compile(r"infotypeId=(\w{1,30})['\"&]", re.I)
_TREE = re.compile(r"\bsrc\s*=\s*['\"](?P<url>[^'\"]{0,200}xxgk/tree\.jsp\?[^'\"]{1,300})['\"]", re.I)
_NODE = re.compile(r"funclick\(\s*\\?['\"](?P<id>\w{1,40})\\?['\"][^<>]{0,300}>\s*(?P<name>[^<>]{1,60}?)\s*<", re.I)
_NAME_CHARS = 30
_PAGES = re.compile(r"共(?:\s|&nbsp;)*(\d{1,5})(?:\s|&nbsp;)*页")
_RECORDS = re.compile(r"共(?:\s|&nbsp;)*(\d{1,7})(?:\s|&nbsp;)*(?:条|个|件)")
_FORM = (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"), ("X-Requested-With", "XMLHttpRequest"))


class HanwebXxgkFamily(BaseFamily):
    """The rows of a category, asked for as the page's own script does."""

    name = "hanweb-xxgk"
    by_script = True

    def recognises(self, page: Fetched) -> bool:
        reading = page.reading
        if reading is None or reading.page is PageKind.DOCUMENT or (reading.listing is not None and reading.listing.entries):
            return False  # rows that stand in the page are the page's own
        return _request(page) is not None

    def entry(self, page: Fetched) -> Ask | None:
        found = _TREE.search(page.text)
        url = urljoin(page.url, unescape(found["url"])) if found is not None else None
        return Ask(url) if url is not None and netloc(url) == netloc(page.url) else None

    def columns(self, page: Fetched) -> tuple[ColumnLink, ...]:
        if "/tree.jsp" not in page.url:
            return ()
        found = {unescape(node["name"]): node["id"] for node in _NODE.finditer(page.text) if len(node["name"]) <= _NAME_CHARS}
        return tuple(ColumnLink(name, f"?number={category}", None, None) for name, category in found.items())

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        request = _request(page)
        assert request is not None  # it was recognised by it
        progress.memory.update(page="1", query=request[0], form=request[1], address=urljoin(column_url, "/module/xxgk/search.jsp"))
        return Step((), ask=_ask(progress.memory))

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        pages, records = _PAGES.search(answer.text), _RECORDS.search(answer.text)
        total = int(records[1]) if records is not None else None
        count = int(pages[1]) if pages is not None else None
        listing = answer.reading.listing if answer.reading else None
        entries = listing.entries if listing is not None else ()
        if not entries:
            nothing = not progress.rows and (total == 0 or count == 0)
            return Step((), 0, end="declared-total-read") if nothing else Step((), total, count, fault="api-empty")
        known = max(count or 0, progress.declared_pages or 0) or None
        if total is not None and progress.rows + len(entries) >= total:
            return Step(entries, total, known, end="declared-total-read")
        if known is None:
            return Step(entries, total, fault="unknown-pager")
        if progress.pages + 1 >= known:
            return Step(entries, total, known, end="last-page")
        progress.memory["page"] = str(int(progress.memory["page"]) + 1)
        return Step(entries, total, known, ask=_ask(progress.memory))


def _request(page: Fetched) -> tuple[str, str] | None:
    """(query, form) of the category that the page shows, as its script puts them together; None where it names no unit."""
    call = _CALL.search(page.text) if "xxgk/search.jsp" in page.text else None
    area = _AREA.search(call["address"]) if call is not None else None
    if call is None or area is None:
        return None
    asked = parse_qs(urlsplit(page.url).query).get("number")
    fixed = _FIXED.search(call["address"])
    category = asked[0] if asked else fixed[1] if fixed is not None else call["category"] or "0"
    standard = _STANDARD.search(call["address"])
    query = {"standardXxgk": standard[1]} if standard is not None else {}
    query |= {"infotypeId": category, "vc_title": "", "vc_number": "", "area": area["area"]}
    form = {"infotypeId": category, "jdid": call["unit"] or "1", "divid": call["div"], "vc_title": "", "vc_number": ""}
    form |= {"vc_filenumber": "", "vc_all": "", "texttype": "", "fbtime": ""}
    return urlencode(query), urlencode(form)


def _ask(memory: dict[str, str]) -> Ask:
    """The fragment, which no server sees, tells the pages of one category apart in archive and replay."""
    page = memory["page"]
    return Ask(f"{memory['address']}?{memory['query']}#currpage={page}", "POST", f"{memory['form']}&currpage={page}", _FORM)
