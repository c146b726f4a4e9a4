"""What a column has to hold: which of its parts are present, empty, dead, provably missing, or could not be read.

A part is a column below it, a link on its page, or, where the column is one list, a row whose headline names it. The rule lists its parts in
`params.parts`: `{name, columns, words, rows, anywhere, optional, local, profiles}`. `rows` is what a headline must say (the words where
it is not given; where `params.rows_below` is false, only headlines of the column's own list count). `anywhere`: a column of the kind
elsewhere on the site serves as well. `optional` parts are no fault. `local`: whether the matter exists in this place has to be said by a
person, so that its absence accuses nobody. `profiles`: whom it is asked of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.observing import column_evidence, is_complete, unread_reason, weakest
from checks.registry import Outcome
from checks.required import Sought, columns_of, not_seen, page_links, rows_of, sought, unproved, unread_among
from checks.standing import Found, State, best, state_of, state_of_link
from checks.subjects import site_subject
from checks.tree import is_period, lives_on_parent, site_tree
from data.catalogue import Rule
from data.records import Column, ColumnKind, Measure, Status
from data.text import bare
from data.urls import url_key
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class Part:
    """One part that a rule asks for."""

    sought: Sought
    rows: re.Pattern[str] | None
    anywhere: bool
    optional: bool
    local: bool


def parts_of(view: SiteView, rule: Rule) -> tuple[Part, ...]:
    """The parts that the rule asks of this unit."""
    return tuple(
        Part(
            sought(spec),
            re.compile(spec.get("rows", spec.get("words", "(?!)"))),
            spec.get("anywhere", rule.params.get("anywhere", False)),
            spec.get("optional", False),
            spec.get("local", False),
        )
        for spec in rule.params["parts"]
        if view.site.profile in spec.get("profiles", rule.applies_to)
    )


def roots_of(view: SiteView, wanted: Sought, parts: Sequence[Part] = ()) -> tuple[Column, ...]:
    """The topmost columns of a kind; those that bear a part's name, or lie elsewhere, only where there is no other."""
    forest = site_tree(view)
    found = columns_of(view, wanted)
    top = [column for column in found if not any(above in found for above in forest.ancestors(column))]
    named = [column for column in top if not any(part.sought.labels(column.name) for part in parts)] or top
    return tuple([column for column in named if column.kind is not ColumnKind.LINK_OUT] or named)


def part_found(view: SiteView, rule: Rule, roots: Sequence[Column], part: Part, parts: Sequence[Part]) -> Found:
    """Judge one part of some columns."""
    forest, wanted = site_tree(view), part.sought
    under = {column.url: column for root in roots for column in forest.descendants(root)}
    own = [column for column in under.values() if wanted.is_column(column)]
    others = [column for column in columns_of(view, wanted) if column.url not in under] if part.anywhere else []
    found = best(state_of(view, rule, column, wanted.name) for column in (*own, *others))
    if found is not None:
        return found
    holders = (*roots, *under.values())
    own_keys = {url_key(root.url) for root in roots}  # a crumb or a heading that leads to the column itself is no part of it
    links = [(link, column) for column in holders for link in page_links(column) if wanted.labels(link.text)]
    links = [
        (link, column)
        for link, column in links
        if link.url is not None
        and url_key(link.url) not in own_keys
        and not (link.region == "menu" and _hangs_elsewhere(view, link.url, under))
    ]
    linked = best(state_of_link(view, rule, link, wanted.name, column) for link, column in links)
    if linked is not None:
        return linked
    mixed = [*roots, *(column for column in under.values() if not any(other.sought.is_column(column) for other in parts))]
    listed = mixed if rule.params.get("rows_below", True) else [column for column in mixed if column in roots or is_period(column)]
    for column in listed:
        if part.rows is not None and any(part.rows.search(bare(headline)) for headline in headlines(view, column)):
            return Found(wanted.name, State.PRESENT, None, column, (column_evidence(column, f"栏目“{column.name}”"),))
    reason = _not_sure(view, rule, roots, mixed, listed)
    if reason is None and lives_on_parent(view) and view.parent is not None and columns_of(view.parent, wanted):
        reason = "hosted-by-parent"  # the portal may keep this for its units in a place of its own
    if reason is not None:
        return Found(wanted.name, State.UNREAD, reason)
    places = {column.url for column in listed}
    rows = [row for row in view.listings if row.column_url in places and part.rows is not None and part.rows.search(bare(row.title))]
    above = {*(root.url for root in roots), *under}
    gone = [column for column in view.columns if wanted.is_column(column) and (part.anywhere or column.parent_url in above)]
    return not_seen(view, rule, wanted.name, roots[0].url if roots else view.site.home, [*gone, *rows])


