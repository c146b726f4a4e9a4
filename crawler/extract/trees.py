"""Trees of columns that a script draws out of data: dTree, zTree and their kin. They are put into the tree of the page where they show.

dTree: d.add(3, 0, '公开指南', '/gk/zn/'); MzTreeView: nodes["0_3"] = "text:公开指南; url:/gk/zn/"; zTree and most others: objects with
a name, an address and an id with that of the one above, or with the children in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from data.text import squeeze

_STRING = r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
_ADD = re.compile(rf"""\.add\s*\(\s*['"]?(-?\w+)['"]?\s*,\s*['"]?(-?\w+)['"]?\s*,\s*{_STRING}\s*(?:,\s*{_STRING})?""")
_NODE = re.compile(rf"""\[\s*["'](-?\w+)_(-?\w+)["']\s*\]\s*=\s*{_STRING}""")
_FIELD = re.compile(r"\b(text|url)\s*:\s*([^;]*)")
_TOKEN = re.compile(rf"{_STRING}|([{{}}\[\]:])|([A-Za-z_$][\w$]*|-?\d+)")
_NAMES = ("name", "text", "title", "label", "chnlname", "columnname", "catname")
_URLS = ("url", "href", "link", "linkurl", "chnlurl", "columnurl")
_IDS = ("id", "nodeid", "catid", "chnlid", "columnid")
_ABOVE = ("pid", "parentid", "parent", "parent_id", "pcatid")
_NOT_A_WAY = re.compile(r"^(?:#|javascript:|about:|void\b)|^$", re.I)
_LONGEST = 400_000  # characters of a script beyond which it is a library or data
_MOST = 2000
_FEWEST = 3  # entries with an address
_TITLE_CHARS = 14  # mean characters from which entries are titles of documents


@dataclass(slots=True)
class _Entry:
    name: str
    url: str | None
    id: str | None
    above: str | None
    holder: _Entry | None = None  # the entry among whose children it stands


def tree_markup(code: str) -> str | None:
    """The tree that a script holds as nested lists; None where it holds none."""
    if len(code) > _LONGEST:
        return None
    entries = list(_added(code)) or list(_objects(code))
    named = [entry for entry in entries if entry.name]
    ways = [entry for entry in named if entry.url is not None]
    if not _FEWEST <= len(ways) <= _MOST or sum(len(entry.name) for entry in named) > _TITLE_CHARS * len(named):
        return None
    by_id = {entry.id: entry for entry in named if entry.id is not None}
    below: dict[int, list[_Entry]] = {}
    roots: list[_Entry] = []
    for entry in named:
        over = _holder(entry) or (by_id.get(entry.above) if entry.above != entry.id and entry.above is not None else None)
        if over is None:
            roots.append(entry)
        else:
            below.setdefault(id(over), []).append(entry)
    roots = [entry for entry in roots if entry.id is not None or id(entry) in below]  # else a setting that has a name
    if not below or not roots:
        return None
    return "".join(_written(entry, below, 0) for entry in roots)


def _holder(entry: _Entry) -> _Entry | None:
    over = entry.holder
    while over is not None and not over.name:
        over = over.holder
    return over


def _written(entry: _Entry, below: dict[int, list[_Entry]], depth: int) -> str:
    label = escape(entry.name)
    head = f'<a href="{escape(entry.url, quote=True)}">{label}</a>' if entry.url is not None else f"<span>{label}</span>"
    inner = "".join(_written(child, below, depth + 1) for child in below.get(id(entry), ())) if depth < 12 else ""
    return f"<li>{head}<ul>{inner}</ul></li>" if inner else f"<li>{head}</li>"


def _added(code: str) -> Iterator[_Entry]:
    for id_, above, name, url in _ADD.findall(code):
        yield _Entry(_text(name[1:-1]), _way(url[1:-1]) if url else None, id_, above)
    for above, id_, told in _NODE.findall(code):
        fields = dict(_FIELD.findall(told[1:-1]))
        if "text" in fields:
            yield _Entry(_text(fields["text"]), _way(fields.get("url", "").strip()), id_, above)


def _objects(code: str) -> Iterator[_Entry]:
    """Objects with a name, each under the object in whose list it stands."""
    lowered = code.lower()
    if "{" not in code or not any(word in lowered for word in ("pid", "parent", "children", "nodes")):
        return
    stack: list[tuple[dict[str, str], _Entry] | None] = []
    key: str | None = None
    last: str | None = None
    for match in _TOKEN.finditer(code):
        string, sign, word = match.groups()
        if sign == "{":
            holder = next((frame[1] for frame in reversed(stack) if frame is not None), None)
            stack.append(({}, _Entry("", None, None, None, holder)))
            key = last = None
        elif sign == "[":
            stack.append(None)
            key = last = None
        elif sign in ("}", "]"):
            if not stack:
                continue
            frame = stack.pop()
            key = last = None
            if frame is not None and _fill(*frame):
                yield frame[1]
        elif sign == ":":
            key, last = last, None
        else:
            value = string[1:-1] if string else word
            if key is not None and stack and (frame := stack[-1]) is not None:
                frame[0].setdefault(key.lower(), value)
                key = None
            last = value


def _fill(pairs: dict[str, str], entry: _Entry) -> bool:
    entry.name = _text(next((pairs[key] for key in _NAMES if pairs.get(key)), ""))
    entry.url = _way(next((pairs[key] for key in _URLS if pairs.get(key)), ""))
    entry.id = next((pairs[key] for key in _IDS if pairs.get(key)), None)
    entry.above = next((pairs[key] for key in _ABOVE if pairs.get(key)), None)
    return bool(entry.name)


def _way(url: str) -> str | None:
    url = url.strip().replace("\\/", "/")
    return None if _NOT_A_WAY.search(url) else url


def _text(name: str) -> str:
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match.group(1), 16)), name)
    return squeeze(re.sub(r"<[^>]{0,200}>", "", plain))
