"""What else the hosts owe and do not show: columns that none has, notes and tags that templates leave out. Each was looked at on the pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from simgov.archetypes.truth import Document, Interpreted, Oddity
from simgov.archetypes.view import View
from simgov.truth import Genre

# Rule -> the canonical column that would meet it; None: no host has what it asks for.
_COLUMNS: Mapping[str, str | None] = {
    "business-environment-column": None,
    "decision-column-present": None,
    "disclosure-catalogue-updated": "zdgkml",
    "double-publicity-7-working-days": None,
    "double-random-lists": None,
    "enterprise-policy-column-four-parts": None,
    "find-error-entry": None,
    "five-year-plan-column": None,
    "five-year-plan-links-upper": None,
    "footer-identity-elements": None,
    "government-meetings-published": None,
    "grassroots-column": None,
    "interpretation-form-ratio": None,
    "key-projects-column": "zdxm",
    "npc-cppcc-replies": None,
    "public-enterprise-six-elements": None,
    "public-resources-column": None,
    "public-welfare-column": None,
    "responsibility-list-published": "qzqd",
    "statutory-15-classes-covered": None,
    "website-annual-table": "wznb",
    "work-plan-published": None,
}
_DRIFTING = frozenset({"C", "E"})  # templates whose metas bear the day of a later publication
_BARE = frozenset({"F", "I"})  # templates without the tags of the standard
_BACKDATED = timedelta(days=3)


def owed_by_site(view: View) -> Iterator[tuple[str, str]]:
    """Rules that the site as a whole misses, and why."""
    held = {column.canonical for column in view.host.columns}
    for rule, column in _COLUMNS.items():
        if column is None or column not in held:
            yield rule, "the site has no such thing"
    if view.host.archetype in _DRIFTING:
        yield "meta-values-match-page", "metas of a later publication"
    if view.host.archetype in _BARE or any(column.has(Oddity.UNRENDERED) for column in view.host.columns):
        yield "meta-tags-present", "a template without tags, or one whose tags are not filled in"


def owed_by_document(view: View, document: Document) -> Iterator[tuple[str, str]]:
    """Rules that a document's page misses, and why."""
    if document.genre in (Genre.POLICY, Genre.PLAIN):
        yield "publicity-attribute-note", "no template bears the note"
        if "validity" not in view.template.policy_fields:
            yield "validity-status-shown", "the template leaves it out"
    if document.appeared_at.date() - document.published_at.date() >= _BACKDATED:
        yield "backdated-publication", "it came on line after the day that it bears"
    reading = view.live(document.interpretation)
    if reading is not None and (document.interpreted is Interpreted.HIDDEN or view.original_link(reading) is None):
        yield "interpretation-linked-both-ways", "one of the two shows no link"


def dead(view: View) -> Iterable[str]:
    """Links of the home page that lead nowhere."""
    return (f"{view.base}/old/bbs/",) if view.host.archetype == "I" else ()
