"""What a page says of the site and the column that serve it."""

from __future__ import annotations

import re

from crawler.extract.page import Page
from data.records import SiteIdentity
from data.text import squeeze

_CODE = r"(?:bm\d{8}|\d{10})(?![\da-z])"
_LABELLED = re.compile(rf"标识码\s*(?:<[^>]{{0,200}}>\s*|&nbsp;|[:：\s\u3000])*\s*({_CODE})", re.I)
_REPORT = re.compile(
    rf"site_?code\s*=\s*[\"']?({_CODE})",
)  # in lower case
_EXACT = re.compile(rf"^{_CODE}$", re.I)


def read_identity(page: Page) -> SiteIdentity:
    """Read site name, 网站标识码 and column from metas, footer and the link of the error-report badge."""
    code = squeeze(page.meta("siteidcode") or "").lower()
    if not _EXACT.match(code):
        found = _LABELLED.search(page.text) if "标识码" in page.text else None
        found = found or _REPORT.search(page.lower)
        code = found.group(1).lower() if found else ""
    return SiteIdentity(_meta(page, "sitename"), code or None, _meta(page, "columnname"), _meta(page, "columntype"))


def _meta(page: Page, name: str) -> str | None:
    value = page.meta(name)
    return value if value and not re.search(r"\{\{|<[%\w]|CMSPRO_", value) else None
