"""A fetched page as text and tree: the encoding found out, comments gone, hidden parts known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, wraps
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit, urlunsplit

from bs4.dammit import EncodingDetector
from lxml import etree, html

from data.errors import InputError
from data.text import squeeze
from data.urls import without_session

_T = TypeVar("_T")
MAX_BYTES = 2 * 1024 * 1024  # of markup, pictures inside it aside: what is read in about a second
MAX_DEPTH = 250
# What was not read of a page. A list that is cut proves no absence.
CUT_INPUT, CUT_DEPTH, CUT_ROWS = "truncated-input", "truncated-depth", "truncated-rows"
CUTS = frozenset({CUT_INPUT, CUT_DEPTH, CUT_ROWS})
UNFILLED = "script-shell:unfilled"  # scripts asked for more than they were given
TORN = "torn"  # the answer itself ends before its page does
_OPENS, _CLOSES = re.compile(r"<(?:html|body)\b", re.I), re.compile(r"</(?:html|body)\s*>", re.I)
_HOLDERS = re.compile(r"<(?P<end>/?)(?P<tag>ul|ol|table|tbody|script)\b", re.I)
_DEEPER = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
_MAX_ATTRIBUTE = re.compile(rb"(=\s*[\"'])([^\"'<>]{65536})[^\"'<>]*")
_DATA_URI = re.compile(rb"(src|href)\s*=\s*([\"'])data:[^\"'>]*\2", re.I)
_ADDS_METAS = re.compile(r"createElement\(\s*[\"']meta[\"']|write(?:ln)?\(\s*[\"']\s*<meta", re.I)
_STANDARD_META = re.compile(r"SiteName|SiteIDCode|ColumnName|ArticleTitle|PubDate|ContentSource", re.I)
_MOST_METAS, _META_CHARS, _META_NAME = 60, 500, 80
MOUNTS = frozenset({"app", "root", "__nuxt", "__next", "main-app", "appcontainer", "vueapp"})
_ROUTE = re.compile(r"#!?/[^/#]")  # behind it stands what a page's script shows: other content under the same path
_NO_PAGE = re.compile(r"(?:javascript|mailto|tel|data|about|file|blob)\s*:", re.I)
_MARKUP = re.compile(r"<[a-zA-Z!?/]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HIDDEN = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_ENCODINGS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030", "utf8": "utf-8", "utf-8": "utf-8"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a body. `conflict` says where declaration and bytes disagree; it is recorded, never silent."""

    text: str
    encoding: str
    conflict: str | None


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a page: BOM, then strict UTF-8, then strict GB18030, then what is declared; declarations are checked, not believed."""
    for bom, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(bom):
            return Decoded(body.decode(name, "replace").lstrip("\ufeff"), name.removesuffix("-sig"), None)
    declared = _declared(body, content_type)
    known = _ENCODINGS.get(declared or "", declared)
    for candidate in dict.fromkeys(("utf-8", "gb18030", known)):
        if candidate is None:
            continue
        try:
            text = body.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        return Decoded(
            text, candidate, f"declared {declared}, read as {candidate}" if known not in (None, candidate) and not body.isascii() else None
        )
    # Neither reads clean: keep the reading with the fewest broken characters, and say so.
    readings = {name: body.decode(name, "replace") for name in ("utf-8", "gb18030")}
    best = min(readings, key=lambda name: readings[name].count("\ufffd"))
    broken = readings[best].count("\ufffd")
    return Decoded(readings[best], best, f"declared {declared or 'nothing'}, read as {best} with {broken} broken characters")


def _declared(body: bytes, content_type: str | None) -> str | None:
    header = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type or "", re.I)
    if header:
        return header.group(1).lower()
    found = EncodingDetector.find_declared_encoding(body[:4096], is_html=True)
    return found.lower() if found else None


class Page:
    """One page: `url`, `text` (source), `tree` (lxml, comments removed). Raises InputError where it is no HTML."""

    def __init__(self, body: bytes, url: str, *, content_type: str | None = None) -> None:
        self.url = url
        self.marks: list[str] = []
        self.told: dict[object, Any] = {}  # what readers have found out, by the reader: see `once`
        self._absolute: dict[str, str | None] = {}
        if b"data:" in body:
            body = _DATA_URI.sub(rb"\1=\2\2", body)
        if len(body) > MAX_BYTES:
            body = body[: body.rfind(b"<", 0, MAX_BYTES)]  # between tags: no character and no tag is torn
            self.marks.append(CUT_INPUT)
        if len(body) > 65536 and _MAX_ATTRIBUTE.search(body):
            body = _MAX_ATTRIBUTE.sub(rb"\1\2", body)
            self.marks.append("truncated-attribute")
        if _is_binary(body):
            raise InputError(f"{url}: no HTML page (binary content); give a saved HTML page")
        decoded = decode(body, content_type)
        self.encoding = decoded.encoding
        self.encoding_conflict = decoded.conflict
        self.text = decoded.text.replace("\x00", "")
        if not _MARKUP.search(self.text):
            raise InputError(f"{url}: no HTML page (no markup in it); give a saved HTML page")
        if CUT_INPUT not in self.marks and _is_torn(self.text):
            self.marks.append(TORN)
        self.tree = self._parse()

    def _parse(self) -> html.HtmlElement:
        text = re.sub(r"^\s*<\?xml[^>]*\?>", "", self.text)
        parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
        # One class for every element, chosen in C: lxml.html's own lookup costs a Python call per element.
        parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
        try:
            tree = html.document_fromstring(text.encode("utf-8", "replace") or b"<html/>", parser=parser, ensure_head_body=True)
        except etree.ParserError as error:
            raise InputError(f"{self.url}: no HTML page ({error}); give a saved HTML page") from error
        if _DEEPER(tree) and self._too_deep(tree):
            self.marks.append(CUT_DEPTH)
        return tree

    @staticmethod
    def _too_deep(tree: html.HtmlElement) -> bool:
        """Cut what hangs deeper than MAX_DEPTH: no page that people read is nested like that."""
        cut = False
        depth = 0
        for event, element in etree.iterwalk(tree, events=("start", "end")):
            depth += 1 if event == "start" else -1
            if event == "start" and depth > MAX_DEPTH and len(element):
                del element[:]
                cut = True
        return cut

    @cached_property
    def lower(self) -> str:
        """The source in lower case, to look for a word before a pattern is tried: patterns that ignore case are slow."""
        return self.text.lower()

    @cached_property
    def base(self) -> str:
        """What relative links hang on: <base href> or the page's URL."""
        for element in self.tree.iter("base"):
            href = (element.get("href") or "").strip()
            try:
                joined = str(urljoin(self.url, href))
                _ = urlsplit(joined).port
            except ValueError:
                continue  # a base that is no address is none
            if href:
                return joined
        return self.url

    def absolute(self, href: str | None) -> str | None:
        """An absolute http(s) URL, without fragment but a route (#/path) of a page that a script draws; None for javascript:, mailto:, # and empty or broken hrefs."""
        if href is None:
            return None
        if href not in self._absolute:  # several readers ask for the same few hundred links
            self._absolute[href] = self._resolve(href)
        return self._absolute[href]

    def _resolve(self, href: str) -> str | None:
        href = re.sub(r"[\s\u3000]+", "", href.strip()) if "\n" in href or "\t" in href else href.strip()
        if not href or _NO_PAGE.match(href):
            return None
        if href.startswith("#"):
            return _joined(self.url, href, routes=True) if _ROUTE.match(href) and self.is_drawn else None
        href = href.replace("\\", "/")
        return _joined(self._root if href.startswith("/") else self.base, href, routes="#" in href and self.is_drawn)

    @cached_property
    def is_drawn(self) -> bool:
        """Whether a script has drawn the page, links and all, into an element of its own."""
        mount = next((element for element in self.tree.iter("div", "section", "main") if (element.get("id") or "").lower() in MOUNTS), None)
        links = len(mount.findall(".//a")) if mount is not None else 0
        return links > 0 and links == len(self.tree.findall(".//a"))

    @cached_property
    def _root(self) -> str:
        """What links hang on that begin with a slash: the same for every page of a host."""
        return _joined_root(self.base)

    def meta(self, name: str) -> str | None:
        """Content of <meta name=…>, names compared without case; the first that is not empty."""
        return self.metas.get(name.lower())

    @cached_property
    def metas(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for element in self._meta_elements:
            name = (element.get("name") or element.get("property") or "").strip().lower()
            content = squeeze(element.get("content") or "")
            if name and content:
                found.setdefault(name, content)
        return found

    @cached_property
    def named_metas(self) -> dict[str, str]:
        """Every <meta name=…> by its name as printed, empty ones too; of one name the first that is not empty. Bounded in number and length.

        None where a script adds the tags of the standard: what it leaves in the page are other tags, and which it adds cannot be seen.
        """
        found: dict[str, str] = {}
        if any(_ADDS_METAS.search(code) and _STANDARD_META.search(code) for code in self._inline_scripts):
            return found
        for element in self._meta_elements:
            name = squeeze(element.get("name") or "")[:_META_NAME]
            if name and (name in found or len(found) < _MOST_METAS):
                found[name] = found.get(name) or squeeze(element.get("content") or "")[:_META_CHARS]
        return found

    @cached_property
    def _inline_scripts(self) -> list[str]:
        return [script.text for script in self.tree.iter("script") if script.text]

    @cached_property
    def _meta_elements(self) -> list[html.HtmlElement]:
        return list(self.tree.iter("meta"))


@lru_cache(64)
def _joined_root(base: str) -> str:
    return urljoin(base, "/")


@lru_cache(4096)  # every page of a site bears the same navigation
def _joined(base: str, href: str, *, routes: bool) -> str | None:
    """An absolute http(s) URL, with no fragment but a route, and that only where pages have `routes`; None for what is none."""
    try:
        parts = urlsplit(urljoin(base, href))
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    path, query = without_session(parts.path or "/", parts.query)
    route = parts.fragment if routes and _ROUTE.match(f"#{parts.fragment}") else ""
    return urlunsplit((parts.scheme, parts.netloc.lower().rstrip("."), path, query, route))


def once(read: Callable[[Page], _T]) -> Callable[[Page], _T]:
    """A reader whose answer is kept as long as its page: several readers ask it of one page, whose tree no longer changes."""

    @wraps(read)
    def asked(page: Page) -> _T:
        told = page.told
        if read not in told:
            told[read] = read(page)
        known: _T = told[read]
        return known

    return asked


def _is_torn(text: str) -> bool:
    """Whether a page ends amid a tag, a list or a script. Old templates forget to close their body, but not that as well."""
    if not _OPENS.search(text) or _CLOSES.search(text):
        return False
    if text.rfind("<") > text.rfind(">"):
        return True
    open_: Counter[str] = Counter()
    for found in _HOLDERS.finditer(text):
        open_[found["tag"].lower()] += -1 if found["end"] else 1
    return any(count > 0 for count in open_.values())


def _is_binary(body: bytes) -> bool:
    head = body[:1024].lstrip()
    return head.startswith((b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"Rar!")) or len(
        _CONTROL.findall(body[:4096])
    ) * 50 > min(len(body), 4096)


def hidden(element: html.HtmlElement) -> bool:
    """Whether the element itself is hidden by its own markup (style, hidden, aria-hidden is not enough)."""
    return (
        element.get("hidden") is not None
        or bool(_HIDDEN.search(element.get("style") or ""))
        or (element.tag == "input" and (element.get("type") or "").lower() == "hidden")
    )
