"""The next page where its link bears a number alone and a script of the page makes the address of it: toPage(2), data-page="2", a form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from lxml import html

from crawler.extract.page import Page
from crawler.extract.script_values import build_address, find_builder

_CALL = re.compile(r"(?:javascript\s*:\s*)?(?:return\s+)?([A-Za-z_$][\w$]*)\s*\(\s*['\"]?(\d{1,5})['\"]?\s*[,)]")
_NUMBERS = ("data-page", "data-pageno", "data-page-no", "data-pageindex", "data-index", "data-num", "data-p", "pageno", "page", "page-data")
_BODY_CHARS = 800
_SETS = re.compile(r"([A-Za-z_]\w*)['\"]?\]?\s*\.\s*value\s*=\s*|[#=]([A-Za-z_]\w*)['\"\]]+\)\s*\.\s*val\s*\(")
_SUBMITS = re.compile(r"\.\s*submit\s*\(")
_CLICKED = re.compile(r"\.(?:click|on|delegate)\s*\(|addEventListener")
_GOES = re.compile(r"location|window\.open")


def turned(page: Page, codes: Sequence[str], element: html.HtmlElement) -> str | None:
    """The address that a click on an element leads to, worked out of the number it bears; None where the page does not say."""
    call = next(
        (found for source in (element.get("onclick"), element.get("href")) if source and (found := _CALL.match(source.strip()))), None
    )
    if call is not None:
        body = next((body for code in codes if (body := _body(code, call[1]))), None)
        return None if body is None else _made(page, body, int(call[2]))
    number = next((value for name in _NUMBERS if (value := element.get(name) or "").isdigit()), None)
    if number is None or not 0 < len(number) < 6:
        return None
    clicked = [code for code in codes if _CLICKED.search(code) and _GOES.search(code) and find_builder(code) is not None]
    return build_address(page, clicked[0], int(number)) if len(clicked) == 1 else None


def chosen(page: Page, select: html.HtmlElement, number: int) -> str | None:
    """The address that the choice of a page in a select leads to, where its handler makes it of the option's value."""
    handler = select.get("onchange") or ""
    return build_address(page, handler, number) if _GOES.search(handler) else None


def _body(code: str, name: str) -> str | None:
    """The body of a function of the page's scripts."""
    found = re.search(rf"function\s+{re.escape(name)}\s*\(|\b{re.escape(name)}\s*=\s*function\s*\(", code)
    if found is None:
        return None
    start = code.find("{", found.end())
    if start < 0:
        return None
    depth = 0
    for position in range(start, min(len(code), start + _BODY_CHARS)):
        depth += {"{": 1, "}": -1}.get(code[position], 0)
        if not depth:
            return code[start : position + 1]
    return None


def _made(page: Page, body: str, number: int) -> str | None:
    if _GOES.search(body):
        return build_address(page, body, number)
    field = _SETS.search(body)
    return _sent(page, field[1] or field[2], number) if field is not None and _SUBMITS.search(body) else None


def _sent(page: Page, field: str, number: int) -> str | None:
    """The address that a form asks for when it is sent by GET with a page's number in one of its fields."""
    for form in page.tree.iter("form"):
        fields = [one for one in form.iter("input") if (one.get("type") or "text").lower() in ("hidden", "text") and one.get("name")]
        if field not in {one.get("name") for one in fields} | {one.get("id") for one in fields}:
            continue
        if (form.get("method") or "get").lower() != "get":
            return None
        values = [
            (one.get("name") or "", str(number) if field in (one.get("name"), one.get("id")) else one.get("value") or "") for one in fields
        ]
        action = page.absolute(form.get("action")) or page.url
        return page.absolute(f"{action.partition('?')[0]}?{urlencode(values)}")
    return None
