"""Site views out of short YAML: everything that a case does not name is ordinary and complies.

Moments are written `2026-11-21T10:00` (Asia/Shanghai). A case has two complete crawls a day apart unless it says otherwise; a list
column has one complete walk for each of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from data.calendar import WorkCalendar
from data.files import FileSeen, FileText, Hidden
from data.records import (
    SHANGHAI,
    Attachment,
    Column,
    ColumnKind,
    ColumnPage,
    Crawl,
    CrawlState,
    DateRole,
    Document,
    DocumentKind,
    DocumentReading,
    EmptyBecause,
    Field,
    Home,
    Link,
    LinkKind,
    LinkTarget,
    LinkVisit,
    Listing,
    OutLink,
    Precision,
    Probe,
    RelatedLink,
    ShownDate,
    Upstream,
    UpstreamItem,
    Version,
    Walk,
    WalkState,
)
from data.registry import Level, Profile, Role, Site
from data.view import SiteView

Spec = Mapping[str, Any]
AS_OF = "2026-11-22T12:00"
CRAWLS = ({"at": "2026-11-21T10:00"}, {"at": "2026-11-22T10:00"})
HOST = "http://www.example.gov.cn"


def moment(text: Any) -> datetime:
    """Read a moment of a case; a day alone is its midnight."""
    if isinstance(text, datetime):
        return text if text.tzinfo else text.replace(tzinfo=SHANGHAI)
    if isinstance(text, date):
        return datetime(text.year, text.month, text.day, tzinfo=SHANGHAI)
    return datetime.fromisoformat(str(text)).replace(tzinfo=SHANGHAI)


def day(value: Any) -> date | None:
    return None if value is None else moment(value).date()


def precision(value: Any) -> Precision:
    """Of a written moment: minute where a clock time stands in it."""
    text = str(value)
    return (
        Precision.DAY
        if (isinstance(value, date) and not isinstance(value, datetime)) or ("T" not in text and ":" not in text)
        else Precision.MINUTE
    )


def shown(value: Any, role: DateRole = DateRole.LIST) -> ShownDate | None:
    return None if value is None else ShownDate(role, str(value), moment(value), precision(value), "row")


def absolute(url: str | None) -> str | None:
    return url if url is None or "//" in url else f"{HOST}{url}"


def view_of(spec: Spec) -> SiteView:
    """Build a case's view."""
    site = _site(spec.get("site", {}))
    as_of = moment(spec.get("as_of", AS_OF))
    crawls = tuple(_crawl(index + 1, site.id, crawl) for index, crawl in enumerate(spec.get("crawls", CRAWLS)))
    columns = tuple(_column(site.id, column, spec.get("columns", ()), crawls) for column in spec.get("columns", ()))
    listings = tuple(_listing(column, row, crawls) for column in spec.get("columns", ()) for row in column.get("rows", ()))
    calendar = WorkCalendar({moment(key).date(): bool(worked) for key, worked in spec.get("calendar", {}).items()})
    return SiteView(
        site=site,
        as_of=as_of,
        calendar=calendar,
        homes=tuple(_home(site.home, home) for home in spec.get("homes", ())),
        columns=columns,
        documents=tuple(_document(site.id, document, spec.get("columns", ())) for document in spec.get("documents", ())),
        listings=listings,
        crawls=crawls,
        probes=_probes(spec.get("probes", ()), as_of),
        upstreams=tuple(_upstream(upstream) for upstream in spec.get("upstreams", ())),
        links=tuple(_target(site.home, target) for target in spec.get("links", ())),
        roster=tuple(_site(unit) for unit in spec.get("roster", ())),
        parent=view_of({"as_of": spec.get("as_of", AS_OF), **spec["parent"]}) if "parent" in spec else None,
    )


def _site(spec: Spec) -> Site:
    profile = Profile(spec.get("profile", "district-portal"))
    return Site(
        id=spec.get("id", "example-portal"),
        name=spec.get("name", "示例区人民政府"),
        unit=spec.get("unit", "示例区人民政府办公室" if profile is Profile.DISTRICT_PORTAL else None),
        level=Level(spec.get("level", "county")),
        profile=profile,
        role=Role(spec.get("role", "scored")),
        home=spec.get("home", f"{HOST}/"),
        parent=spec.get("parent"),
        upper=tuple(spec.get("upper", ())),
        site_code=spec.get("site_code"),
        columns=spec.get("columns", {}),
    )


