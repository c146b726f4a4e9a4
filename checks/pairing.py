"""Which interpretations belong to which document.

In this order: a link either way; the 文号 quoted; the title in 《》 equal; a title at least 0.8 alike within 60 days that differs only in
words of wrapping. What is alike from 0.6 on is uncertain, unless it belongs to another stored document (see claims). One interpretation
may cover several documents, and one document have several interpretations. The parent portal's interpretations are searched as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from checks.claims import Claims, policies
from checks.explaining import Interpretation, collect
from checks.matching import TitleIndex, content, number_tail, quotes_number, similarity
from checks.scope import title_of
from checks.tree import listed_titles
from data.catalogue import Rule
from data.days import civil
from data.records import Document
from data.text import title_core
from data.urls import netloc, on_platform, url_key
from data.view import SiteView

_TELLS = re.compile(r"^(?!https?:|www\.).*[\u4e00-\u9fff]{2}")  # a name, not an address


@dataclass(frozen=True, slots=True)
class Match:
    """An interpretation found for a document, and by what."""

    interpretation: Interpretation | None  # None: a link to a page that we hold no record of
    by: str  # "link", "number", "title", "quoted", "similar"
    certain: bool
    score: float = 1.0
    link: str | None = None  # the address linked to, where we hold no record of it
    link_title: str | None = None  # what the site calls the page linked to

    @property
    def title(self) -> str | None:
        """What a reader knows the interpretation by; None where nothing names it."""
        shown = self.interpretation.title if self.interpretation is not None else self.link_title
        return shown if shown and _TELLS.search(shown) else None


# Every figure of a rule that decides what belongs together: rules that agree on them share one search.
_FIGURES = ("certain_from", "uncertain_from", "match_days", "better_by", "same_title_days", "min_title_chars")


def interpretations(view: SiteView, rule: Rule) -> Interpretations:
    """The interpretations of a view, searched by a rule's figures; worked out once for all rules of the same figures."""
    key = ("interpretations", *(rule.params[name] for name in _FIGURES))
    if key not in view.memo:
        view.memo[key] = Interpretations(view, rule)
    found = view.memo[key]
    assert isinstance(found, Interpretations)
    return found


