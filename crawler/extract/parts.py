"""A text that stands on several pages: where the further ones are, and all of them as one reading.

Told by the addresses alone: 5526.htm goes on at 5526_2.htm, show.aspx?id=7 at show.aspx?id=7&p=2. A next article has another number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from crawler.extract.page import Page
from data.records import DocumentReading
from data.text import squeeze
from data.urls import netloc

MOST_PARTS = 30
JOINED = "joined-parts"  # mark of a reading that holds the texts of several pages
_LABEL = re.compile(r"^[\[【(（第]?\d{1,2}[页\]】)）]?$|^(?:下一?页|后一?页|next|>|›)$", re.I)
_STEM = re.compile(r"^(?P<stem>.+?)(?P<end>\.\w{3,5})$")
_TURNS = frozenset({"p", "page", "pageno", "pageindex", "curpage", "currentpage", "pn"})
_CALL = re.compile(
    r"createPage(?:HTML)?\s*\(\s*(?P<pages>\d{1,2})\s*,\s*\d+\s*,\s*['\"](?P<name>[^'\"]+)['\"]\s*,\s*['\"](?P<end>\w{3,5})['\"]"
)


def further_parts(page: Page, first: str) -> tuple[str, ...]:
    """The pages on which the text of the page `first` goes on, as one of its pages names them, in their order."""
    found: dict[str, int] = {}
    for anchor in page.tree.iter("a"):
        url = page.absolute(anchor.get("href")) if _LABEL.match(squeeze("".join(anchor.itertext()))) else None
        number = part_number(first, url) if url is not None else None
        if url is not None and number is not None:
            found.setdefault(url, number)
    for url in _called(page, first):
        found.setdefault(url, part_number(first, url) or 0)
    return tuple(sorted(found, key=lambda url: found[url]))[:MOST_PARTS]


def part_number(first: str, url: str) -> int | None:
    """Which part of the text that begins at `first` an address is; None where it is none of it."""
    one, other = urlsplit(first), urlsplit(url)
    if netloc(first) != netloc(url):
        return None
    if one.path == other.path:
        return _turned(one.query, other.query)
    begins, goes_on = _STEM.match(one.path), _STEM.match(other.path)
    if begins is None or goes_on is None or one.query != other.query or begins["end"].lower() != goes_on["end"].lower():
        return None
    rest = (
        re.fullmatch(r"[_-](\d{1,2})", goes_on["stem"].removeprefix(begins["stem"])) if goes_on["stem"].startswith(begins["stem"]) else None
    )
    return int(rest[1]) if rest is not None and int(rest[1]) > 0 else None


def _turned(first: str, query: str) -> int | None:
    before, now = dict(parse_qsl(first)), dict(parse_qsl(query))
    turned = [key for key in now if key.lower() in _TURNS and now[key].isdigit() and key not in before]
    others = {key: value for key, value in now.items() if key not in turned}
    return int(now[turned[0]]) if len(turned) == 1 and before and others == before and 1 < int(now[turned[0]]) <= MOST_PARTS else None


def _called(page: Page, first: str) -> list[str]:
    """Further pages by a pager's call that names this very page: createPageHTML(2, 0, "t20261103_12", "html")."""
    stem = urlsplit(first).path.rsplit("/", 1)[-1].rpartition(".")[0]
    for call in _CALL.finditer(page.text):
        if stem and call["name"] == stem:
            urls = [page.absolute(f"{stem}_{number}.{call['end']}") for number in range(1, int(call["pages"]))]
            return [url for url in urls if url is not None]
    return []


def joined(parts: Sequence[DocumentReading]) -> DocumentReading:
    """The readings of a text's pages as one: the head of the first, all texts, the signature and notes from wherever they stand."""
    first = parts[0]
    if len(parts) == 1:
        return first
    attachments = {file.url: file for part in parts for file in part.attachments}
    related = {link.url: link for part in parts for link in part.related}
    return replace(
        first,
        made_on=next((part.made_on for part in parts if part.made_on is not None), None),
        issued_on=next((part.issued_on for part in parts if part.issued_on is not None), None),
        issuer=first.issuer or next((part.issuer for part in parts if part.issuer), None),
        openness=first.openness or next((part.openness for part in parts if part.openness), None),
        attachments=tuple(attachments.values()),
        related=tuple(related.values()),
        body="\n".join(part.body for part in parts),
        outlinks=tuple(dict.fromkeys(link for part in parts for link in part.outlinks)),
        media={kind: sum(part.media.get(kind, 0) for part in parts) for kind in {kind for part in parts for kind in part.media}},
        marks=(*first.marks, JOINED),
    )
