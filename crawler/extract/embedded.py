"""Rows that a page carries inside its scripts: recordsets, data arrays, written-out literals. They are put into the tree where they show."""

from __future__ import annotations

import base64
import binascii
import re
from html import escape
from urllib.parse import unquote as percent
from weakref import WeakSet

from lxml import etree, html

from crawler.extract.page import CUT_ROWS, Page
from crawler.extract.trees import tree_markup

_RECORDSET = re.compile(r"<recordset>(.*?)(?:</recordset>|$)", re.S | re.I)
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.S | re.I)
_WRITE = re.compile(r"document\s*\.\s*write(?:ln)?\s*\(")
_VARIABLE = re.compile(r"""(?:var|let|const)?\s*\b([A-Za-z_$][\w$]*)\s*=\s*("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')\s*[;,\n]""")
_TOKEN = re.compile(r"""\s*(?:("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|([A-Za-z_$][\w$]*)|(\d+)|(\+)|(\)))""")
_CONTROL = re.compile(r"\b(?:for|while|function|switch|if)\b")
_OBJECT = re.compile(r"\{[^{}]*\}")
_PAIR = re.compile(r"""["']?([A-Za-z_]\w*)["']?\s*:\s*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|-?[\d.]+)""")
_TITLES = ("title", "infotitle", "doctitle", "subject", "bt", "name", "wjbt", "articletitle")
_URLS = ("url", "infourl", "docpuburl", "link", "href", "puburl", "linkurl", "titleurl", "htmlurl", "docurl", "path")
_DATES = (
    "daytime",
    "date",
    "pubdate",
    "infodate",
    "publishtime",
    "publishdate",
    "docreltime",
    "docrelpubtime",
    "time",
    "fbrq",
    "pubtime",
    "showtime",
    "rq",
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.S)
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": ""}
_MAX_OBJECTS = 3000
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
_ADDRESS = re.compile(r"(?:https?://|\.{0,2}/)?[\w./?=&%-]*\.(?:s?html?|jsp|aspx?|php|do)(?:\?[\w=&%.-]*)?")

_DRAWN = re.compile(r"\bdtree\b|ztree|\bnodes\b|\bpid\b|\bparent_?id\b|\bchildren\b", re.I)

_DONE: WeakSet[Page] = WeakSet()


def unfold(page: Page) -> None:
    """Put embedded rows into the page's tree, once; what is there already is left as it is."""
    if page in _DONE:
        return
    _DONE.add(page)
    text = page.text
    if "<recordset" in text or "<RECORDSET" in text:
        _recordsets(page)
    if "document.write" in text:
        _written(page)
    if re.search(r"=\s*\[\s*\{|\[\s*\{\s*[\"']?\w+[\"']?\s*:", text):
        _arrays(page)
    if _DRAWN.search(text):
        _trees(page)
    _encoded(page)


def unquote(literal: str) -> str:
    """Value of a JavaScript string literal, quotes included in the input."""

    def plain(match: re.Match[str]) -> str:
        code = match.group(1)
        if code[0] in "ux" and len(code) > 1:
            character = chr(int(code[1:], 16))
            return "" if 0xD800 <= ord(character) < 0xE000 else character
        return _NAMED.get(code, code)

    return _ESCAPE.sub(plain, literal[1:-1]) if "\\" in literal else literal[1:-1]


