"""What the product must say of the district after two crawls a day apart, and what it must never say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simgov.server import Running
from simgov.truth import Outcome


@dataclass(frozen=True, slots=True)
class Expectation:
    """One seeded subject. `urls` holds every address it may go by; a column may also be told by its canonical id."""

    rule: str
    site: str
    kind: str  # site, column, document, upstream-item
    urls: frozenset[str]
    column: str | None
    outcome: Outcome
    severity: str | None
    measured: float | None
    why: str

    def concerns(self, verdict: Mapping[str, Any]) -> bool:
        """Whether a verdict (a JSON line of the contract) is about this subject."""
        subject = verdict["subject"]
        if verdict["rule"] != self.rule or verdict["site"] != self.site or subject["kind"] != self.kind:
            return False
        if self.kind == "site":
            return True
        url = _plain(subject.get("url") or "")
        if url and url in self.urls:
            return True
        return self.kind == "column" and self.column is not None and not url and subject.get("column") == self.column


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the product's verdicts stand against the truth; all three empty is a perfect score."""

    missed: tuple[Expectation, ...]  # a planted violation without a fail
    accused: tuple[Mapping[str, Any], ...]  # a fail that nothing was planted for
    misjudged: tuple[tuple[Expectation, Mapping[str, Any]], ...]  # the right fail with another severity or measure
    found: int

    @property
    def perfect(self) -> bool:
        return not (self.missed or self.accused or self.misjudged)

    def describe(self) -> str:
        """One line a difference, for test output."""
        lines = [f"missed   {one.rule} {one.site} {' '.join(sorted(one.urls)) or one.kind}: {one.why}" for one in self.missed]
        lines += [f"accused  {one['rule']} {one['site']} {one['subject'].get('url')}: {one.get('message', '')}" for one in self.accused]
        lines += [
            f"differs  {one.rule} {one.site}: expected {one.severity} {one.measured}, found {said.get('severity')} {said.get('measured')}"
            for one, said in self.misjudged
        ]
        return "\n".join(lines) or f"all {self.found} planted violations found, nobody else accused"


def expectations(running: Running) -> tuple[Expectation, ...]:
    """The seeds of the running district with the addresses they are served at, as of the second crawl."""
    columns = {column.id: column for column in running.district.columns}
    made: list[Expectation] = []
    for seed in running.district.seeds:
        url = running.subject_url(seed)
        column = columns[seed.subject].canonical if seed.kind == "column" and seed.subject else None
        urls = frozenset() if url is None else frozenset(_plain(one) for one in (url, *_aliases(running, seed.kind, seed.subject)))
        made.append(Expectation(seed.rule, seed.site, seed.kind, urls, column, seed.outcome, seed.severity, seed.measured, seed.why))
    return tuple(made)


def compare(expected: Iterable[Expectation], verdicts: Iterable[Mapping[str, Any]], *, confirmed_only: bool = True) -> Comparison:
    """Hold verdicts (JSON lines of the contract) against the truth; by default a suspected fail counts as none."""
    wanted = tuple(expected)
    fails = [
        one for one in verdicts if one["status"] == "fail" and (not confirmed_only or one.get("confidence", "confirmed") == "confirmed")
    ]
    missed: list[Expectation] = []
    misjudged: list[tuple[Expectation, Mapping[str, Any]]] = []
    found = 0
    for one in wanted:
        if one.outcome is not Outcome.FAIL:
            continue
        said = next((verdict for verdict in fails if one.concerns(verdict)), None)
        if said is None:
            missed.append(one)
            continue
        found += 1
        if not _agrees(one, said):
            misjudged.append((one, said))
    open_to_fail = [one for one in wanted if one.outcome in (Outcome.FAIL, Outcome.EITHER)]
    accused = [verdict for verdict in fails if not any(one.concerns(verdict) for one in open_to_fail)]
    return Comparison(tuple(missed), tuple(accused), tuple(misjudged), found)


def _agrees(one: Expectation, said: Mapping[str, Any]) -> bool:
    if one.severity is not None and said.get("severity") != one.severity:
        return False
    measured = said.get("measured")
    return one.measured is None or measured is None or round(float(measured["value"])) == round(one.measured)


def _plain(url: str) -> str:
    """An address without a trailing index page, for comparison."""
    for tail in ("index.html", "index.shtml", "index.htm"):
        url = url.removesuffix(tail)
    return url


def _aliases(running: Running, kind: str, subject: str | None) -> list[str]:
    """Other addresses of the same thing: the interface of a directory-platform column, a document's page in a second column."""
    if subject is None:
        return []
    if kind == "column":
        column = next(one for one in running.district.columns if one.id == subject)
        base = running.bases[column.site]
        return [f"{base}/gkmlpt/api/all/{column.serial}", f"{base}/gkmlpt/policy#{column.serial}"]
    world = running.world
    document = running.district.document(subject)
    if document.links_out:
        return []
    return [world.bases[document.site] + world.document_path(document, column) for column in document.columns]
