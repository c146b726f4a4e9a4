"""The demo district: the whole truth of eight sites, as it stands at any moment."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from simgov.builder import Builder
from simgov.sites.city import build_city
from simgov.sites.departments import build_education, build_market
from simgov.sites.portal import build_portal
from simgov.sites.towns import build_archives, build_liuxi, build_qinghe
from simgov.truth import Column, Document, Outcome, Seed, Site, Snapshot, snapshot
from simgov.workdays import at

RULES = (
    "disclosure-column-on-home",
    "four-part-disclosure-column",
    "empty-columns",
    "news-columns-2-weeks",
    "notice-policy-columns-6-months",
    "interpretation-exists",
    "interpretation-in-sync",
    "policy-published-5-working-days",
    "info-published-20-working-days",
    "repost-upper-72h",
    "document-info-fields",
    "privacy-id-numbers",
    "attachments-downloadable",
    "site-reachable",
)


@dataclass(frozen=True, slots=True)
class District:
    """Everything that is true of the simulated district; `today` is the civil date of the second crawl."""

    today: date
    name: str
    sites: dict[str, Site]
    columns: tuple[Column, ...]
    documents: tuple[Document, ...]
    seeds: tuple[Seed, ...]

    @classmethod
    def build(cls, today: date, *, seed: int = 2026) -> District:
        """Build the district relative to a day; the same day and seed give the same district."""
        builder = Builder(today, random.Random(f"{seed}:{today.isoformat()}"))
        key = build_city(builder)
        build_portal(builder, key)
        build_education(builder)
        build_market(builder)
        build_qinghe(builder, key)
        build_liuxi(builder, key)
        build_archives(builder)
        return cls(today, "示例区", builder.sites, tuple(builder.columns.values()), builder.finished(), tuple(builder.seeds))

    @property
    def first_crawl(self) -> datetime:
        """Noon of the day before today."""
        return at(self.today - timedelta(days=1), "12:00")

    @property
    def second_crawl(self) -> datetime:
        """Noon of today."""
        return at(self.today, "12:00")

    def at(self, moment: datetime) -> Snapshot:
        """The district as it stands at a moment: a document published later is not there yet."""
        return snapshot(moment, self.sites, self.columns, self.documents)

    def document(self, document_id: str) -> Document:
        return next(document for document in self.documents if document.id == document_id)

    def served(self) -> tuple[Site, ...]:
        """The sites with a host of their own."""
        return tuple(site for site in self.sites.values() if site.hosted_at is None)

    def watched(self) -> tuple[Site, ...]:
        return tuple(site for site in self.sites.values() if site.watched)

    def seeded(self, rule: str, outcome: Outcome) -> tuple[Seed, ...]:
        return tuple(seed for seed in self.seeds if seed.rule == rule and seed.outcome is outcome)
