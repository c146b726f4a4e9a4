"""公开目录平台 gkmlpt (Guangdong): the column tree stands in window._CONFIG, the rows come from /gkmlpt/api/all/<category> (contract P15).

Pages hold a hundred rows; page 0 and page 1 are the same, so the walk begins with 1 and ends when classify.post_count is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import chompjs

from data.records import ListEntry
from spiders.base import Ask, BaseFamily, ColumnLink, Fetched, Progress, Step, ended
from spiders.data_rows import address, date_of, loads, row, text_of

_CONFIG = re.compile(r"(?:window\.)?_CONFIG\s*=\s*(?=\{)")

_DATES = ("display_publish_time", "publish_time", "date", "created_at")  # what the platform shows first, its own stamp last


class GkmlptFamily(BaseFamily):
    """Columns from the tree in the page, rows from the JSON beside it."""

    name = "gkmlpt"
    by_script = True

    def recognises(self, page: Fetched) -> bool:
        return "/gkmlpt" in page.text and bool(_CONFIG.search(page.text)) and "TREE" in page.text

    def columns(self, page: Fetched) -> tuple[ColumnLink, ...]:
        config = _config(page.text)
        index = urljoin(page.url, "/gkmlpt/index")
        sid = str(config.get("SID", ""))
        return tuple(_links(config.get("TREE"), index, sid, None))

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        category = urlsplit(column_url).fragment.rsplit("/", 1)[-1]
        if not category.isdigit():
            return Step((), fault="script-only")
        return Step((), ask=_ask(column_url, category, str(_config(page.text).get("SID", "")), 1))

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        try:
            data = loads(answer.text)
            articles = data["articles"] or ()
            total = int(data["classify"]["post_count"])
            entries = tuple(_entry(article, answer.url) for article in articles)
        except (ValueError, KeyError, TypeError, AttributeError):
            return Step((), progress.declared, fault="api-failed")
        end = ended(entries, total, None, progress)
        if end is not None:
            return end
        found = re.search(r"/all/(\d+)\?page=(\d+)&sid=(.*)$", answer.url)
        if found is None:
            return Step(entries, total, fault="unknown-pager")
        return Step(entries, total, ask=_ask(column_url, found.group(1), found.group(3), int(found.group(2)) + 1))


def _config(text: str) -> dict[str, Any]:
    found = _CONFIG.search(text)
    if found is None:
        return {}
    try:
        parsed: object = chompjs.parse_js_object(text[found.end() :])
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _links(nodes: object, index: str, sid: str, parent: str | None) -> Iterator[ColumnLink]:
    """Every node of the tree: its name, its address in the platform, and how its rows are asked for."""
    if not isinstance(nodes, list):
        return
    for node in nodes:
        if not isinstance(node, dict) or "id" not in node or not (node.get("name") or node.get("title")):
            continue
        url = f"{index}#{node['id']}"
        page = next((found for key in ("jump_url", "link", "url") if (found := address(node.get(key), index))), None)
        children = [
            child for value in node.values() if isinstance(value, list) for child in value if isinstance(child, dict) and "id" in child
        ]
        ask = None if page or children else _ask(index, str(node["id"]), sid, 1)
        yield ColumnLink(text_of(node.get("name") or node["title"]), page or url, parent, ask, bool(children))
        yield from _links(children, index, sid, url)


def _ask(base: str, category: str, sid: str, page: int) -> Ask:
    return Ask(urljoin(base, f"/gkmlpt/api/all/{category}?page={page}&sid={sid}"))


def _entry(article: dict[str, Any], base: str) -> ListEntry:
    return row(article.get("title"), article.get("url") or article.get("post_url"), base, date_of(article, _DATES))
