"""Crawls the archetypes with the real crawler on two days, judges them, and holds documents, columns and verdicts against the truth."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from checks.runner import judge
from crawler.run import crawl_sites
from data.calendar import WorkCalendar
from data.config import RunConfig
from data.database import Database
from data.in_force import rules_for
from data.reading import last_crawls, site_documents, site_view
from data.records import Column, Crawl, Document, Status, Verdict, WalkState
from data.registry import Registry
from data.urls import url_key
from simgov.archetypes.government import Government, Standing, serve_archetypes
from simgov.archetypes.observer import KnownColumn, KnownDocument, KnownHost, known
from simgov.archetypes.registry import registry_of
from simgov.truth import ColumnKind
from tests.support.sites import Waits

TODAY = date(2026, 11, 22)
_BRACKETS = str.maketrans("[]（）［］", "〔〕〔〕〔〕")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the product made of one host."""

    truth: KnownHost
    before: KnownHost  # the truth of the first crawl
    crawl: Crawl | None
    error: str | None
    columns: tuple[Column, ...]
    documents: tuple[Document, ...]
    listed: frozenset[str]  # addresses of rows, by key
    verdicts: tuple[Verdict, ...]

    @property
    def coverage(self) -> float:
        """Visible documents found, of all visible documents."""
        total = len(self.truth.documents)
        return 1.0 if not total else (total - len(self.missed)) / total

    @property
    def missed(self) -> tuple[KnownDocument, ...]:
        held = self._held()
        return tuple(one for one in self.truth.documents if not any(_key(url) in held for url in one.urls))

    @property
    def missed_by_column(self) -> Mapping[str, int]:
        return dict(Counter(one.columns[0] if one.columns else "?" for one in self.missed))

    def accuracy(self) -> Mapping[str, tuple[int, int]]:
        """Field -> right, all; over the documents that were found and the fields that their pages show."""
        held = self._held()
        counts: dict[str, list[int]] = {}
        for one in self.truth.documents:
            found = next((held[key] for url in one.urls if (key := _key(url)) in held), None)
            if found is None:
                continue
            for name, value in one.fields.items():
                right = counts.setdefault(name, [0, 0])
                right[1] += 1
                right[0] += _plain(value) == _plain(_read(found, name))
        return {name: (right, total) for name, (right, total) in sorted(counts.items())}

    def wrong(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Address, truth and reading of a field wherever they differ."""
        held = self._held()
        for one in self.truth.documents:
            found = next((held[key] for url in one.urls if (key := _key(url)) in held), None)
            if found is not None and name in one.fields and _plain(one.fields[name]) != _plain(_read(found, name)):
                yield one.urls[0], one.fields[name], _read(found, name)

    @property
    def invented(self) -> tuple[str, ...]:
        """Documents that are none: pages held which the truth doesn't know, single pages of columns apart."""
        real = {_key(url) for truth in (self.truth, self.before) for one in truth.documents for url in one.urls}
        real |= {_key(url) for one in self.truth.columns for url in (one.url, *one.texts)}
        return tuple(sorted(one.url for one in self.documents if _key(one.url) not in real))

    @property
    def lost_columns(self) -> tuple[KnownColumn, ...]:
        """Columns of the catalogue that were not recognised at their address; two of one address are one column, under either name."""
        found = {(_key(one.url), one.canonical) for one in self.columns}
        at_home = {_key(one.url) for one in self.truth.columns if (_key(one.url), one.canonical) in found}
        shared = {key for key, count in Counter(_key(one.url) for one in self.truth.columns).items() if count > 1} & at_home
        return tuple(
            one
            for one in self.truth.columns
            if one.canonical
            and one.kind is not ColumnKind.LINK_OUT
            and (_key(one.url), one.canonical) not in found
            and _key(one.url) not in shared
        )

    @property
    def misplaced(self) -> tuple[str, ...]:
        """Columns that hang elsewhere than on the site; two of one address are one column, and hang under none of themselves."""
        found = {_key(one.url): one for one in self.columns}
        return tuple(
            f"{one.key} below {held.parent_url}"
            for one in self.truth.columns
            if (held := found.get(_key(one.url))) is not None
            and (held.parent_url and _key(held.parent_url)) != (one.above and _key(one.above))
            and not (one.above and _key(one.above) == _key(one.url))
        )

    def walk_of(self, column: KnownColumn) -> tuple[str, str] | None:
        """State and reason of the last walk of a column."""
        for one in self.columns:
            if _key(one.url) == _key(column.url) and one.walks:
                return one.walks[-1].state.value, one.walks[-1].reason
        return None

    @property
    def false_proofs(self) -> tuple[str, ...]:
        """Columns whose walk was called complete though nobody can prove it, or though rows were never seen."""
        lost = Counter(
            canonical for one in self.missed for canonical in one.columns if not any(_key(url) in self.listed for url in one.urls)
        )
        return tuple(
            f"{one.key}: {one.why_not or str(lost[one.canonical or '']) + ' rows missed'}"
            for one in self.truth.columns
            if one.kind is ColumnKind.LIST
            and (walk := self.walk_of(one)) is not None
            and walk[0] == WalkState.COMPLETE
            and (not one.provable or (one.canonical and lost[one.canonical]))
        )

    @property
    def unproved(self) -> tuple[str, ...]:
        """Columns that a careful crawl can prove complete, and whose walk was not."""
        return tuple(
            f"{one.key} {walk[1] if walk else 'not walked'}"
            for one in self.truth.columns
            if one.kind is ColumnKind.LIST and one.provable and ((walk := self.walk_of(one)) is None or walk[0] != WalkState.COMPLETE)
        )

    @property
    def fails(self) -> tuple[Verdict, ...]:
        return tuple(one for one in self.verdicts if one.status is Status.FAIL)

    @property
    def accused(self) -> tuple[Verdict, ...]:
        """Fails for which the truth has no reason, suspected ones included."""
        may = {(one.rule, None if one.url is None else _key(one.url)) for one in self.truth.may_fail}
        rules = {one.rule for one in self.truth.may_fail}
        return tuple(
            one
            for one in self.fails
            if not (
                (one.rule, None) in may
                or (one.subject.url is not None and (one.rule, _key(one.subject.url)) in may)
                or (one.subject.url is None and one.rule in rules)
            )
        )

    def describe(self) -> str:
        """Some lines for the report of a test."""
        state = "none" if self.crawl is None else f"{self.crawl.state.value} ({self.crawl.reason}), {self.crawl.requests} requests"
        lines = [
            f"{self.truth.id}: coverage {self.coverage:.1%} ({len(self.truth.documents) - len(self.missed)}/{len(self.truth.documents)}), crawl {state}"
            + (f", error {self.error}" if self.error else "")
        ]
        if self.missed:
            lines.append(f"   missed      {json.dumps(self.missed_by_column)}")
        lines.append("   fields      " + ", ".join(f"{name} {right}/{total}" for name, (right, total) in self.accuracy().items()))
        if self.lost_columns:
            lines.append("   columns     not recognised: " + ", ".join(one.key for one in self.lost_columns))
        if self.unproved:
            lines.append("   unproved    " + ", ".join(self.unproved))
        if self.false_proofs:
            lines.append("   false proof " + ", ".join(self.false_proofs))
        if self.invented:
            lines.append(f"   invented    {len(self.invented)}: {', '.join(self.invented[:3])}")
        lines += [
            f"   accused     {one.rule} {one.confidence.value} {one.reason} {one.subject.url} {one.message[:60]}"
            for one in self.accused[:6]
        ]
        if len(self.accused) > 6:
            lines.append(f"   accused     and {len(self.accused) - 6} more: {dict(Counter(one.rule for one in self.accused))}")
        return "\n".join(lines)

    def _held(self) -> Mapping[str, Document]:
        return {_key(one.url): one for one in self.documents}


@dataclass(slots=True)
class Scenario:
    """Some hosts of the government, served, and the database that they are crawled into."""

    standing: Standing
    registry: Registry
    database: Database
    state: Path
    hosts: tuple[str, ...]
    errors: dict[str, str]

    def crawl(self) -> None:
        """Crawl the hosts, and the upper government, as of the server's moment."""
        config = RunConfig(self.state, "", None, self.standing.moment)
        self.errors |= crawl_sites(config, self.registry, self.registry.sites, self.database, traffic=Waits().traffic())

    def outcomes(self) -> dict[str, Outcome]:
        return {host_id: self.outcome(host_id) for host_id in self.hosts}

    def outcome(self, host_id: str) -> Outcome:
        """Hold what is stored of a host against the truth, as of the server's moment."""
        site, now = self.registry.site(host_id), self.standing.moment
        view = site_view(self.database, self.registry, site, now, WorkCalendar())
        judged = judge(view, rules_for(self.registry, site))
        assert not judged.errors, judged.errors
        documents = tuple(one for one in site_documents(self.database, site, now))
        crawl = last_crawls(self.database, [host_id]).get(host_id)
        before = known(self.standing, host_id, self.standing.government.first_crawl)
        listed = frozenset(_key(one.url) for one in view.listings if one.url is not None)
        truth = known(self.standing, host_id)
        return Outcome(truth, before, crawl, self.errors.get(host_id), view.columns, documents, listed, judged.verdicts)


@contextmanager
def scenario(folder: Path, hosts: Sequence[str], **settings: Any) -> Iterator[Scenario]:
    """Serve these hosts as on the day before today, ready to be crawled; `settings` are those of `crawl` in the registry."""
    government = Government.build(TODAY, only=hosts)
    with serve_archetypes(government, government.first_crawl, hurry=True) as standing:
        registry = Registry.model_validate(registry_of(standing, hosts, **settings))
        database = Database.open(f"sqlite:///{folder / 'gongkai.sqlite'}")
        try:
            yield Scenario(standing, registry, database, folder, tuple(hosts), {})
        finally:
            database.close()


def two_days(folder: Path, hosts: Sequence[str]) -> dict[str, Outcome]:
    """Crawl at noon of two days, and judge."""
    with scenario(folder, hosts) as made:
        for moment in (made.standing.government.first_crawl, made.standing.government.second_crawl):
            made.standing.set_moment(moment)
            made.crawl()
        return made.outcomes()


def _key(url: str) -> str:
    """An address for comparison: whether it begins with http or https is no difference, nor is a trailing index page."""
    plain = url.replace("https://", "http://", 1)
    for tail in ("index.html", "index.shtml", "index.htm"):
        plain = plain.removesuffix(tail)
    return url_key(plain) if "#" not in plain else plain


def _plain(text: str) -> str:
    return "".join(text.split()).translate(_BRACKETS)


def _read(document: Document, name: str) -> str:
    reading = document.reading
    if name == "published_on":
        return f"{reading.published_at:%Y-%m-%d}" if reading.published_at else ""
    if name == "made_on":
        return str(reading.made_on or "")
    return str(getattr(reading, name) or "")


def table(outcomes: Iterable[Outcome]) -> str:
    return "\n".join(one.describe() for one in outcomes)
