"""Addresses that a script of the page makes of what is clicked or chosen: toPage(2), data-page="2", a select's value, a form sent by GET."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from lxml import html

from crawler.extract.marks import link_url
from crawler.extract.page import Page, once
from crawler.extract.script_blocks import bound, function_body, goes
from crawler.extract.script_values import build_address, find_builder, with_query

_CALL = re.compile(r"(?:javascript\s*:\s*)?(?:return\s+)?([A-Za-z_$][\w$]*)\s*\(\s*(?:this\s*,\s*)?['\"]?(\d{1,5})['\"]?\s*[,)]")
_ONWARD = re.compile(r"(?:javascript\s*:\s*)?(?:return\s+)?([A-Za-z_$][\w$]*)\s*\(\s*\)")
_ADDS = re.compile(r"\+\s*1\b|\+\+")
_NUMBERS = ("data-page", "data-pageno", "data-page-no", "data-pageindex", "data-index", "data-num", "data-p", "pageno", "page", "page-data")
_SETS = re.compile(r"([A-Za-z_]\w*)['\"]?[\])]?\s*\.\s*value\s*=\s*|[#=]([A-Za-z_]\w*)['\"\]]+\)\s*\.\s*val\s*\(")
_SUBMITS = re.compile(r"\.\s*submit\s*\(")
_CLICKED = re.compile(r"\.(?:click|on|delegate)\s*\(|addEventListener")
_FUNCTION = re.compile(r"(?:return\s+)?([A-Za-z_$][\w$]*)\s*\(\s*(?:this\b|value\b)")


def turned(page: Page, codes: Sequence[str], element: html.HtmlElement) -> str | None:
    """The address that a click on an element leads to, worked out of the number it bears; None where the page does not say."""
    call = next(
        (found for source in (element.get("onclick"), element.get("href")) if source and (found := _CALL.match(source.strip()))), None
    )
    if call is not None:
        body = function_body(codes, call[1])
        return None if body is None else made(page, body, call[2])
    on = next(
        (found for source in (element.get("onclick"), element.get("href")) if source and (found := _ONWARD.match(source.strip()))), None
    )
    if on is not None:
        body = function_body(codes, on[1])
        return None if body is None else _stepped(page, body)
    number = next((value for name in _NUMBERS if (value := element.get(name) or "").isdigit()), None)
    if number is None or not 0 < len(number) < 6:
        return None
    clicked = [code for code in codes if _CLICKED.search(code) and goes(code) and find_builder(code) is not None]
    return build_address(page, clicked[0], int(number)) if len(clicked) == 1 else None


def chosen(page: Page, codes: Sequence[str], select: html.HtmlElement, value: str) -> str | None:
    """The address that the choice of an option leads to: by the select's handler, by what scripts bind to it, by the form it is sent with."""
    for code in _answers(page, codes, select):
        if goes(code):
            if "/" in value or re.search(r"\.\w{2,5}$", value):
                return page.absolute(value)
            made = _spliced(page, code, value)
            if made is not None:
                return made
        elif _SUBMITS.search(code):
            return _sent(page, select.get("name") or select.get("id") or "", value)
    return None


def _answers(page: Page, codes: Sequence[str], select: html.HtmlElement) -> tuple[str, ...]:
    """What runs when an option of a select is chosen, looked up once for all its options."""
    known = _looked_up(page)
    if select not in known:
        handler = (select.get("onchange") or "").strip()
        call = _FUNCTION.match(handler)
        body = function_body(codes, call[1]) if call is not None else None
        known[select] = (body or handler,) if handler else tuple(bound(codes, select))
    return known[select]


@once
def _looked_up(page: Page) -> dict[html.HtmlElement, tuple[str, ...]]:
    return {}


def led_to(page: Page, codes: Sequence[str], element: html.HtmlElement) -> str | None:
    """Where a tab or an option leads, by its own address or by one that a script makes of it."""
    if element.tag == "option":
        value = element.get("value") or ""
        select = next(element.iterancestors("select"), None)
        made = chosen(page, codes, select, value or "".join(element.itertext()).strip()) if select is not None else None
        return made or (None if value.isdigit() else page.absolute(value))
    link = next(element.iter("a"), None)
    link = link if link is not None else next(element.iterancestors("a"), element)
    return link_url(page, link) or turned(page, codes, link) or (turned(page, codes, element) if link is not element else None)


def _spliced(page: Page, code: str, value: str) -> str | None:
    builder = find_builder(code)
    if builder is None or (builder.shift and not value.isdigit()):
        return None
    if value.isdigit() and len(value) < 6:
        return build_address(page, code, int(value))
    name = f"{builder.prefix}{quote(value)}{builder.suffix}"
    return with_query(page, name.lstrip("?&")) if name.startswith(("?", "&")) or re.match(r"^\w+=", name) else page.absolute(name)


def _stepped(page: Page, body: str) -> str | None:
    """The address that a function leads to that adds one to the page's number in a form sent by GET."""
    field = _SETS.search(body)
    if field is None or not _SUBMITS.search(body) or not _ADDS.search(body[field.end() :].partition(";")[0]):
        return None
    key = field[1] or field[2]
    held = next((one.get("value") or "" for one in page.tree.iter("input") if key in (one.get("name"), one.get("id"))), "")
    return _sent(page, key, str(int(held) + 1)) if held.isascii() and held.isdigit() and len(held) < 6 else None


def made(page: Page, body: str, number: str) -> str | None:
    """The address that the body of a function leads to, or the form that it sends by GET asks for."""
    if goes(body):
        return build_address(page, body, int(number))
    field = _SETS.search(body)
    return _sent(page, field[1] or field[2], number) if field is not None and _SUBMITS.search(body) else None


def _sent(page: Page, field: str, value: str) -> str | None:
    """The address that a form asks for when it is sent by GET with a value in one of its fields."""
    for form in page.tree.iter("form"):
        fields = [one for one in form.iter("input", "select") if _is_sent(one)]
        if field not in {one.get("name") for one in fields} | {one.get("id") for one in fields}:
            continue
        if (form.get("method") or "get").lower() != "get":
            return None
        values = [(one.get("name") or "", value if field in (one.get("name"), one.get("id")) else _value(one)) for one in fields]
        action = page.absolute(form.get("action")) or page.url
        return page.absolute(f"{action.partition('?')[0]}?{urlencode(values)}")
    return None


def _is_sent(field: html.HtmlElement) -> bool:
    return bool(field.get("name")) and (field.tag == "select" or (field.get("type") or "text").lower() in ("hidden", "text"))


def _value(field: html.HtmlElement) -> str:
    """What a field holds as the page came: of a select the chosen option, else the first."""
    if field.tag == "input":
        return field.get("value") or ""
    options = list(field.iter("option"))
    option = next((one for one in options if one.get("selected") is not None), options[0] if options else None)
    if option is None:
        return ""
    told = option.get("value")
    return told if told is not None else "".join(option.itertext()).strip()
