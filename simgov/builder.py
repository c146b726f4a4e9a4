"""What the site modules build with: serials, dates and numbers stay consistent without being written out."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from simgov import wording
from simgov.truth import Attachment, Column, ColumnKind, Document, Genre, Outcome, Pager, Related, Seed, Site
from simgov.workdays import add_workdays, at, is_workday, workday_on_or_before

_CLOCKS = ("09:12", "10:05", "10:48", "11:20", "14:36", "15:10", "16:22", "17:05")


@dataclass(slots=True)
class Builder:
    """Collects the truth. `today` is the civil date of the second crawl."""

    today: date
    random: random.Random
    sites: dict[str, Site] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    seeds: list[Seed] = field(default_factory=list)
    serials: dict[str, int] = field(default_factory=dict)

    def site(self, site: Site) -> Site:
        self.sites[site.id] = site
        self.serials[site.id] = 1000 + 700 * len(self.sites)
        return site

    def serial(self, site_id: str) -> int:
        self.serials[site_id] += 1 + self.random.randrange(6)
        return self.serials[site_id]

    def column(
        self,
        site: Site,
        key: str,
        name: str,
        canonical: str | None,
        slug: str,
        kind: ColumnKind = ColumnKind.LIST,
        *,
        parent: str | None = None,
        owner: str | None = None,
        label_html: str | None = None,
        pager: Pager = Pager.P1,
        page_size: int = 20,
        text: tuple[str, ...] = (),
        empty_text: str | None = None,
        statement: str | None = None,
        target: str | None = None,
        in_nav: bool = False,
        opened_at: datetime | None = None,
    ) -> str:
        """Add a column and return its id, `site/key`; `parent` is a key of the same site."""
        column_id = f"{site.id}/{key}"
        if kind is ColumnKind.PAGE and text:
            text = (*text, f"更新日期：{self.workday(40):%Y-%m-%d}")
        self.columns[column_id] = Column(
            column_id,
            site.id,
            owner or site.id,
            name,
            canonical,
            slug,
            self.serial(site.id),
            kind,
            f"{site.id}/{parent}" if parent else None,
            label_html,
            page_size,
            pager,
            text,
            empty_text,
            statement,
            target,
            in_nav,
            opened_at,
        )
        return column_id

    def moment(self, day: date, clock: str | None = None) -> datetime:
        return at(day, clock or self.random.choice(_CLOCKS))

    def workday(self, days_ago: int) -> date:
        return workday_on_or_before(self.today - timedelta(days=days_ago))

    def add(self, document: Document) -> Document:
        self.documents[document.id] = document
        return document

    def seed(
        self,
        rule: str,
        site: Site,
        kind: str,
        subject: str | None,
        outcome: Outcome,
        why: str,
        *,
        severity: str | None = None,
        measured: float | None = None,
    ) -> None:
        self.seeds.append(Seed(rule, site.id, kind, subject, outcome, why, severity, measured))

    def item(
        self,
        site: Site,
        column: str,
        genre: Genre,
        title: str,
        published_at: datetime,
        *,
        owner: Site | None = None,
        made_on: date | None = None,
        issued_on: date | None = None,
        prefix: str | None = None,
        issuer: str | None = None,
        topic: str | None = None,
        pinned: bool = False,
        also: tuple[str, ...] = (),
        shown_as: tuple[tuple[str, str], ...] = (),
        number_under_title: bool = False,
        interprets: tuple[str, ...] = (),
        copy_of: str | None = None,
        links_out: bool = False,
        source: str | None = None,
        attachments: tuple[Attachment, ...] = (),
        body: tuple[str, ...] = (),
    ) -> Document:
        """Add a document to a column; keys of columns are those of its site."""
        unit = owner or site
        serial = self.serial(site.id)
        instant = published_at.replace(hour=0, minute=0) if site.date_only else published_at
        return self.add(
            Document(
                f"{site.id}/{serial}",
                site.id,
                unit.id,
                serial,
                (f"{site.id}/{column}", *(f"{site.id}/{key}" for key in also)),
                genre,
                title,
                instant,
                made_on,
                issued_on,
                number_prefix=prefix,
                issuer=issuer or unit.unit,
                source=source,
                topic=topic,
                pinned=pinned,
                shown_as=shown_as,
                number_under_title=number_under_title,
                interprets=interprets,
                copy_of=copy_of,
                links_out=links_out,
                attachments=attachments,
                body=body,
                validity="有效" if genre in (Genre.POLICY, Genre.PLAIN) else None,
            )
        )

    def policy(
        self,
        site: Site,
        topic: str,
        published_at: datetime,
        prefix: str,
        *,
        column: str = "zcwj",
        place: str | None = None,
        owner: Site | None = None,
        issued_back: int | None = None,
        made_back: int = 1,
        interpreted: str | None = "same-day",
        interpretation_column: str = "zcjd",
        hidden: bool = False,
        linked: bool = True,
        **extra: object,
    ) -> Document:
        """Add a policy document in scope of interpretation, and its interpretation.

        `made_back`, `issued_back`: working days between 成文/印发 and publication. `interpreted`: "same-day", "earlier",
        "+N" for N working days later, or None.
        """
        unit = owner or site
        place = place or unit.short
        day = published_at.date()
        document = self.item(
            site,
            column,
            Genre.POLICY,
            wording.policy_title(unit.unit, place, topic),
            published_at,
            owner=owner,
            prefix=prefix,
            made_on=add_workdays(day, -made_back),
            issued_on=None if issued_back is None else add_workdays(day, -issued_back),
            topic="综合政务",
            attachments=(Attachment(f"{place}{topic}", ("pdf", "docx", "wps")[self.random.randrange(3)]),)
            if self.random.random() < 0.5
            else (),
            **extra,  # type: ignore[arg-type]
        )
        if interpreted is None:
            return document
        if interpreted == "same-day":
            when = published_at
        elif interpreted == "earlier":
            when = published_at - timedelta(days=2)
        else:
            when = self.moment(add_workdays(day, int(interpreted)))
        title = wording.interpretation_title(place, topic, self._interpretations())
        reading = self.item(
            site, interpretation_column, Genre.INTERPRETATION, title, when, owner=owner, interprets=(document.id,), source="本网"
        )
        if not linked:
            return document
        linked_document = replace(document, related=(Related(reading.id, hidden=hidden),))
        return self.add(linked_document)

    def _interpretations(self) -> int:
        return sum(document.genre is Genre.INTERPRETATION for document in self.documents.values())

    def stream(
        self,
        site: Site,
        column: str,
        genre: Genre,
        titles: tuple[str, ...],
        *,
        newest_days: int,
        step: int,
        count: int,
        owner: Site | None = None,
        head: str = "区领导",
    ) -> None:
        """A column's ordinary items on working days, the newest `newest_days` before today, about `step` days apart."""
        unit = owner or site
        taken = self.random.sample(titles, k=len(titles))
        for n in range(count):
            day = self.today - timedelta(days=newest_days + n * step)
            day = day if n == 0 or is_workday(day) else workday_on_or_before(day)
            text = taken[n % len(taken)].format(place=unit.short, head=head)
            title = text if n < len(taken) else f"{text}（{day.year}年{day.month}月{day.day}日）"
            clock = "08:30" if newest_days == 0 and n == 0 else None
            self.item(site, column, genre, title, self.moment(day, clock), owner=owner, source="本网")

    def finished(self) -> tuple[Document, ...]:
        """Every document with its 文号, 索引号 and text, oldest first."""
        counters: dict[tuple[str, str, int], int] = {}
        ready: dict[str, Document] = {}
        for document in sorted(
            self.documents.values(), key=lambda one: (one.issued_on or one.made_on or one.published_at.date(), one.serial)
        ):
            number = document.number
            made = document.made_on or document.published_at.date()
            if document.number_prefix:
                key = (document.owner, document.number_prefix, made.year)
                counters[key] = counters.get(key, 0) + 1
                number = f"{document.number_prefix}〔{made.year}〕{counters[key]}号"
            code = self.sites[document.owner].site_code
            index = f"{code}/{document.published_at.year}-{document.serial:05d}" if document.genre is not Genre.NEWS else None
            ready[document.id] = replace(document, number=number, index_number=index)
        carried = {key: self._carry(document, ready) for key, document in ready.items()}
        return tuple(
            sorted((replace(one, body=_body(one, carried)) for one in carried.values()), key=lambda one: (one.published_at, one.serial))
        )

    def _carry(self, document: Document, ready: dict[str, Document]) -> Document:
        if document.copy_of is None:
            return document
        upper = ready[document.copy_of]
        return replace(
            document, number=upper.number, made_on=upper.made_on, issuer=upper.issuer, source=document.source or self.sites[upper.site].name
        )


def _body(document: Document, everything: dict[str, Document]) -> tuple[str, ...]:
    if document.body:
        return document.body
    match document.genre:
        case Genre.POLICY:
            return wording.policy_body(document)
        case Genre.REPOST if document.copy_of is not None:
            return wording.policy_body(everything[document.copy_of])
        case Genre.PLAIN:
            return wording.plain_body(document)
        case Genre.INTERPRETATION:
            return wording.interpretation_body(document, everything[document.interprets[0]])
        case Genre.NOTICE:
            return wording.notice_body(document)
        case Genre.NEWS | Genre.OTHER | Genre.REPOST:
            return wording.story_body(document)
