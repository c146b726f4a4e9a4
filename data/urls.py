"""When two addresses are one: keys for pages and columns, and whose host an address is on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlsplit

from data.compact import Table

_INDEX = re.compile(r"/(index|default)\.(s?html?|jsp|php|aspx?)$", re.I)
# A visit's own mark in an address: another one in every answer, so that one page has addresses without end.
_SESSION_PATH = re.compile(r";jsessionid=[^/?#;]*", re.I)
_SESSION_QUERY = re.compile(r"(^|&)(?:jsessionid|phpsessid|aspsessionid\w*)=[^&]*", re.I)


@lru_cache(4096)  # every page of a site bears the same navigation
def url_key(url: str) -> str:
    """An address without what does not change the page: scheme, default port, case of the host, index file of a folder.

    The fragment is kept where it routes (#/path, #1076 of a page that draws its columns by script), dropped elsewhere by the reader.
    """
    parts = urlsplit(url.strip())
    host = netloc(url)
    path, asked = without_session(parts.path or "/", parts.query)
    path = _INDEX.sub("/", path)
    query = f"?{asked}" if asked else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{host}{path}{query}{fragment}"


def without_session(path: str, query: str) -> tuple[str, str]:
    """Path and query of an address without the mark of a visit: /list.jsp;jsessionid=4F2A?id=3 is /list.jsp?id=3."""
    if ";" in path:
        path = _SESSION_PATH.sub("", path)
    if "sess" in query.lower():
        query = _SESSION_QUERY.sub("", query).removeprefix("&")
    return path, query


def url_hash(url: str) -> bytes:
    """16 bytes that stand for an address in the database's indexes."""
    return blake2b(url_key(url).encode(), digest_size=16).digest()


@lru_cache(4096)
def netloc(url: str) -> str:
    """Host and port in lower case, default ports left out."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".").lower()
    port = parts.port
    return host if port in (None, 80, 443) else f"{host}:{port}"


class Keys:
    """A set of url_keys that takes a tenth of their room: 64 bits of a hash stand for each."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._held = Table()
        for key in keys:
            self.add(key)

    def add(self, key: str) -> None:
        self._held.put(_short(key))

    def discard(self, key: str) -> None:
        self._held.discard(_short(key))

    def __contains__(self, key: str) -> bool:
        return self._held.get(_short(key)) is not None


def _short(key: str) -> int:
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def host_of(url: str) -> str:
    """The host alone, in lower case, without a port or a dot at its end."""
    return (urlsplit(url.strip()).hostname or "").rstrip(".").lower()


def registrable(host: str) -> str:
    """The part of a host name that somebody registers: x.gov.cn of www.x.gov.cn. Of an address, itself."""
    if re.fullmatch(r"[\d.]+|\[?[\da-f:]*:[\da-f:.]*\]?", host):
        return host
    labels = host.split(".")
    keep = 3 if len(labels) >= 3 and labels[-1] == "cn" and labels[-2] in ("gov", "com", "org", "net", "edu") else 2
    return ".".join(labels[-keep:])


def folder(url: str) -> str:
    """The folder part of an address's path, with its slash: /zwgk/zcwj/ of /zwgk/zcwj/index_1.html."""
    path = urlsplit(url).path or "/"
    return path[: path.rfind("/") + 1]


def domain(url: str) -> str:
    """The registrable part of an address's host: x.gov.cn of http://www.x.gov.cn/; a bare IP address whole."""
    return registrable(host_of(url))


def on_platform(url: str) -> bool:
    """Whether an address is an item of Guangdong's platform of interpretations: a shell on each site, filled from a host of the province."""
    return bool(re.search(r"/zcjdpt/?\?(?:[^#]*&)?id=\d+", url))