def _crawl(number: int, site: str, spec: Spec) -> Crawl:
    at = moment(spec["at"])
    state = CrawlState(spec.get("state", "complete"))
    return Crawl(
        number, site, at, at + timedelta(minutes=20), state, spec.get("reason"), 100, spec.get("pages", 90), spec.get("faults", {})
    )


def _url(spec: Spec) -> str:
    return absolute(spec.get("url")) or f"{HOST}/{spec['name']}/"


def _column(site: str, spec: Spec, every: Sequence[Spec], crawls: Sequence[Crawl]) -> Column:
    parent = next((other for other in every if other["name"] == spec.get("parent")), None)
    kind = ColumnKind(spec.get("kind", "list"))
    walks = _walks(spec, kind, crawls)
    seen = crawls[-1].started_at if crawls else moment(AS_OF)
    return Column(
        url=_url(spec),
        site=site,
        name=spec["name"],
        canonical=spec.get("canonical"),
        match=spec.get("match", "synonym"),
        kind=kind,
        parent_url=_url(parent) if parent else f"{HOST}/",
        depth=spec.get("depth", (parent.get("depth", 1) + 1) if parent else 1),
        path=("首页", *((parent["name"],) if parent else ()), spec["name"]),
        hosted_by=spec.get("hosted_by"),
        reachable=spec.get("reachable", None if kind is ColumnKind.LINK_OUT else True),
        fault=spec.get("fault"),
        text_chars=spec.get("text_chars", 0),
        first_seen=moment(spec["first_seen"]) if "first_seen" in spec else crawls[0].started_at if crawls else seen,
        last_seen=moment(spec["last_seen"]) if "last_seen" in spec else seen,
        walks=walks,
        appeared_after=moment(spec["appeared_after"]) if "appeared_after" in spec else None,
        page=_page(spec["page"], seen) if "page" in spec else None,
        files=_files(spec.get("page", {}), seen),
        dropped=_files({"attachments": spec.get("page", {}).get("dropped", ())}, seen),
    )


def _page(spec: Spec, seen: datetime) -> ColumnPage:
    return ColumnPage(
        observed_at=moment(spec["observed_at"]) if "observed_at" in spec else seen,
        sha256="c" * 64,
        text=spec.get("text", ""),
        metas=spec.get("metas", {}),
        links=tuple(_link(link, "body") for link in spec.get("links", ())),
        attachments=_attachments(spec),
        since=moment(spec["since"]) if "since" in spec else None,
    )


def _files(spec: Spec, seen: datetime) -> tuple[FileSeen, ...]:
    """What was read of the attachments: `text` of one, or `why` not; `was` what it said before; `hidden` words in it that it hides."""
    return tuple(_file(absolute(item["url"]) or "", item, seen) for item in spec.get("attachments", ()) if "text" in item or "why" in item)


def _file(url: str, spec: Spec, seen: datetime) -> FileSeen:
    kind = spec.get("kind", spec.get("type", url.rpartition(".")[2]))
    text = spec.get("text", "")
    spans = {name: ((text.index(words), text.index(words) + len(words)),) for name, words in spec.get("hidden", {}).items()}
    told = FileText(
        kind, spec.get("why"), text, spec.get("pages", 1), spec.get("blind", 0), spec.get("cut", False),
        tuple(Hidden(name, span) for name, span in spans.items()),
    )  # fmt: skip
    was = tuple(FileText(kind, None, old, 1) for old in spec.get("was", ()))
    return FileSeen(url, moment(spec["observed_at"]) if "observed_at" in spec else seen, "9" * 64, told, was)


def _attachments(spec: Spec) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(absolute(item["url"]) or "", item["name"], item.get("type", item["url"].rpartition(".")[2]))
        for item in spec.get("attachments", ())
    )