def _hangs_elsewhere(view: SiteView, url: str, under: Mapping[str, Column]) -> bool:
    """Whether an entry of a menu is a column of another branch: a menu of the whole site stands on every page."""
    column = site_tree(view).by_key.get(url_key(url))
    return column is not None and column.parent_url is not None and column.url not in under


def headlines(view: SiteView, column: Column) -> Iterator[str]:
    """What a column's list shows: titles of its rows, names of the files on its page."""
    yield from (row.title for row in rows_of(view, column))
    yield from (file.name for file in (column.page.attachments if column.page is not None else ()))


def _not_sure(view: SiteView, rule: Rule, roots: Iterable[Column], mixed: Iterable[Column], listed: Iterable[Column]) -> str | None:
    """Reason key of why what was not seen in some columns may be there."""
    for root in roots:
        if root.kind is ColumnKind.LINK_OUT:
            return "link-out"
        unlabelled = [
            link for link in (root.page.links if root.page is not None else ()) if not link.text and link.region in ("body", "menu")
        ]
        if len(unlabelled) > 1:
            return "image-only-navigation"
    reason = unproved(view, rule)
    if reason is not None:
        return reason
    hidden = unread_among(mixed)
    if hidden is not None:
        return hidden
    partly = next((column for column in listed if column.walks and not is_complete(column.walks[-1])), None)
    return unread_reason(partly) if partly is not None else None


def judge_parts(view: SiteView, rule: Rule, roots: Sequence[Column], parts: Sequence[Part], label: str) -> Outcome:
    """The site's verdict on the parts of some columns.

    Words that the rule has to have: pass.complete, fail.parts, inconclusive.unobserved (facts: column, present, parts, missing, others).
    """
    assert rule.threshold is not None
    judged = [(part, part_found(view, rule, roots, part, parts)) for part in parts]
    held_back = [found for part, found in judged if part.local and found.is_fault]
    needed = [(part, found) for part, found in judged if not part.optional]
    faults = [found for part, found in needed if found.is_fault and not part.local]
    unread = [found for _, found in needed if found.state is State.UNREAD]
    present = [found for _, found in needed if found.state is State.PRESENT]
    limit = min(int(rule.threshold.value), len(needed))
    subject, measured, threshold = site_subject(view), Measure(len(present), rule.threshold.unit), Measure(limit, rule.threshold.unit)
    evidence = tuple(column_evidence(root, f"栏目“{root.name}”，见到{len(present)}项") for root in roots[:1])
    facts = {"column": label, "present": "、".join(found.name for found in present) or "无", "parts": limit}
    if len(needed) - len(faults) < limit:
        sure = [found for found in faults if found.confidence == weakest(())]
        named = sure if len(needed) - len(sure) < limit else faults
        rest = [found for found in (*faults, *unread, *held_back) if found not in named]
        facts |= {
            "missing": "、".join(found.words for found in named),
            "others": f"（{'、'.join(found.name for found in rest)}待复核）" if rest else "",
        }
        proof = tuple(dict.fromkeys(piece for found in named for piece in found.evidence))[: rule.params["evidence"]]
        confidence = weakest(found.confidence for found in named)
        return Outcome(Status.FAIL, "parts", subject, facts, evidence + proof, measured, confidence=confidence, threshold=threshold)
    if len(present) >= limit:
        return Outcome(Status.PASS, "complete", subject, facts, evidence, measured, threshold=threshold)
    reason = unread[0].reason if unread else "local-matter"
    facts["missing"] = "、".join(found.name for found in (*unread, *held_back))
    return Outcome(Status.INCONCLUSIVE, reason or "not-read", subject, facts, evidence, measured, threshold=threshold)