def _parse(markup: str, tag: str, name: str) -> html.HtmlElement | None:
    holder = f"<{tag} class='{name}'>{markup}</{tag}>"
    if tag == "ul" and re.match(r"\s*<tr\b", markup, re.I):
        holder = f"<table class='{name}'><tbody>{markup}</tbody></table>"
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        return html.fragment_fromstring(f"<div>{holder}</div>".encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None


def _graft(script: html.HtmlElement, markup: str, name: str, tag: str = "ul", *, empty: bool = False) -> bool:
    """Set the parsed markup behind a script; false where it holds no link, unless `empty` rows are wanted."""
    parsed = _parse(markup, tag, name)
    if parsed is None or (parsed.find(".//a") is None and not empty):
        return False
    parent = script.getparent()
    if parent is None or parent.tag == "head":
        return False
    position = parent.index(script) + 1
    for number, child in enumerate(list(parsed)):
        parent.insert(position + number, child)
    return True


def _recordsets(page: Page) -> None:
    """Hanweb: <script type="text/xml"><datastore>…<record><![CDATA[<li>…]]></record>, or a bare XML answer of the same shape."""
    holders = [script for script in page.tree.iter("script") if script.text and "<recordset" in script.text.lower()]
    for script in holders:
        if _mobile_copy(script, holders):
            continue
        for recordset in _RECORDSET.findall(script.text or ""):
            _graft(script, "\n".join(_RECORD.findall(recordset)), "recordset", empty=True)
    if holders:
        return
    markup = "\n".join(record for recordset in _RECORDSET.findall(page.text) for record in _RECORD.findall(recordset))
    parsed = _parse(markup, "ul", "recordset") if markup else None
    body = page.tree.find("body")
    if parsed is not None and body is not None:
        # The HTML parser has swallowed the CDATA sections or left scraps of them.
        for child in list(body):
            body.remove(child)
        body.text = None
        body.append(parsed)


def _mobile_copy(script: html.HtmlElement, holders: list[html.HtmlElement]) -> bool:
    """Whether another recordset of the same column stands before this one: the copy for phones, which can be stale."""
    column = re.search(r"columnid=(\d+)", script.text or "", re.I)
    if column is None:
        return False
    for other in holders:
        if other is script:
            return False
        if re.search(rf"columnid={column.group(1)}(?!\d)", other.text or "", re.I):
            return True
    return False


def _written(page: Page) -> None:
    """document.write of literals and of variables that are literals; scripts with branches or loops are left alone."""
    for script in list(page.tree.iter("script")):
        code = script.text or ""
        if (
            script.get("src")
            or not _WRITE.search(code)
            or len(code) > 400_000
            or _CONTROL.search(re.sub(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", "", code))
        ):
            continue
        if re.search(r"下一页|上一页|首页|unescape", code):
            continue
        known: dict[str, str] = {}
        written: list[str] = []
        position = 0
        for match in _WRITE.finditer(code):
            if match.start() < position:
                continue
            for name, literal in _VARIABLE.findall(code[position : match.start()] + "\n"):
                known[name] = unquote(literal)
            value, position = _evaluate(code, match.end(), known)
            if value is None:
                written = []
                break
            written.append(value)
        markup = "".join(written)
        if "<a" in markup.lower():
            _graft(script, markup, "written", "ul" if re.match(r"\s*<(?:li|tr)\b", markup, re.I) else "div")


def _evaluate(code: str, start: int, known: dict[str, str]) -> tuple[str | None, int]:
    """Value of literal + name + … up to the closing bracket; None where a part is unknown."""
    parts: list[str] = []
    position = start
    while True:
        match = _TOKEN.match(code, position)
        if match is None:
            return None, position
        position = match.end()
        literal, name, number, plus, close = match.groups()
        if close:
            return "".join(parts), position
        if plus:
            continue
        if literal is not None:
            parts.append(unquote(literal))
        elif name is not None and name in known:
            parts.append(known[name])
        elif number is not None:
            parts.append(number)
        else:
            return None, position


def _arrays(page: Page) -> None:
    """Arrays of objects with a title, an address and a date each: rows that a script shows page by page."""
    for script in list(page.tree.iter("script")):
        code = script.text or ""
        if script.get("src") or "{" not in code or len(code) > 2_000_000:
            continue
        rows: list[str] = []
        for number, found in enumerate(_OBJECT.finditer(code)):
            if number >= _MAX_OBJECTS:
                page.marks.append(CUT_ROWS)
                break
            pairs = {key.lower(): value for key, value in _PAIR.findall(found.group(0))}
            title, url, date = (_value(pairs, names) for names in (_TITLES, _URLS, _DATES))
            if title and url and date and not url.startswith("#") and re.search(r"\d{4}\D{1,2}\d{1,2}|\d{10,13}", date):
                rows.append(
                    f'<li><a href="{escape(url, quote=True)}" title="{escape(title, quote=True)}">{escape(title)}</a><span>{escape(date)}</span></li>'
                )
        if len(rows) >= 2:
            _graft(script, "".join(rows), "embedded")


def _trees(page: Page) -> None:
    """Trees of columns that a script draws: menus, where they stand."""
    for script in list(page.tree.iter("script")):
        code = script.text or ""
        markup = tree_markup(code) if code and not script.get("src") and _DRAWN.search(code) else None
        if markup is None:
            continue
        place = script
        if script.getparent() is not None and script.getparent().tag == "head":
            body = page.tree.find("body")
            if body is None:
                continue
            place = html.Element("script")
            body.append(place)
        _graft(place, markup, "ztree")


def _value(pairs: dict[str, str], names: tuple[str, ...]) -> str:
    for name in names:
        raw = pairs.get(name)
        if raw:
            value = unquote(raw) if raw[0] in "\"'" else raw
            value = re.sub(r"<[^>]{0,200}>", "", value).strip()
            if value:
                return value
    return ""


def _encoded(page: Page) -> None:
    """A pager written as base64 of URL-encoded markup, or links whose addresses are, which a script decodes with atob."""
    if "atob" not in page.text:
        return
    for element in page.tree.iter("a"):
        if page.absolute(element.get("href")) is None:
            told = next(filter(None, (_decoded(element.get(name) or "") for name in element.attrib if str(name).startswith("data-"))), None)
            if told is not None and _ADDRESS.fullmatch(told):
                element.set("href", told)
    for element in list(page.tree.iter("div", "span", "p", "td")):
        raw = (element.text or "").strip()
        if len(element) or not 40 <= len(raw) <= 100_000:
            continue
        markup = _decoded(raw)
        parsed = _parse(markup, "div", "decoded") if markup is not None and "<a" in markup else None
        if parsed is not None:
            element.text = None
            element.append(parsed)


def _decoded(raw: str) -> str | None:
    """What base64 of URL-encoded text says; None where it is none."""
    if len(raw) < 8 or not _BASE64.fullmatch(raw):
        return None
    try:
        return percent(base64.b64decode(raw, validate=False).decode("utf-8"))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
