"""Whose an interpretation is, where its title is like the titles of several documents.

An interpretation belongs to the stored documents that it names: by an equal title, a link either way, or a 文号 in its title. Where it
names none, a document that is plainly more alike and no farther in time has the better claim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from checks.explaining import Interpretation, is_interpretation
from checks.matching import TitleIndex, content, number_tail, numbers_in, quotes_number, similarity
from checks.scope import policy_documents, title_of
from checks.shared import per_view
from data.catalogue import Rule
from data.days import civil
from data.records import Document
from data.text import doc_number_key, title_core
from data.urls import url_key
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class Policy:
    """A stored document that may own interpretations."""

    key: str  # url_key
    core: str
    content: str
    number: str | None
    tail: str | None  # of the number
    published: date | None
    links: tuple[str, ...]  # url_key of the interpretations that it links to


@per_view
def policies(view: SiteView) -> tuple[Policy, ...]:
    """The stored documents of a site that may own interpretations."""
    return tuple(_policy(document) for document in policy_documents(view) if not is_interpretation(document))


class Claims:
    """Which stored documents own which interpretations."""

    def __init__(self, stored: Iterable[Policy], rule: Rule) -> None:
        self._rule = rule
        self._by_key: dict[str, Policy] = {}
        self._by_content: dict[str, list[Policy]] = defaultdict(list)
        self._by_tail: dict[str, list[Policy]] = defaultdict(list)
        self._by_link: dict[str, list[Policy]] = defaultdict(list)
        for policy in stored:
            self._by_key.setdefault(policy.key, policy)
            self._by_content[policy.content].append(policy)
            if policy.tail is not None:
                self._by_tail[policy.tail].append(policy)
            for link in policy.links:
                self._by_link[link].append(policy)
        self._same: dict[str, set[str]] = defaultdict(set)  # 文号 -> contents: one document on line under several titles
        for policy in self._by_key.values():
            if policy.number is not None and policy.tail is not None:
                self._same[policy.number].add(policy.content)
        self._alike: TitleIndex[Policy] | None = None
        self._rivals: dict[str, tuple[tuple[float, Policy], ...]] = {}

    def titled_elsewhere(self, item: Interpretation, core: str) -> bool:
        """Whether an interpretation's own title is that of stored documents, and none of them is this one."""
        if item.open_ended or any(content(about) == content(core) for about in item.about):
            return False
        titled = [policy for about in item.about for policy in self._titled(item, about)]
        return bool(titled) and not any(content(core) in self._contents(policy) for policy in titled)

    def owners(self, item: Interpretation, about: str) -> frozenset[str]:
        """Contents of the titles of the stored documents that an interpretation names; none where it leaves open what else it explains."""
        if item.open_ended:
            return frozenset()
        named = (*self._titled(item, about), *self._pointed(item, about))
        return frozenset(title for policy in named for title in self._contents(policy))

    def outdone(self, item: Interpretation, about: str, core: str, published: date | None, score: float) -> bool:
        """Whether another document has the better claim to an interpretation that names none and is `score` like this one."""
        if item.open_ended:
            return False
        mine = content(core)
        return any(
            mine not in self._contents(rival) and self._better(rival, like, item, score, published)
            for like, rival in self._most_like(about)
            if like >= score
        )

    def contested(self, item: Interpretation, about: str, core: str, published: date | None) -> bool:
        """Whether a title that differs from a document's only in wrapping is, to the letter, that of another one as near in time."""
        return about != core and any(
            policy.core == about and _days(policy.published, item) <= _days(published, item) for policy in self._titled(item, about)
        )

    def _contents(self, policy: Policy) -> set[str]:
        """The contents of every title under which a document is on line."""
        return {policy.content} | (self._same.get(policy.number, set()) if policy.number is not None else set())

    def _titled(self, item: Interpretation, about: str) -> list[Policy]:
        """Stored documents whose title an interpretation names."""
        return [
            policy
            for policy in self._by_content.get(content(about), ())
            if _days(policy.published, item) <= timedelta(days=self._rule.params["same_title_days"])
            and similarity(about, policy.core) >= self._rule.params["certain_from"]
        ]

    def _pointed(self, item: Interpretation, about: str) -> list[Policy]:
        """Stored documents that an interpretation links to, that link to it, or whose 文号 stands in its title."""
        found = [self._by_key[key] for key in sorted(item.originals) if key in self._by_key] + self._by_link.get(item.key, [])
        for quoted in sorted(numbers_in(item.title)):
            tail = number_tail(quoted)
            found += [policy for policy in self._by_tail.get(tail or "", ()) if policy.number and quotes_number(quoted, policy.number)]
        # Where a title names several documents, a link to one of them says nothing of the others.
        return found if len(item.about) == 1 else [policy for policy in found if similarity(about, policy.core) >= self._floor]

    @property
    def _floor(self) -> float:
        return float(self._rule.params["uncertain_from"])

    def _most_like(self, about: str) -> tuple[tuple[float, Policy], ...]:
        if self._alike is None:
            self._alike = TitleIndex((policy.core, policy) for policy in self._by_key.values())
        if about not in self._rivals:
            self._rivals[about] = tuple(self._alike.similar(about, self._floor))
        return self._rivals[about]

    def _better(self, rival: Policy, like: float, item: Interpretation, score: float, published: date | None) -> bool:
        """Whether another document has the better claim to an interpretation than one that is `score` like it."""
        if _days(rival.published, item) > min(_days(published, item), timedelta(days=self._rule.params["match_days"])):
            return False
        quoted = rival.number is not None and any(quotes_number(number, rival.number) for number in item.numbers)
        return like >= score + (0 if quoted else self._rule.params["better_by"])


def _policy(document: Document) -> Policy:
    reading, core = document.reading, title_core(title_of(document))
    return Policy(
        key=url_key(document.url),
        core=core,
        content=content(core),
        number=doc_number_key(reading.doc_number) if reading.doc_number else None,
        tail=number_tail(reading.doc_number) if reading.doc_number else None,
        published=civil(reading.published_at) if reading.published_at else None,
        links=tuple(url_key(related.url) for related in reading.related if related.relation == "interpretation"),
    )


def _days(published: date | None, item: Interpretation) -> timedelta:
    """How far apart a document and an interpretation are; nothing where a date is unknown."""
    return timedelta(0) if published is None or item.published is None else abs(item.published - published)
