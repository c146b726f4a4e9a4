"""The requests for rows that a page's scripts make, as they write them: $.ajax({url, data}), $.get(url, data), $.getJSON(url + page).

Nothing is run. What is not a literal is the number of the page, by the name that it is given to, or a variable that the page sets;
a request with anything else in it is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode, urljoin

from data.urls import netloc
from spiders.base import Ask

_HEAD = re.compile(r"(?:\$|jQuery|\bLs|\baxios)\s*\.\s*(?P<name>ajax|getJSON|get|post)\s*\(|(?<![\w.$])(?P<fetch>fetch)\s*\(")
_PAGE = re.compile(r"^(?:cur(?:r(?:ent)?)?_?page|page_?(?:no|num|number|index)?|p|pn|nowpage)$", re.I)
_NOISE = re.compile(r"^(?:_|_t|t|r|rnd|rand(?:om)?|time(?:stamp)?|callback|jsoncallback|jsonp\w*|v)$", re.I)
_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`[^`$]*`)|(?P<number>-?\d+)|(?P<plus>\+)|(?P<word>true|false)\b"
    r"|(?P<call>(?:new\s+)?[A-Za-z_$][\w$.]*\([^()]*\)(?:\.\w+\(\))*)|(?P<name>[A-Za-z_$][\w$.]*))"
)
_KEY = re.compile(r"\s*,?\s*[\"']?(?P<key>[A-Za-z_]\w*)[\"']?\s*:")
_TYPE = re.compile(r"\b(?:type|method)[\"']?\s*:\s*[\"'](\w+)[\"']", re.I)
_JSONP = re.compile(r"\bdataType[\"']?\s*:\s*[\"']jsonp[\"']", re.I)
_JSONP_NAME = re.compile(r"\bjsonp[\"']?\s*:\s*[\"'](\w{1,40})[\"']")
_ASIDE = re.compile(
    r"visit|(?<![a-z])hits?(?![a-z])|click|login|user|weather|tianqi|stat(?:istics?)?(?![a-z])|counter|collect|comment|token|captcha", re.I
)
_QUERY_PAGE = re.compile(r"[?&](?P<key>\w{1,30})=$")
_SPAN = 4000  # characters of a request that are read


@dataclass(frozen=True, slots=True)
class Call:
    """One request for rows; `page_key` names what bears the number of the page, `first` is its number for the first one."""

    url: str
    values: tuple[tuple[str, str], ...]
    post: bool = False
    page_key: str | None = None
    first: int = 1

    def ask(self, number: int) -> Ask:
        """Ask for the rows of a page. A POST bears what it asks in its fragment, which no server sees, to tell its answers apart."""
        values = [(key, str(number) if key == self.page_key else value) for key, value in self.values]
        query = urlencode(values)
        if self.post:
            return Ask(f"{self.url}#{query}", "POST", query, (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),))
        return Ask(f"{self.url}{'&' if '?' in self.url else '?'}{query}" if values else self.url)


def list_calls(text: str, base: str) -> tuple[Call, ...]:
    """Every request to the page's own host that its scripts write out, once each, in page order."""
    found = dict.fromkeys(call for head in _HEAD.finditer(text) if (call := _call(text, head, base)) is not None)
    return tuple(call for call in found if netloc(call.url) == netloc(base) and not _ASIDE.search(call.url))


def only_call(text: str, base: str) -> Call | None:
    """The one request for rows: the one that names a page, else the only one of all; of several none can be told from the others."""
    calls = list_calls(text, base)
    paged = [call for call in calls if call.page_key is not None]
    if paged:
        return paged[0] if len(paged) == 1 else None
    unread = any(_call(text, head, base) is None for head in _HEAD.finditer(text))
    return calls[0] if len(calls) == 1 and not unread else None