def _link(spec: Any, region: str) -> Link:
    link = spec if isinstance(spec, dict) else {"text": spec}
    return Link(absolute(link.get("url")), link["text"], link.get("source", "text"), link.get("region", region))


def _outlinks(spec: Spec) -> tuple[OutLink, ...]:
    return tuple(OutLink(link["url"], link.get("text", ""), link.get("hidden")) for link in spec.get("outlinks", ()))


def _target(home: str, spec: Spec) -> LinkTarget:
    """A link and its tries: `visits: [{at: …, ok: false, reason: http-404}]`."""
    visits = tuple(
        LinkVisit(moment(visit["at"]), visit.get("ok", True), visit.get("reason"), visit.get("content_type"), visit.get("size"))
        for visit in spec["visits"]
    )
    return LinkTarget(
        absolute(spec["url"]) or "", LinkKind(spec.get("kind", "page")), spec.get("label", "链接"), absolute(spec.get("on")) or home, visits
    )


def _walks(spec: Spec, kind: ColumnKind, crawls: Sequence[Crawl]) -> tuple[Walk, ...]:
    if "walks" not in spec and (kind is not ColumnKind.LIST or spec.get("reachable") is False):
        return ()
    by_id = {crawl.id: crawl for crawl in crawls}
    walks = []
    for walk in spec.get("walks", [{"crawl": crawl.id} for crawl in crawls]):
        at = by_id[walk["crawl"]].started_at
        rows = [row for row in spec.get("rows", ()) if moment(row.get("first_seen", at)) <= at <= moment(row.get("last_seen", at))]
        dates = [found for row in rows if (found := day(row.get("date"))) is not None and found <= at.date()]
        entries = walk.get("entries", len(rows))
        empty = walk.get("empty", "container" if entries == 0 else None)
        state = WalkState(walk.get("state", "complete"))
        walks.append(
            Walk(
                column_url=_url(spec),
                crawl_id=walk["crawl"],
                at=at,
                state=state,
                reason=walk.get("reason", "last-page" if state is WalkState.COMPLETE else "pager-unknown"),
                pages=walk.get("pages", 1),
                entries=entries,
                declared=None,
                newest_on=day(walk["newest"]) if "newest" in walk else max(dates, default=None),
                undated=walk.get("undated", 0),
                empty=EmptyBecause(empty) if empty and entries == 0 else None,
                empty_text=walk.get("empty_text"),
                sha256=f"{walk['crawl']:064x}",
                newest_first=walk.get("newest_first", False),
            )
        )
    return tuple(walks)


def _listing(column: Spec, spec: Spec, crawls: Sequence[Crawl]) -> Listing:
    first = moment(spec["first_seen"]) if "first_seen" in spec else crawls[0].started_at
    last = moment(spec["last_seen"]) if "last_seen" in spec else crawls[-1].started_at
    return Listing(
        column_url=_url(column),
        url=absolute(spec.get("url")),
        title=spec.get("title", "条目"),
        date=shown(spec.get("date")),
        first_seen=first,
        last_seen=last,
        external=spec.get("external", False),
        absent_at=moment(spec["absent_at"]) if "absent_at" in spec else None,
        cells=tuple(Field(label, value) for label, value in spec.get("cells", {}).items()),
        file=_file(absolute(spec["url"]) or "", spec["file"], last) if "file" in spec else None,
    )


def _document(site: str, spec: Spec, columns: Sequence[Spec]) -> Document:
    ids = tuple(spec.get("columns", ("zcwj",)))
    first_seen = moment(spec.get("first_seen", "2026-11-21T10:00"))
    return Document(
        url=absolute(spec.get("url")) or f"{HOST}/doc/{abs(hash_of(spec['title']))}.html",
        site=site,
        columns=ids,
        column_urls=tuple(_url(column) for column in columns if column.get("canonical") in ids),
        reading=_reading(spec, ids),
        first_seen=first_seen,
        last_seen=moment(spec.get("last_seen", "2026-11-22T10:00")),
        observed_at=moment(spec.get("observed_at", "2026-11-22T10:00")),
        sha256="d" * 64,
        earlier=tuple(
            Version(_reading({**spec, **version}, ids), moment(version["from"]), moment(version["to"]), f"{index:064x}")
            for index, version in enumerate(spec.get("earlier", ()))
        ),
        files=_files(spec, moment(spec.get("observed_at", "2026-11-22T10:00"))),
        dropped=_files({"attachments": spec.get("dropped", ())}, moment("2026-11-21T10:00")),
    )