class Interpretations:
    """All interpretations of a site and its parent portal, found by link, 文号 and title."""

    def __init__(self, view: SiteView, rule: Rule) -> None:
        self._rule = rule
        self._found: dict[str, tuple[Match, ...]] = {}
        self._hosts = {netloc(view.site.home)}
        self._columns = {url_key(column.url) for column in view.columns} | {url_key(view.site.home)}
        found: dict[str, Interpretation] = {}
        places = [place for place in (view, view.parent) if place is not None]
        for place in places:
            for item in collect(place):
                found.setdefault(item.key, item)
        self._claims = Claims((policy for place in places for policy in policies(place)), rule)
        self._listed = [listed_titles(place) for place in places]
        self._by_key = found
        self._by_tail: dict[str, list[tuple[str, Interpretation]]] = defaultdict(list)
        self._by_original: dict[str, list[Interpretation]] = defaultdict(list)
        for item in found.values():
            for number in sorted(item.numbers):
                self._by_tail[number_tail(number) or number].append((number, item))
            for original in sorted(item.originals | item.related):
                self._by_original[original].append(item)
        self._titles: dict[str, list[Interpretation]] = defaultdict(list)
        self._owned: dict[str, list[tuple[str, Interpretation]]] = defaultdict(list)
        loose: list[tuple[str, tuple[str, Interpretation]]] = []
        for about, named in ((about, item) for item in found.values() for about in item.about):
            self._titles[about].append(named)
            owners = self._claims.owners(named, about)
            for owner in sorted(owners | {content(about)} if owners else ()):
                self._owned[owner].append((about, named))
            if not owners:
                loose.append((about, (about, named)))
        self._loose = TitleIndex(loose)
        self._quotes = TitleIndex((core, item) for item in found.values() for core in item.quotes)

    def matches(self, document: Document) -> tuple[Match, ...]:
        """The certain interpretations of a document; uncertain ones only where nothing is certain."""
        key = url_key(document.url)
        if key not in self._found:
            found = self._all(document, thorough=False)
            self._found[key] = tuple(match for match in found if match.certain) or found
        return self._found[key]

    def every_match(self, document: Document) -> tuple[Match, ...]:
        """Every interpretation of a document, certain or not: what is alike is looked for even where something is the same."""
        return self._all(document, thorough=True)

    def _all(self, document: Document, *, thorough: bool) -> tuple[Match, ...]:
        found: dict[str, Match] = {}
        linked = list(self._linked(document))
        sure = not thorough and any(match.certain for match in linked)
        for match in (*linked, *self._named(document, sure=sure, thorough=thorough)):
            key = match.interpretation.key if match.interpretation else f"link {match.link}"
            if key not in found or (match.certain and not found[key].certain):
                found[key] = match
        return tuple(found.values())

    def _linked(self, document: Document) -> Iterator[Match]:
        own = url_key(document.url)
        core = title_core(title_of(document))
        for item in self._by_original.get(own, ()):
            if own in item.originals:
                yield Match(item, "link", True)
            elif not _about_other(item, core):
                yield Match(item, "link", not self._claims.titled_elsewhere(item, core))
        for related in document.reading.related:
            if related.relation != "interpretation" or url_key(related.url) in self._columns or url_key(related.url) == own:
                continue
            target = self._by_key.get(url_key(related.url))
            # A page of this very site that nobody has seen may be a dead link; elsewhere the link is all there is to see.
            elsewhere = netloc(related.url) not in self._hosts or on_platform(related.url)
            key = url_key(related.url)
            name = next((titles[key] for titles in self._listed if titles.get(key)), related.title)
            yield Match(target, "link", target is not None or elsewhere, link=related.url, link_title=name)

    def _named(self, document: Document, *, sure: bool, thorough: bool) -> Iterator[Match]:
        core = title_core(title_of(document))
        published = civil(document.reading.published_at) if document.reading.published_at else None
        number = document.reading.doc_number
        tail = number_tail(number) if number else None
        if number is not None and tail is not None:
            for quoted, item in self._by_tail.get(tail, ()):
                if quotes_number(quoted, number) and not _about_other(item, core):
                    sure = True
                    yield Match(item, "number", True)
        if len(core) < self._rule.params["min_title_chars"]:
            return
        for item in self._titles.get(core, ()):
            timely = not self._long_before(item, published)
            sure = sure or timely
            yield Match(item, "title", timely)
        for item in self._quotes.equal(core):
            if not _about_other(item, core) and not self._long_before(item, published):
                certain = not self._claims.titled_elsewhere(item, core)
                sure = sure or certain
                yield Match(item, "quoted", certain)
        if not sure or thorough:
            yield from self._similar(core, published)

    def _similar(self, core: str, published: date | None) -> Iterator[Match]:
        """Interpretations under a title that is only alike; certain where nothing but wrapping differs and no other document has it."""
        floor = self._rule.params["uncertain_from"]
        owned = [(similarity(core, about, floor), about, item) for about, item in self._owned.get(content(core), ()) if about != core]
        loose = [
            (score, about, item)
            for score, (about, item) in self._loose.similar(core, floor)
            if not _far(item, published, self._rule) and not self._claims.outdone(item, about, core, published, score)
        ]
        for score, about, item in (*owned, *loose):
            if score >= floor and not _far(item, published, self._rule):
                same = content(about) == content(core) and not self._claims.contested(item, about, core, published)
                certain = same and score >= self._rule.params["certain_from"] and None not in (published, item.published)
                yield Match(item, "similar", certain, score)

    def _long_before(self, item: Interpretation, published: date | None) -> bool:
        """Whether an interpretation is so much older than the document that it must explain an earlier one of the same name."""
        if published is None or item.published is None:
            return False
        return published - item.published > timedelta(days=self._rule.params["same_title_days"])


def _about_other(item: Interpretation, core: str) -> bool:
    """Whether an interpretation's own title names something else, so that what its text quotes is only background."""
    return bool(item.about) and not item.open_ended and all(similarity(about, core) < 0.6 for about in item.about)


def _far(item: Interpretation, published: date | None, rule: Rule) -> bool:
    """Whether an interpretation of a similar title lies too far from the document in time."""
    return published is not None and item.published is not None and abs((item.published - published).days) > rule.params["match_days"]
