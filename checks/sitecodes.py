"""The site's identification code (网站标识码): where pages show it, and whether it is one."""

from __future__ import annotations

import re

from data.text import bare

_PRINTED = re.compile(r"标识码(?:编号|号)?[^0-9A-Za-z\u4e00-\u9fff]{0,6}([0-9A-Za-z]{2,20})")
_NAMED = re.compile("标识码")
_WELL = re.compile(r"(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|8[1-3]|99)\d{8}|bm\d{8}", re.I)
_IN_LINK = re.compile(r"(?:site_?id_?code|site_?code|sitecode|wzbsm)=([0-9A-Za-z]{2,20})", re.I)


def footer_code(footer: str | None) -> str | None:
    """The code that a page's foot shows."""
    found = _PRINTED.search(bare(footer)) if footer else None
    return found.group(1) if found else None


def names_code(footer: str | None) -> bool:
    """Whether a foot has the words, with or without a code behind them."""
    return bool(footer and _NAMED.search(bare(footer)))


def is_code(code: str) -> bool:
    """Whether a text is a code by its form: ten digits that begin with a province's, or bm and eight digits."""
    return bool(_WELL.fullmatch(code.strip()))


def code_in_link(url: str) -> str | None:
    """The code that a link to the error reporting platform carries."""
    found = _IN_LINK.search(url)
    return found.group(1) if found else None
