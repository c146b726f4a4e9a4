"""Rows that a function of the page opens by their number: onclick="showInfo(28006)", and showInfo puts that into an address."""

from __future__ import annotations

import re
from itertools import islice

from lxml import html

from crawler.extract.page import Page, once
from crawler.extract.script_values import scripts

_CALL = re.compile(r"(?:javascript\s*:\s*)?(?:return\s+)?([A-Za-z_$][\w$]*)\s*\(([^()]{1,200})\)")
_FUNCTION = re.compile(r"(?:function\s+([A-Za-z_$][\w$]*)|\b([A-Za-z_$][\w$]*)\s*=\s*function)\s*\(([\w$,\s]{1,120})\)\s*\{")
_GOES = re.compile(r"location|\bopen\s*\(|\.href\b")
_VALUE = re.compile(r"^['\"]?([\w.-]{1,80})['\"]?$")
_BODY_CHARS = 600
_CALLS = 50


def opened(page: Page, element: html.HtmlElement) -> str | None:
    """The address that a click on a row opens, where its handler calls a function of the page; None where the page does not say."""
    for source in (element.get("onclick"), element.get("href")):
        call = _CALL.match(source.strip()) if source and "(" in source else None
        made = _openers(page).get(call[1]) if call is not None else None
        if call is None or made is None:
            continue
        number, before, after = made
        given = call[2].split(",")
        value = _VALUE.match(given[number].strip()) if number < len(given) else None
        if value is not None and value[1] not in ("this", "event"):
            return page.absolute(f"{before}{value[1]}{after}")
    return None


@once
def _openers(page: Page) -> dict[str, tuple[int, str, str]]:
    """Functions that go to an address made of one argument: which one it is, and what stands before and behind it."""
    found: dict[str, tuple[int, str, str]] = {}
    for code in scripts(page):
        for match in _FUNCTION.finditer(code):
            body = code[match.end() : match.end() + _BODY_CHARS].partition("}")[0]
            if not _GOES.search(body):
                continue
            for number, name in enumerate(part.strip() for part in match[3].split(",")):
                made = re.search(rf"""['"]([^'"\n]*)['"]\s*\+\s*{re.escape(name)}\b\s*(?:\+\s*['"]([^'"\n]*)['"])?""", body)
                if made is not None and ("/" in made[1] or "?" in made[1]):
                    found.setdefault(match[1] or match[2], (number, made[1], made[2] or ""))
                    break
    return {name: made for name, made in found.items() if _opens_several(page, name)}


def _opens_several(page: Page, name: str) -> bool:
    """Whether the page calls a function with several values: one call alone may be what a template was tried out with."""
    calls = re.finditer(rf"(?<![\w$.]){re.escape(name)}\s*\(\s*((?:['\"][\w.-]+['\"]|\d+)[^()]*)\)", page.text)
    return len({call[1] for call in islice(calls, _CALLS)}) > 1
