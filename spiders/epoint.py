"""Epoint web builder: a script fills the table of a category by POST of JSON (contract P14).

Marks: the page names a category (categorynum) and scripts of its own; webBuilderCommon.js bears siteInfo with the site's guid and the
project's path, the script of the list says which interface it asks and how many rows at once. Pages are counted from 0. An interface
that fails says so with status 200 (code 500, or a total without rows): such a walk is not read to its end.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from data.records import ListEntry
from data.urls import netloc
from spiders.base import Ask, BaseFamily, Fetched, Progress, Step
from spiders.data_rows import date_of, loads, number, row

_COMMON = "webbuildercommon"
_ACTION = re.compile(r"(?P<joined>\+\s*)?[\"'](?P<path>[^\"'\s]{0,160}getgovinfolist)[\"'?]", re.I)
_GUID = re.compile(r"[\"']?\bsiteGuid[\"']?\s*[:=]\s*[\"'](?P<guid>[0-9a-fA-F-]{32,40})[\"']")
_PROJECT = re.compile(r"[\"']?\bprojectName[\"']?\s*[:=]\s*[\"'](?P<name>/?[\w.-]{1,60}/?)[\"']")
_CATEGORY = re.compile(
    r"\bcategorynum[\"']?\s*(?:[:=]\s*|[^<>\n]{0,60}?\bvalue\s*=\s*)[\"'](?P<number>\d{3,40})[\"']|"
    r"\bvalue\s*=\s*[\"'](?P<other>\d{3,40})[\"'][^<>\n]{0,60}?\bcategorynum\b",
    re.I,
)
_SIZE = re.compile(r"[\"']?\bpageSize[\"']?\s*[:=]\s*[\"']?(\d{1,3})\b", re.I)
_WRAPPED = re.compile(r"[\"']?\bparams[\"']?\s*[:=]\s*\{[^{}]{0,300}categorynum", re.I)
_LIBRARY = re.compile(r"/lib/|jquery|\.min\.js|bootstrap|swiper|layer|mustache|vue", re.I)
_SCRIPTS = 6  # of a page that are looked into: the list's own is one of them
_DATES = ("infodate", "publishdate", "pubdate")
_HEADERS = (("Content-Type", "application/json;charset=UTF-8"), ("X-Requested-With", "XMLHttpRequest"))


class EpointFamily(BaseFamily):
    """The scripts that the page names first, then the interface page by page until its total is read."""

    name = "epoint"
    by_script = True

    def recognises(self, page: Fetched) -> bool:
        low = page.text.lower()
        if (_COMMON not in low and "getgovinfolist" not in low) or not _category(page):
            return False
        listing = page.reading.listing if page.reading else None
        return listing is None or not listing.entries  # rows that stand in the page need no interface

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        own = [url for url in page.scripts() if netloc(url) == netloc(column_url)]
        own.sort(key=lambda url: (_COMMON not in url.lower(), bool(_LIBRARY.search(url))))
        progress.memory.update(_said(page.text), category=_category(page), department=_query(column_url, "deptcode"), own=column_url)
        progress.memory["scripts"] = "\n".join(url for url in own if not _LIBRARY.search(url) or _COMMON in url.lower())
        return self._next_script(progress)

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        memory = progress.memory
        if "page" not in memory:
            for key, value in _said(answer.text).items():
                memory.setdefault(key, value)
            return self._next_script(progress)
        try:
            data = loads(answer.text)
            if not _is_well(data):
                return Step((), progress.declared, fault="api-failed")
            custom = data["custom"]
            items = loads(custom["data"]) if isinstance(custom["data"], str) else custom["data"] or ()
            total, entries = number(custom["total"]), tuple(_entry(item, answer.url) for item in items)
        except (ValueError, KeyError, TypeError, AttributeError):
            return Step((), progress.declared, fault="api-failed")
        if progress.rows + len(entries) >= total:
            return Step(entries, total, end="declared-total-read")
        if not entries:
            return Step((), total, fault="api-empty")
        memory["page"] = str(int(memory["page"]) + 1)
        return Step(entries, total, ask=_ask(memory))

    def instead(self, fault: str, column_url: str, progress: Progress) -> Step | None:
        """The next script, where one of several did not come."""
        return None if "page" in progress.memory else self._next_script(progress)

    def _next_script(self, progress: Progress) -> Step:
        """Ask for the next script that the page names, until both the interface and the guid are known."""
        memory = progress.memory
        asked = int(memory.get("asked", "0"))
        if "action" in memory and "guid" in memory:
            memory["page"] = "0"
            return Step((), ask=_ask(memory))
        first, _, rest = memory["scripts"].partition("\n")
        if not first or asked >= _SCRIPTS:
            return Step((), fault="script-only")
        memory.update(scripts=rest, asked=str(asked + 1))
        return Step((), ask=Ask(first, kept=True))


def _said(text: str) -> dict[str, str]:
    """What a page or a script says of the interface: its address, the site's guid, the project's path, rows at once."""
    said: dict[str, str] = {}
    action = next(iter(_ACTION.finditer(text)), None)
    if action is not None:
        said.update(action=action["path"], joined="yes" if action["joined"] else "", wrapped="yes" if _WRAPPED.search(text) else "")
        size = _SIZE.search(text)
        if size is not None:
            said["size"] = size[1]
    for key, pattern, group in (("guid", _GUID, "guid"), ("project", _PROJECT, "name")):
        found = pattern.search(text)
        if found is not None:
            said[key] = found[group]
    return said


def _category(page: Fetched) -> str:
    """The category's number: that which the page's address asks for, else the one that the page holds; none where it holds several."""
    asked = _query(page.url, "categorynum")
    held = {found["number"] or found["other"] for found in _CATEGORY.finditer(page.text)}
    return asked or (held.pop() if len(held) == 1 else "")


def _query(url: str, name: str) -> str:
    return next(iter(parse_qs(urlsplit(url).query).get(name, ())), "")


def _ask(memory: dict[str, str]) -> Ask:
    """The page's own question. The fragment, which no server sees, tells the answers of one address apart in archive and replay."""
    path = memory["action"]
    if memory["joined"] and "project" in memory and not path.startswith("http"):
        path = f"/{memory['project'].strip('/')}/{path.lstrip('/')}"
    asked: dict[str, Any] = {
        "categorynum": memory["category"],
        "pageIndex": int(memory["page"]),
        "pageSize": int(memory.get("size", "20")),
        "siteGuid": memory["guid"],
    }
    if memory["department"]:
        asked["deptcode"] = memory["department"]
    url = f"{urljoin(memory['own'], path)}#categorynum={memory['category']}&pageIndex={memory['page']}"
    body = {"token": "", "params": asked} if memory["wrapped"] else asked
    return Ask(url, "POST", json.dumps(body, ensure_ascii=False), _HEADERS)


def _is_well(data: Any) -> bool:
    """Whether an answer speaks of no failure of its own; status 200 says nothing."""
    status = data.get("status")
    codes = [data.get("code"), status.get("code") if isinstance(status, dict) else None]
    return all(str(code) in ("None", "", "0", "1", "200") for code in codes)


def _entry(item: dict[str, Any], base: str) -> ListEntry:
    return row(item.get("realtitle") or item.get("title"), item.get("infourl"), base, date_of(item, _DATES))
