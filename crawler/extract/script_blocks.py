"""Functions of a page's scripts and what a click or a choice sets off, found without running anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from lxml import html

from crawler.extract.emptiness import is_request
from crawler.extract.regions import names

_MARK = re.compile(r"[{}\"'`]")
_STRING = {
    '"': re.compile(r'(?:\\.|[^"\\\n])*"'),
    "'": re.compile(r"(?:\\.|[^'\\\n])*'"),
    "`": re.compile(r"(?:\\.|[^`\\])*`", re.S),
}
_CALLED = re.compile(r"(?<![\w$])([A-Za-z_$][\w$]*)\s*\(")
_SENDS = re.compile(r"\.\s*submit\s*\(|\.reload\s*\(|\battr\s*\(\s*['\"]src['\"]|\.src\s*=|__doPostBack")
_GOES = re.compile(r"location(?!\s*\.\s*(?:protocol|host|pathname|search)\b)|window\.open")
_BOUND = re.compile(
    r"(?:(?:\$|jQuery|querySelector(?:All)?|getElementById|getElementsByClassName)\s*\(\s*['\"](?P<at>[^'\"\n]{1,120})['\"]\s*\)|\bform)"
    r"(?:\s*\.\s*\w+\s*\([^(){}]{0,60}\)){0,3}\s*\.\s*(?:click|change|on|bind|live|delegate|onchange|onclick|addEventListener)\s*(?:\(|=)"
    r"(?P<args>[^{};]{0,160}?)(?:function\s*\w*\s*\([^)]*\)|\([^()]*\)\s*=>|\b\w+\s*=>)\s*\{"
)
_QUOTED = re.compile(r"['\"]([^'\"\n]{1,120})['\"]")
_TOKEN = re.compile(r"([#.]?)([\w-]+)")
_CHARS = 4000  # of a function that are read
_ABOVE = 5  # elements above one by which a script may find it
_DEEP = 2  # calls that are followed


def block(code: str, start: int, chars: int = _CHARS) -> str | None:
    """What stands between the brace at `start` and the one that closes it; a string may hold braces. None where it does not end."""
    depth, position, stop = 0, start, min(len(code), start + chars)
    while (mark := _MARK.search(code, position, stop)) is not None:
        position = mark.end()
        if mark[0] in _STRING:
            string = _STRING[mark[0]].match(code, position, stop)
            position = string.end() if string is not None else position
            continue
        depth += 1 if mark[0] == "{" else -1
        if not depth:
            return code[start + 1 : mark.start()]
    return None


def function_body(codes: Iterable[str], name: str) -> str | None:
    """The body of a function, or of a method, that one of the scripts defines."""
    return next((body for code in codes if name in code and (body := _defined(code, name)) is not None), None)


@lru_cache(maxsize=64)
def _defined(code: str, name: str) -> str | None:
    called = re.escape(name)
    defined = re.compile(
        rf"function\s+{called}\s*\([^)]*\)\s*\{{|(?<![\w$]){called}['\"]?\s*[:=]\s*(?:async\s+)?(?:function\s*\w*\s*\([^)]*\)|\(?[\w$, ]*\)?\s*=>)\s*\{{"
        rf"|(?<![\w$.]){called}\s*\([\w$, ]*\)\s*\{{"
    )
    found = defined.search(code)
    return block(code, found.end() - 1) if found is not None else None


def bound(codes: Iterable[str], element: html.HtmlElement) -> Iterator[str]:
    """The bodies of the functions that scripts bind to an element, or to one that it stands in."""
    known: list[tuple[str, frozenset[str]]] | None = None
    for code in codes:
        for selectors, body in _bindings(code):
            known = known if known is not None else _line(element)
            if any(_finds(one, known) for one in selectors):
                yield body


@lru_cache(maxsize=64)
def _bindings(code: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """What a script binds: selectors, and the body of the function. Every option of a select asks for it."""
    found = ((bind, block(code, bind.end() - 1)) for bind in _BOUND.finditer(code))
    return tuple(
        (tuple(one for one in (bind["at"], *_QUOTED.findall(bind["args"])) if one), body) for bind, body in found if body is not None
    )


def asks(code: str, codes: Sequence[str], deep: int = _DEEP) -> bool:
    """Whether a piece of a script, or a function that it calls, asks the server for something and stays on the page."""
    if is_request(code) or _SENDS.search(code):
        return True
    bodies = (function_body(codes, name) for name in dict.fromkeys(_CALLED.findall(code))) if deep else ()
    return any(body is not None and asks(body, codes, deep - 1) for body in bodies)


def goes(code: str) -> bool:
    """Whether a piece of a script leads to another address."""
    return bool(_GOES.search(code))


def _line(element: html.HtmlElement) -> list[tuple[str, frozenset[str]]]:
    """Tag and names of an element and of those that it stands in, itself first."""
    line = [element, *element.iterancestors()][: _ABOVE + 1]
    return [(str(at.tag), frozenset((*names(at).split(), *_filters(at)))) for at in line]


def _filters(element: html.HtmlElement) -> tuple[str, ...]:
    """Names that layui binds by: select(year)."""
    named = (element.get("lay-filter") or "").lower()
    return (named,) if named else ()


def _finds(selector: str, line: list[tuple[str, frozenset[str]]]) -> bool:
    """Whether a selector finds an element or one above it: its classes and ids are all borne there, its tag is."""
    layui = re.fullmatch(r"(?:select|radio)\(([\w-]+)\)", selector)
    if layui is not None:
        return any(layui[1].lower() in known for _, known in line)
    borne = frozenset().union(*(known for _, known in line))
    last = re.split(r"[\s>+~]+", selector.split(",")[0].strip())[-1] if selector.strip() else ""
    told = [name.lower() for kind, name in _TOKEN.findall(selector.split(",")[0]) if kind]
    if told:
        return set(told) <= borne
    if re.fullmatch(r"[\w-]+", last):
        return last.lower() in line[0][1] | {line[0][0]} or any(last.lower() in known for _, known in line[:3])
    return False
