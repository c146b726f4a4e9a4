"""Whose an interpretation is, where its title is like the titles of several documents.

An interpretation belongs to the stored documents that it names: by an equal title, a link either way, or a 文号 in its title. Where it
names none, a document that is plainly more alike and no farther in time has the better claim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from checks.clocks import civil
from checks.explaining import Interpretation
from checks.matching import TitleIndex, content, number_tail, numbers_in, quotes_number, similarity
from checks.scope import title_of
from data.catalogue import Rule
from data.records import Document
from data.text import doc_number_key, title_core
from data.urls import url_key


@dataclass(frozen=True, slots=True)
class _Policy:
    """A stored document that may own interpretations."""

    core: str
    content: str
    number: str | None
    published: date | None


class Claims:
    """Which stored documents own which interpretations."""

    def __init__(self, documents: Iterable[Document], rule: Rule) -> None:
        self._rule = rule
        self._by_key: dict[str, _Policy] = {}
        self._by_content: dict[str, list[_Policy]] = defaultdict(list)
        self._by_tail: dict[str, list[_Policy]] = defaultdict(list)
        self._by_link: dict[str, list[_Policy]] = defaultdict(list)
        for document in documents:
            policy = _policy(document)
            self._by_key.setdefault(url_key(document.url), policy)
            self._by_content[policy.content].append(policy)
            if policy.number is not None and (tail := number_tail(policy.number)) is not None:
                self._by_tail[tail].append(policy)
            for related in document.reading.related:
                if related.relation == "interpretation":
                    self._by_link[url_key(related.url)].append(policy)
        self._same: dict[str, set[str]] = defaultdict(set)  # 文号 -> contents: one document on line under several titles
        for policy in self._by_key.values():
            if policy.number is not None and number_tail(policy.number) is not None:
                self._same[policy.number].add(policy.content)
        self._alike: TitleIndex[_Policy] | None = None
        self._rivals: dict[str, tuple[tuple[float, _Policy], ...]] = {}

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

    def _contents(self, policy: _Policy) -> set[str]:
        """The contents of every title under which a document is on line."""
        return {policy.content} | (self._same.get(policy.number, set()) if policy.number is not None else set())

    def _titled(self, item: Interpretation, about: str) -> list[_Policy]:
        """Stored documents whose title an interpretation names."""
        return [
            policy
            for policy in self._by_content.get(content(about), ())
            if _days(policy.published, item) <= timedelta(days=self._rule.params["same_title_days"])
            and similarity(about, policy.core) >= self._rule.params["certain_from"]
        ]

    def _pointed(self, item: Interpretation, about: str) -> list[_Policy]:
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

    def _most_like(self, about: str) -> tuple[tuple[float, _Policy], ...]:
        if self._alike is None:
            self._alike = TitleIndex((policy.core, policy) for policy in self._by_key.values())
        if about not in self._rivals:
            self._rivals[about] = tuple(self._alike.similar(about, self._floor))
        return self._rivals[about]

    def _better(self, rival: _Policy, like: float, item: Interpretation, score: float, published: date | None) -> bool:
        """Whether another document has the better claim to an interpretation than one that is `score` like it."""
        if _days(rival.published, item) > min(_days(published, item), timedelta(days=self._rule.params["match_days"])):
            return False
        quoted = rival.number is not None and any(quotes_number(number, rival.number) for number in item.numbers)
        return like >= score + (0 if quoted else self._rule.params["better_by"])


def _policy(document: Document) -> _Policy:
    reading, core = document.reading, title_core(title_of(document))
    return _Policy(
        core=core,
        content=content(core),
        number=doc_number_key(reading.doc_number) if reading.doc_number else None,
        published=civil(reading.published_at) if reading.published_at else None,
    )


def _days(published: date | None, item: Interpretation) -> timedelta:
    """How far apart a document and an interpretation are; nothing where a date is unknown."""
    return timedelta(0) if published is None or item.published is None else abs(item.published - published)