def _reading(spec: Spec, ids: Sequence[str]) -> DocumentReading:
    """What a document's page says; an earlier version names only what differed, beside `from` and `to`."""
    published = spec.get("published")
    return DocumentReading(
        kind=DocumentKind(spec.get("kind", "interpretation" if "zcjd" in ids else "policy-document")),
        title=spec["title"],
        published_at=moment(published) if published is not None else None,
        published_precision=precision(published) if published is not None else None,
        made_on=day(spec.get("made")),
        issued_on=day(spec.get("issued")),
        doc_number=spec.get("number"),
        index_number=spec.get("index"),
        issuer=spec.get("issuer"),
        source=spec.get("source"),
        validity=spec.get("validity"),
        openness=spec.get("openness"),
        topic=spec.get("topic"),
        breadcrumb=tuple(spec.get("breadcrumb", ())),
        attachments=_attachments(spec),
        related=tuple(
            RelatedLink(absolute(link["url"]) or "", link.get("title", ""), link.get("relation", "interpretation"))
            for link in spec.get("related", ())
        ),
        body=spec.get("body", "正文。" * 40),
        dates=tuple(
            ShownDate(DateRole(role), str(value), moment(value), precision(value), "field") for role, value in spec.get("dates", {}).items()
        ),
        fields=tuple(Field(label, value) for label, value in spec.get("fields", {}).items()),
        marks=tuple(spec.get("marks", ())),
        metas=spec.get("metas", {}),
        outlinks=_outlinks(spec),
        media=spec.get("media", {}),
    )


def hash_of(text: str) -> int:
    return sum(ord(character) * (index + 1) for index, character in enumerate(text))


def _home(url: str, spec: Spec) -> Home:
    return Home(
        url=url,
        observed_at=moment(spec["at"]),
        sha256="e" * 64,
        readable=spec.get("readable", True),
        reason=spec.get("reason"),
        links=tuple(_link(link, "nav") for link in spec.get("links", ())),
        image_only_links=spec.get("image_only", 0),
        marks=tuple(spec.get("marks", ())),
        metas=spec.get("metas", {}),
        footer=spec.get("footer"),
        resources=tuple(absolute(url) or "" for url in spec.get("resources", ())),
        outlinks=_outlinks(spec),
        dated=spec.get("dated", 0),
        newest_on=day(spec.get("newest")),
    )


def _probes(spec: Sequence[Spec], as_of: datetime) -> tuple[Probe, ...]:
    """Groups of probes, spread evenly over the last `days` (default 7) before as_of."""
    probes: list[Probe] = []
    for group in spec:
        count, days = group["count"], group.get("days", 7)
        step = timedelta(days=days) / count
        ok, seconds, reason = group.get("ok", True), group.get("seconds", 0.4), group.get("reason")
        ipv6 = group.get("ipv6")
        probes += [Probe(as_of - step * index - timedelta(seconds=1), ok, seconds, reason, ipv6) for index in range(count)]
    return tuple(sorted(probes, key=lambda probe: probe.at))


def _upstream(spec: Spec) -> Upstream:
    items = tuple(_upstream_item(spec["site"], item) for item in spec.get("items", ()))
    return Upstream(spec["site"], spec.get("name", "示例市人民政府"), items, spec.get("observed", True), spec.get("reason"))


def _upstream_item(site: str, spec: Spec) -> UpstreamItem:
    published = spec.get("published")
    return UpstreamItem(
        site=site,
        url=spec.get("url", f"http://www.city.gov.cn/{hash_of(spec['title'])}.html"),
        title=spec["title"],
        doc_number=spec.get("number"),
        published_at=moment(published) if published is not None else None,
        published_precision=precision(published) if published is not None else None,
        first_seen=moment(spec.get("first_seen", "2026-11-21T10:00")),
        sha256="f" * 64,
        body=spec.get("body", ""),
    )
