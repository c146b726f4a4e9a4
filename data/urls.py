"""When two addresses are one: keys for pages and columns, and whose host an address is on."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlsplit

_INDEX = re.compile(r"/(index|default)\.(s?html?|jsp|php|aspx?)$", re.I)


@lru_cache(8192)  # every page of a site bears the same navigation
def url_key(url: str) -> str:
    """An address without what does not change the page: scheme, default port, case of the host, index file of a folder.

    The fragment is kept where it routes (#/path, #1076 of a page that draws its columns by script), dropped elsewhere by the reader.
    """
    parts = urlsplit(url.strip())
    host = netloc(url)
    path = _INDEX.sub("/", parts.path or "/")
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{host}{path}{query}{fragment}"


def url_hash(url: str) -> bytes:
    """16 bytes that stand for an address in the database's indexes."""
    return blake2b(url_key(url).encode(), digest_size=16).digest()


@lru_cache(8192)
def netloc(url: str) -> str:
    """Host and port in lower case, default ports left out."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".").lower()
    port = parts.port
    return host if port in (None, 80, 443) else f"{host}:{port}"


def folder(url: str) -> str:
    """The folder part of an address's path, with its slash: /zwgk/zcwj/ of /zwgk/zcwj/index_1.html."""
    path = urlsplit(url).path or "/"
    return path[: path.rfind("/") + 1]
