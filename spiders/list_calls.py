"""The requests for rows that a page's scripts make, as they write them: $.ajax({url, data}), $.get(url, data), $.getJSON(url + page).

Nothing is run. What is not a literal is the number of the page, by the name that it is given to, or a variable that the page sets;
a request with anything else in it is not read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode, urljoin

from crawler.extract.script_blocks import block
from data.urls import netloc
from spiders.base import Ask

_HEAD = re.compile(
    r"(?:\$|jQuery|\bLs|\baxios|\$(?:axios|http))\s*\.\s*(?P<name>ajax|getJSON|get|post)\s*\(|(?<![\w.$])(?P<fetch>fetch)\s*\(|(?<![\w.$])(?P<bare>axios)\s*\(\s*(?=\{)"
)
_PAGE = re.compile(r"^(?:cur(?:r(?:ent)?)?(?:_?page(?:_?(?:no|num|index))?)?|page_?(?:no|num|number|index)?|p|pn|nowpage)$", re.I)
_NOISE = re.compile(r"^(?:_|_t|t|r|rnd|rand(?:om)?|time(?:stamp)?|callback|jsoncallback|jsonp\w*|v)$", re.I)
_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`[^`$]*`)|(?P<number>-?\d+)|(?P<plus>\+)|(?P<word>true|false)\b"
    r"|(?P<step>\(\s*(?:\+\+|--)?\s*(?P<stepped>[A-Za-z_$][\w$.]*)\s*(?:\+\+|[+]\s*1)?\s*\))"
    r"|(?P<call>(?:new\s+)?[A-Za-z_$][\w$.]*\([^()]*\)(?:\.\w+\(\))*)|(?P<name>[A-Za-z_$][\w$.]*))"
)
_TEMPLATE = re.compile(r"`(?P<inner>[^`'\n]{0,400}\$\{[^`'\n]{0,400})`")
_KEY = re.compile(r"\s*,?\s*[\"']?(?P<key>[A-Za-z_]\w*)[\"']?\s*:")
_TYPE = re.compile(r"\b(?:type|method)[\"']?\s*:\s*[\"'](\w+)[\"']", re.I)
_JSONP = re.compile(r"\bdataType[\"']?\s*:\s*[\"']jsonp[\"']", re.I)
_JSONP_NAME = re.compile(r"\bjsonp[\"']?\s*:\s*[\"'](\w{1,40})[\"']")
_ASIDE = re.compile(
    r"visit|(?<![a-z])hits?(?![a-z])|click|login|user|weather|tianqi|stat(?:istics?)?(?![a-z])|counter|collect|comment|token|captcha", re.I
)
_QUERY_PAGE = re.compile(r"[?&](?P<key>\w{1,30})=$")
_SPAN = 4000  # characters of a request that are read
_IN_PATH = "PAGENUMBER"  # stands in an address for the number that a script joins to it
_SIZE = re.compile(r"^(?:page_?size|per_?page|rows|limit|size|num|count|top|n)$", re.I)
_FORM, _JSON = "application/x-www-form-urlencoded; charset=UTF-8", "application/json;charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Call:
    """One request for rows; `page_key` names what bears the number of the page, `first` is its number for the first one."""

    url: str
    values: tuple[tuple[str, str], ...]
    send: str = "get"  # or as the body of a POST: "form", "json"
    page_key: str | None = None
    first: int = 1

    @property
    def size(self) -> int | None:
        """How many rows it asks for at once, where it says so."""
        return next((int(value) for key, value in self.values if _SIZE.match(key) and value.isdigit()), None)

    def keep(self, memory: dict[str, str]) -> None:
        """Write it into what a walk carries from page to page; `kept_call` gives it back."""
        memory.update(url=self.url, values=json.dumps(self.values), send=self.send, key=self.page_key or "")

    def ask(self, number: int) -> Ask:
        """Ask for the rows of a page. A POST bears what it asks in its fragment, which no server sees, to tell its answers apart."""
        values = [(key, str(number) if key == self.page_key else value) for key, value in self.values]
        query, url = urlencode(values), self.url.replace(_IN_PATH, str(number))
        if self.send == "get":
            return Ask(f"{url}{'&' if '?' in url else '?'}{query}" if values else url)
        if self.send == "form":
            return Ask(f"{url}#{query}", "POST", query, (("Content-Type", _FORM),))
        body = {key: int(value) if key == self.page_key else value for key, value in values}
        return Ask(f"{url}#{query}", "POST", json.dumps(body, ensure_ascii=False), (("Content-Type", _JSON),))


def kept_call(memory: Mapping[str, str]) -> Call:
    """The request that a walk carries along."""
    values = tuple((str(key), str(value)) for key, value in json.loads(memory["values"]))
    return Call(memory["url"], values, memory["send"], memory["key"] or None)


def list_calls(text: str, base: str) -> tuple[Call, ...]:
    """Every request to the page's own host that its scripts write out, once each, in page order."""
    text = _spelt(text)
    return _own([_call(text, head, base) for head in _HEAD.finditer(text)], base)


def _spelt(text: str) -> str:
    """Templates of a script (`/list?page=${page}`) as the sums that they stand for."""
    return _TEMPLATE.sub(_as_sum, text) if "${" in text else text


def _as_sum(template: re.Match[str]) -> str:
    parts = re.split(r"\$\{([^{}`]{1,80})\}", template["inner"])
    return "+".join(part if number % 2 else f"'{part}'" for number, part in enumerate(parts) if part)