def _call(text: str, head: re.Match[str], base: str) -> Call | None:
    start, name = head.end(), head["name"] or "fetch"
    near = text[start : start + _SPAN]
    if name == "ajax":
        options = _braced(near)
        if options is None:
            return None
        place = re.search(r"(?<![\w.])url[\"']?\s*:", options)
        address = _sum(options[place.end() :], text) if place is not None else None
        data_at = re.search(r"(?<![\w.])data[\"']?\s*:\s*", options)
        data = _braced(options[data_at.end() :]) if data_at is not None else None
        kind = _TYPE.search(options)
        post = kind is not None and kind[1].lower() == "post"
        jsonp = bool(_JSONP.search(options)) and not post
        named = _JSONP_NAME.search(options)
    else:
        address = _sum(near, text)
        data = _braced(near[address[2] :].lstrip(" ,\n\r\t")) if address is not None and name != "fetch" else None
        post, jsonp, named = name == "post", "callback=?" in near[: address[2] if address is not None else 0], None
    if address is None or not address[0]:
        return None
    values = _values(data, text) if data is not None else {}
    if values is None:
        return None
    url, in_address, _ = address
    query: dict[str, tuple[str, bool]] = dict(values)
    if in_address is not None:
        query[in_address[0]] = (in_address[1], True)
    if jsonp:
        query.setdefault(named[1] if named is not None else "callback", ("jsonp", False))
    pages = [key for key, (_, is_page) in query.items() if is_page]
    if len(pages) > 1:
        return None
    first = int(query[pages[0]][0]) if pages else 1
    plain = tuple((key, value) for key, (value, _) in query.items())
    return Call(urljoin(base, url), plain, post, pages[0] if pages else None, first)


def _braced(text: str) -> str | None:
    """The object literal that a text begins with, without its outer braces; strings may hold braces."""
    if not text.lstrip().startswith("{"):
        return None
    depth, quote, start = 0, "", text.index("{")
    for position in range(start, len(text)):
        at = text[position]
        if quote:
            quote = "" if at == quote and text[position - 1] != "\\" else quote
        elif at in "\"'`":
            quote = at
        else:
            depth += {"{": 1, "}": -1}.get(at, 0)
            if not depth:
                return text[start + 1 : position]
    return None


def _tokens(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while (found := _TOKEN.match(text, position)) is not None:
        yield found
        position = found.end()


def _sum(text: str, whole: str) -> tuple[str, tuple[str, str] | None, int] | None:
    """(address, the key that the page's number is joined to and its value, where it ends) of a sum of literals; None for what is not read."""
    parts: list[str] = []
    page_key: tuple[str, str] | None = None
    end, joined = 0, True
    for token in _tokens(text):
        if token["plus"]:
            joined = True
            end = token.end()
            continue
        if not joined:
            break
        joined = False
        end = token.end()
        if token["text"] or token["number"]:
            parts.append(_plain(token))
            continue
        key = _QUERY_PAGE.search("".join(parts))
        if key is not None and _NOISE.match(key["key"]):
            parts[:] = ["".join(parts)[: key.start()]]
        elif key is not None and _PAGE.match(key["key"]) and token["name"]:
            known = _known(token["name"], whole)
            page_key = key["key"], known if known is not None and known.isdigit() else "1"
            parts[:] = ["".join(parts)[: key.start()]]
        else:
            known = _known(token["name"] or "", whole)
            if known is None:
                return None
            parts.append(known)
    address = unescape("".join(parts))
    address = re.sub(r"(?<=[?&])(?:callback|jsoncallback)=\?&?", "", address).rstrip("?&")
    return (address if "?" in address or "&" not in address else address.replace("&", "?", 1), page_key, end) if address else None


def _plain(token: re.Match[str]) -> str:
    return token["number"] or re.sub(r"\\(.)", r"\1", token["text"][1:-1])


def _known(name: str, whole: str) -> str | None:
    """What a variable of the page's scripts is set to, where that is a literal."""
    found = re.search(rf"(?<![\w.$]){re.escape(name)}\s*=\s*(?:\"([^\"\n]*)\"|'([^'\n]*)'|(\d+))\s*[;,\n]", whole) if name else None
    return next((value for value in found.groups() if value is not None), None) if found is not None else None


def _values(data: str, whole: str) -> Mapping[str, tuple[str, bool]] | None:
    """Key -> (value, whether it is the page's number) of an object literal; None where a value is not read."""
    found: dict[str, tuple[str, bool]] = {}
    position = 0
    while (key := _KEY.match(data, position)) is not None:
        token = _TOKEN.match(data, key.end())
        if token is None:
            return None
        name, position = key["key"], token.end()
        literal = _plain(token) if token["text"] or token["number"] else token["word"]
        if _PAGE.match(name):
            known = literal if literal is not None else _known(token["name"] or "", whole)
            found[name] = (known if known is not None and known.isdigit() else "1", True)
        elif literal is not None:
            found[name] = (literal, False)
        elif not _NOISE.match(name):
            known = _known(token["name"] or "", whole)
            if known is None:
                return None
            found[name] = (known, False)
        rest = re.match(r"[^,{}]*", data[position:])  # the rest of an expression
        position += rest.end() if rest is not None and rest[0].strip() and _NOISE.match(name) else 0
    return found
