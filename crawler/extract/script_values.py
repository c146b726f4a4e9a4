"""Values out of a page's scripts without running them: literal arguments, variables, and how an address is put together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.extract.page import Page, once

_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_LINE_COMMENT = re.compile(r"(^|[\s;{}),])//[^\n]*", re.M)
_ARGUMENT = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|parseInt\(\s*['"]?(\d+)[^)]*\)|(-?\d+)|([A-Za-z_$][\w$.]*))\s*([,)])""")
_ELEMENT = r"(?:\$\(\s*['\"]#(?P<by>[\w-]+)['\"]\s*\)\s*\.\s*(?:val|text|html)\(\s*\)|(?:document\.)?getElementById\(\s*['\"](?P<at>[\w-]+)['\"]\s*\)\s*\.\s*(?:value|innerHTML|innerText))"
_TEMPLATED = re.compile(r"`(?P<head>[^`$\n]{0,160})\$\{(?P<name>[^{}`]{1,60})\}(?P<tail>[^`$\n]{0,80})`")
VARIABLE = r"""(?:\b(?:var|let|const)\s+|[,;\s{{(]){name}['"]?\s*[=:]\s*(?:parseInt\s*\(\s*)?\(?['"]?(\d+)(?:\s*\+\s*(\d+))?"""
_BUILDER = re.compile(
    r"""['"]([^'"\n]*?(?:_|=|/|-|index|list))['"]\s*\+\s*\(?\s*([A-Za-z_$][\w$.]*)\s*(?:([+-])\s*(\d+))?\s*\)?\s*(?:\+\s*['"]([^'"\n]*)['"])?"""
)


@once
def scripts(page: Page) -> list[str]:
    """Inline scripts of the page without comments."""
    found: list[str] = []
    for script in page.tree.iter("script"):
        code = script.text
        if code and not script.get("src"):
            found.append(_LINE_COMMENT.sub(r"\1", _BLOCK_COMMENT.sub(" ", code)) if "//" in code or "/*" in code else code)
    return found


def arguments(code: str, start: int) -> list[str | int] | None:
    """Arguments of a call that are literals; None where one is an expression that is not read."""
    values: list[str | int] = []
    position = start
    for _ in range(12):
        match = _ARGUMENT.match(code, position)
        if match is None:
            return None
        double, single, parsed, number, name, end = match.groups()
        if number is not None or parsed is not None:
            values.append(int(number or parsed))
        elif name is not None:
            value = _variable(code, name)
            if value is None:
                return None
            values.append(value)
        else:
            text = double if double is not None else single
            values.append(int(text) if text.isdigit() and len(text) < 9 else text)
        position = match.end()
        if end == ")":
            return values
    return None


def _variable(code: str, name: str) -> int | None:
    match = re.search(VARIABLE.format(name=re.escape(name)), " " + code)
    return int(match.group(1)) + int(match.group(2) or 0) if match else None


def first_value(code: str, names: tuple[str, ...]) -> int | None:
    for name in names:
        value = _variable(code, name)
        if value is not None:
            return value
    return None


def told(page: Page, code: str, options: str, names: tuple[str, ...]) -> int | None:
    """A number among options: a literal, a variable that the script sets to one, or what a field or an element of the page holds."""
    literal = first_value(options, names)
    if literal is not None:
        return literal
    for name in names:
        given = re.search(
            rf"(?<![\w$]){name}['\"]?\s*:\s*(?:(?:parseInt|Number|Math\.ceil)\s*\(\s*)?(?:{_ELEMENT}|(?P<name>[A-Za-z_$][\w$]*)\b(?!\s*\())",
            options,
        )
        if given is None:
            continue
        value = _held(page, given) if given["name"] is None else _set(page, code, given["name"])
        if value is not None:
            return value
    return None


def _set(page: Page, code: str, name: str) -> int | None:
    """What a variable is set to: a number, or what an element of the page holds."""
    given = re.search(rf"(?<![\w$.]){re.escape(name)}\s*=\s*(?:(?:parseInt|Number)\s*\(\s*)?{_ELEMENT}", code)
    return _held(page, given) if given is not None else first_value(code, (name,))


def _held(page: Page, given: re.Match[str]) -> int | None:
    """The number in the field or the element that a script takes it from."""
    key = given["by"] or given["at"]
    element = next((one for one in page.tree.iter() if one.get("id") == key), None)
    held = (element.get("value") or "".join(element.itertext())).strip() if element is not None else ""
    return int(held) if held.isascii() and held.isdigit() and len(held) < 8 else None


@dataclass(frozen=True, slots=True)
class Builder:
    """'prefix' + (page + shift) + 'suffix'."""

    prefix: str
    shift: int
    suffix: str


def find_builder(code: str) -> Builder | None:
    """How a script builds a page's address; a builder that subtracts one from the page number says so."""
    found: list[Builder] = []
    code = _TEMPLATED.sub(r"'\g<head>'+\g<name>+'\g<tail>'", code) if "`" in code else code
    for prefix, name, sign, amount, suffix in _BUILDER.findall(code):
        if re.search(r"[<>\s#]", prefix) or (not suffix and not prefix.endswith(("=", "/", "_", "-"))):
            continue
        if suffix and re.search(r"[<>\s]", suffix):
            continue
        if not suffix and prefix.endswith(("_", "-")):
            continue
        shift = int(amount) * (1 if sign == "+" else -1) if amount else 0
        aside = re.search(rf"\b{re.escape(name)}\s*=\s*\w+\s*([+-])\s*(\d+)\s*[;\n]", code)
        if aside and not amount:
            shift = int(aside.group(2)) * (1 if aside.group(1) == "+" else -1)
        if abs(shift) <= 1:
            found.append(Builder(prefix, shift, suffix))
    paged = [
        builder
        for builder in found
        if builder.suffix.startswith(".") or re.search(r"(?:page|p|pn|pageno|pageindex|currentpage)=$", builder.prefix, re.I)
    ]
    return next(iter(paged or found), None)


def fill_address(page: Page, builder: Builder, number: int) -> str | None:
    name = f"{builder.prefix}{number + builder.shift}{builder.suffix}"
    if name.startswith(("?", "&")) or re.match(r"^\w+=", name):
        return with_query(page, name.lstrip("?&"))
    return page.absolute(name)


def with_query(page: Page, pair: str) -> str | None:
    """The page's own address with one pair of its query set."""
    key = pair.split("=", 1)[0]
    parts = urlsplit(page.url)
    rest = [part for part in parts.query.split("&") if part and part.split("=", 1)[0] != key]
    return page.absolute(parts._replace(query="&".join([*rest, pair]), fragment="").geturl())


def build_address(page: Page, code: str, number: int) -> str | None:
    builder = find_builder(code)
    return fill_address(page, builder, number) if builder is not None else None


def number_by(url: str, builder: Builder) -> int | None:
    """The page number that an address bears under a builder; None on the first page."""
    tail = builder.prefix.rsplit("/", 1)[-1]
    if not tail:
        return None
    match = re.search(re.escape(tail) + r"(\d+)" + re.escape(builder.suffix) + r"(?:$|[&#])", url)
    return int(match.group(1)) - builder.shift if match else None
