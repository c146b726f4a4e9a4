"""`gongkai findings recheck`: read again just what a finding rests on, and judge its rule anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from cli.check import tell_errors
from cli.finding_acts import ByOption, IdArgument, WhyOption, held_finding
from cli.findings import app
from cli.judging import act_on, check_round
from cli.session import Session, verb
from crawler.focus import Focus
from crawler.scope import Scope
from data.catalogue import load_rules
from data.errors import ConfigurationError
from data.file_store import known_files
from data.findings import Act, FindingKey, Latest
from data.ledger import Ledger
from data.reading import effective_canonicals, site_columns
from data.records import SHANGHAI, Column, Finding, Status, SubjectKind, Verdict
from data.registry import Registry, Site
from data.urls import url_hash, url_key

_PROBED = "availability"  # the family of rules that rest on visits to the home page
_SOUGHT = ("interpretation", "reposting")  # families that look for another document, in the columns that their rules name
_STATUS_ZH = {
    Status.PASS: "合格", Status.FAIL: "问题仍在", Status.DUE_SOON: "即将到期", Status.NOT_APPLICABLE: "不适用", Status.INCONCLUSIVE: "未能判定",
}  # fmt: skip

__all__ = ["app"]


@app.command("recheck")
@verb
def recheck(session: Session, finding: IdArgument, by: ByOption = "gongkai", why: WhyOption = "复查") -> int:
    """Read again just what a finding rests on, and judge its rule of that site anew; a mended one is resolved."""
    from cli.crawl import site_bars
    from crawler.run import crawl_sites

    held = held_finding_before(session, finding)
    site = session.registry.site(held.verdict.site)
    rule = session.rules_of(site).get(held.verdict.rule)
    if rule is None:
        raise ConfigurationError(
            f"{held.id}: its rule {held.verdict.rule} is not in force for {site.id}; see its packs and the registry's rules"
        )
    with site_bars(session, [site]) as report:
        if rule.family == _PROBED:
            errors = crawl_sites(session.config, session.registry, [site], session.database, spider="availability", report=report)
        else:
            focus = dict(focus_of(session, held))
            targets = [session.registry.site(site_id) for site_id in focus]
            errors = crawl_sites(session.config, session.registry, targets, session.database, spider="recheck", focus=focus, report=report)
    for error in errors.values():
        session.errors.print(error)
    judged = check_round(session, [site], [rule.id])
    verdicts = [verdict for verdict in act_on(session, [site.id], {(rule.id, site.id)}) if verdict.rule == rule.id]
    after = held_finding(session, held.id)
    Ledger(session.database).store_acts(
        [Act(after.id, after.state, after.state, session.now, by, "rechecked", f"{why}：{_said(held, verdicts)}", after.rectify_by)]
    )
    session.console.print(f"{held.id}: {held.state} -> {after.state}; {_said(held, verdicts)}")
    tell_errors(session, judged.errors)
    return 4 if judged.errors else 3 if errors else 0


def held_finding_before(session: Session, finding_id: str) -> Finding:
    """The finding as stored; this run's clock is not read before the pages are, for what is read must not lie in its future."""
    found = Ledger(session.database).findings(ids=[finding_id])
    if not found:
        raise ConfigurationError(f"{finding_id}: no such finding; `gongkai findings` lists them")
    return found[0]


def focus_of(session: Session, finding: Finding) -> Iterator[tuple[str, Focus]]:
    """What is to be read again for a finding: site id and focus, of its own site and of the parent that hosts its columns."""
    registry, verdict = session.registry, finding.verdict
    own = registry.site(verdict.site)
    addresses = [url for url in (verdict.subject.url, *(evidence.url for evidence in verdict.evidence)) if url]
    wanted = _missed(verdict)
    for site in (own, *((registry.site(own.parent),) if own.parent else ())):
        known = site_columns(session.database, site, _far(session))
        columns = _columns(known, verdict, addresses)
        home = site.id == own.id and (bool(wanted) or any(url_key(url) == url_key(site.home) for url in addresses))
        read = known_files(session.database, site.id)
        files = tuple(dict.fromkeys(url for url in addresses if url_hash(url) in read))
        pages = _pages(registry, site, [url for url in addresses if url not in files], known)
        if columns or pages or files or home:
            yield site.id, Focus(known, columns, pages, files, home, wanted if site.id == own.id else frozenset())


def _far(session: Session) -> datetime:
    return session.config.now or datetime.now(SHANGHAI)


def _missed(verdict: Verdict) -> frozenset[str]:
    """Canonical ids of columns that the verdict misses."""
    if verdict.subject.kind is SubjectKind.COLUMN:
        return frozenset({verdict.subject.column}) if verdict.subject.url is None and verdict.subject.column else frozenset()
    return frozenset(load_rules()[verdict.rule].columns) if verdict.subject.kind is SubjectKind.SITE else frozenset()


def _columns(known: Sequence[Column], verdict: Verdict, addresses: Sequence[str]) -> frozenset[str]:
    """Known columns to walk: those that the evidence names; for something missing also those where its rule looks for it."""
    keys = {url_key(url) for url in addresses}
    found = {url_key(column.url) for column in known if url_key(column.url) in keys}
    rule = load_rules()[verdict.rule]
    if rule.family in _SOUGHT and verdict.reason == "missing":
        canonicals, places = effective_canonicals(known), rule.columns
        found |= {url_key(column.url) for column in known if canonicals.get(column.url) in places}
    return frozenset(found)


def _pages(registry: Registry, site: Site, addresses: Sequence[str], known: Sequence[Column]) -> tuple[str, ...]:
    """Pages of this site's own reach that are neither its home nor a column."""
    scope = Scope(site, registry)
    columns = {url_key(column.url) for column in known} | {url_key(site.home)}
    pages = dict.fromkeys(url for url in addresses if scope.fetches(url) and url_key(url) not in columns)
    return tuple(pages)


def _said(finding: Finding, verdicts: Sequence[Verdict]) -> str:
    """What the new judging says of the finding."""
    key = FindingKey.of(finding.verdict)
    verdict = Latest(verdicts, [key]).of(key)
    return "本次未再见到该对象" if verdict is None else f"{_STATUS_ZH[verdict.status]}：{verdict.message}"
