"""Which addresses belong to a site: what is explored, what is only fetched, and who hosts a column."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from data.catalogue import load_columns
from data.registry import Registry, Site
from data.urls import folder, netloc, registrable, url_key

_FILE = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|gz|jpe?g|png|gif|bmp|svg|ico|webp|mp[34]|avi|wmv|flv|mov|css|js|json|xml|swf|apk|exe|txt|csv)$",
    re.I,
)
# A script that hands out a file names it among its arguments.
_NAMED_FILE = re.compile(r"[=/](?:[^&=/]*)\.(pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z)(&|$)", re.I)
_TRAP = re.compile(r"(?i)(^|[/_.-])(login|logout|signin|register|captcha|print|sendmail|rss|vote|counter|jiucuo|cas)([/_.?-]|$)")


_NUMBERED = re.compile(r"(.*?/)(?:column/)?(\d{4,})/?(?:index\.\w+)?$")

Realm = tuple[str, ...]


def realm(home: str) -> Realm:
    """Where a unit's pages lie: the folder of its home.

    Some platforms number their units and keep the lists of each beside its folder: /public/6612/ and /public/column/6612?catId=….
    """
    numbered = _NUMBERED.match(urlsplit(home).path)
    return (f"{numbered[1]}{numbered[2]}/", f"{numbered[1]}column/{numbered[2]}") if numbered else (folder(home),)


def _in(path: str, realm: Realm) -> bool:
    return any(path.startswith(part) if part.endswith("/") else f"{path}/".startswith(f"{part}/") for part in realm)


class Scope:
    """The reach of one site's crawl.

    Its own host is explored; where the unit lives on its parent's host, only the folder of its home is.
    Hosts of columns that the registry names are read column by column. What hangs below a column that only holds others (the disclosure
    platform) is explored: the column's folder there, the whole host only where the column is its front page and no other site has it.
    """

    def __init__(self, site: Site, registry: Registry) -> None:
        self.site = site
        self.home_host = netloc(site.home)
        by_depth = sorted((other for other in registry.sites if other.id != site.id), key=lambda other: len(folder(other.home)))
        # Of several units on one host the one that sits highest runs it.
        others = {netloc(other.home): other.id for other in reversed(by_depth)}
        self._others = others
        shares_host = self.home_host in others
        self.realm: Realm = realm(site.home) if shares_host else ("/",)
        self._lodges = shares_host and (self.realm != ("/",) or others[self.home_host] == site.parent)
        self.hosts = {self.home_host} | {netloc(url) for url in site.columns.values()}
        if site.must_repost is not None:
            self.hosts |= {netloc(url) for url in site.must_repost.columns}
        self._explored = {self.home_host}
        self._platforms: dict[str, list[Realm]] = {}  # by host: folders of columns that hold others
        for canonical, url in site.columns.items():
            below = self._below(canonical, url)
            if below is not None:
                self._platforms.setdefault(netloc(url), []).append(below)
        # Folders of units that live on this host: theirs, not this site's.
        self._lodgers = tuple(
            theirs
            for other in registry.sites
            if other.id != site.id and netloc(other.home) == self.home_host and (theirs := realm(other.home)) != ("/",)
            and not _in(self.realm[0], theirs)
        )  # fmt: skip

    def _below(self, canonical: str, url: str) -> Realm | None:
        """The folder of a named column on another host, where it is a column that holds others; None where it is not for us to explore."""
        column = load_columns().get(canonical)
        if column is None or column.update_class != "container" or netloc(url) == self.home_host:
            return None
        found, parts = realm(url), urlsplit(url)
        if found != ("/",):
            return found
        front = url_key(url) == f"{netloc(url)}/" and not parts.query and not parts.fragment
        return found if front and netloc(url) not in self._others else None

    def adopt(self, url: str) -> None:
        """Take in a host of the site's own that its home page names as the disclosure platform (a sub-domain of the same domain)."""
        self.hosts.add(netloc(url))
        self._explored.add(netloc(url))

    def may_adopt(self, url: str) -> bool:
        host = urlsplit(url).hostname or ""
        own = urlsplit(self.site.home).hostname or ""
        named = not re.fullmatch(r"[\d.]+|\[?[\da-f:]+\]?", own)
        return named and netloc(url) not in self._others and registrable(host) == registrable(own)

    def hosted_by(self, url: str) -> str | None:
        """Site id of another registered site whose host serves this address."""
        host = netloc(url)
        return None if host == self.home_host and not self._lodges else self._others.get(host)

    def on_host_alone(self, url: str) -> bool:
        """Whether an address is outside the folder of a unit that lives on its parent's host, but on that host."""
        outside = self._lodges and netloc(url) == self.home_host and not _in(urlsplit(url).path, self.realm)
        return outside and self.fetches(url)

    def is_a_units(self, url: str) -> bool:
        """Whether an address lies in the folder of a unit that lives on this site's host."""
        return netloc(url) == self.home_host and any(_in(urlsplit(url).path, theirs) for theirs in self._lodgers)

    def fetches(self, url: str) -> bool:
        """Whether a page at this address may be fetched as one of the site's."""
        return netloc(url) in self.hosts and not is_file(url)

    def has(self, url: str) -> bool:
        """Whether an address is on one of the site's hosts, by its name with or without www."""
        host = netloc(url).removeprefix("www.")
        return any(host == own.removeprefix("www.") for own in self.hosts)

    def explores(self, url: str) -> bool:
        """Whether links to this address are followed to find columns."""
        parts, host = urlsplit(url), netloc(url)
        within = any(_in(parts.path, below) for below in self._platforms.get(host, ()))
        if not (within or host in self._explored) or not self.fetches(url) or len(url) > 500 or _TRAP.search(parts.path):
            return False
        if host != self.home_host:
            return True
        return _in(parts.path, self.realm) and not any(_in(parts.path, theirs) for theirs in self._lodgers)


def is_file(url: str) -> bool:
    """Whether an address is a file to download rather than a page."""
    parts = urlsplit(url)
    return bool(_FILE.search(parts.path) or _NAMED_FILE.search(parts.query))