def _own(found: Iterable[Call | None], base: str) -> tuple[Call, ...]:
    calls = dict.fromkeys(call for call in found if call is not None)
    return tuple(call for call in calls if netloc(call.url) == netloc(base) and not _ASIDE.search(call.url))


def only_call(text: str, base: str) -> Call | None:
    """The one request for rows: the one that names a page, else the only one of all; of several none can be told from the others."""
    text = _spelt(text)
    found = [_call(text, head, base) for head in _HEAD.finditer(text)]
    calls = _own(found, base)
    paged = [call for call in calls if call.page_key is not None]
    if paged:
        return paged[0] if len(paged) == 1 else None
    return calls[0] if len(calls) == 1 and None not in found else None


def _call(text: str, head: re.Match[str], base: str) -> Call | None:
    name, near = head["name"] or ("ajax" if head["bare"] else "fetch"), text[head.end() : head.end() + _SPAN]
    if name == "ajax":
        options = _braced(near)
        place = re.search(r"(?<![\w.])url[\"']?\s*:", options) if options is not None else None
        if options is None or place is None:
            return None
        address, data = (
            _sum(options[place.end() :], text),
            re.search(r"(?<![\w.])(?:data|params)[\"']?\s*:\s*(?P<json>JSON\.stringify\(\s*)?", options),
        )
        given = options[data.end() :] if data is not None else ""
        kind, jsonp = _TYPE.search(options), _JSONP_NAME.search(options) if _JSONP.search(options) else None
        send = "get" if kind is None or kind[1].lower() != "post" else "json" if data is not None and data["json"] else "form"
        called = "" if send != "get" or not _JSONP.search(options) else jsonp[1] if jsonp is not None else "callback"
    else:
        address = _sum(near, text)
        given = near[address[2] :].lstrip(" ,\n\r\t") if address is not None else ""
        given = "" if name == "fetch" or not re.match(r"[{\w$]", given) or re.match(r"(?:async\s+)?function\b|\w*\s*=>", given) else given
        asked = re.match(r"\{\s*params\s*:\s*", given)
        given = given[asked.end() :] if asked is not None else given
        send = "get" if name != "post" else "json" if "axios" in head[0] else "form"
        called = "callback" if address is not None and "callback=?" in near[: address[2]] else ""
        if re.match(r"[\w$]+\s*\)", given):
            given = ""  # the name of the function that takes the answer
    values = _values(given, text) if given else {}
    if address is None or values is None:
        return None
    return _made(urljoin(base, address[0]), dict(values), address[1], send, called)


def _made(url: str, query: dict[str, tuple[str, bool]], joined: tuple[str, str] | None, send: str, called: str) -> Call | None:
    """The request; None where two things in it could be the number of the page."""
    if joined is not None and joined[0] != _IN_PATH:
        query[joined[0]] = (joined[1], True)
    if called:
        query.setdefault(called, ("jsonp", False))
    numbers = {key: value for key, (value, is_page) in query.items() if is_page}
    if joined is not None and joined[0] == _IN_PATH:
        numbers[_IN_PATH] = joined[1]
    if len(numbers) > 1:
        return None
    key, first = next(iter(numbers.items()), (None, "1"))
    return Call(url, tuple((name, value) for name, (value, _) in query.items()), send, key, int(first))


def _braced(text: str) -> str | None:
    """The object literal that a text begins with, without its outer braces."""
    start = len(text) - len(text.lstrip())
    return block(text, start, _SPAN) if text[start : start + 1] == "{" else None


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
        key, name = _QUERY_PAGE.search("".join(parts)), token["name"] or token["stepped"] or ""
        numbers = bool(_PAGE.match(name.rsplit(".", 1)[-1]))
        if page_key is not None and numbers:
            return None
        if key is not None and _NOISE.match(key["key"]):
            parts[:] = ["".join(parts)[: key.start()]]
        elif key is not None and _PAGE.match(key["key"]) and name:
            known = _known(name, whole)
            page_key = key["key"], known if known is not None and known.isdigit() else "1"
            parts[:] = ["".join(parts)[: key.start()]]
        elif numbers and page_key is None and parts:
            known = _known(name, whole)
            page_key = _IN_PATH, known if known is not None and known.isdigit() else "1"
            parts.append(_IN_PATH)
        else:
            known = _known(token["name"] or "", whole)
            if known is None:
                return None
            parts.append(known)
    if joined:
        return None  # what is added last is not read
    address = unescape("".join(parts))
    address = re.sub(r"(?<=[?&])(?:callback|jsoncallback)=\?&?", "", address).rstrip("?&")
    return (address if "?" in address or "&" not in address else address.replace("&", "?", 1), page_key, end) if address else None


def _plain(token: re.Match[str]) -> str:
    return token["number"] or re.sub(r"\\(.)", r"\1", token["text"][1:-1])


def _known(name: str, whole: str) -> str | None:
    """What a variable of the page's scripts is set to, where that is a literal."""
    found = re.search(rf"(?<![\w.$]){re.escape(name)}\s*=\s*(?:\"([^\"\n]*)\"|'([^'\n]*)'|(\d+))\s*[;,\n]", whole) if name else None
    return next((value for value in found.groups() if value is not None), None) if found is not None else None


def _values(given: str, whole: str) -> Mapping[str, tuple[str, bool]] | None:
    """Key -> (value, whether it is the page's number) of the object literal that a text begins with; None where it is not read whole."""
    data = _braced(given) if given.startswith("{") else None
    if data is None:
        return None
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
