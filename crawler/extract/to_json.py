"""A reading as the JSON of `gongkai extract`: the formats of the contract, key by key."""

from __future__ import annotations

from datetime import date, datetime

from data.records import Choice, DateRole, DocumentReading, ListEntry, PageKind, Pager, PageReading, ShownDate

_ROLES = {DateRole.MADE: "made", DateRole.ISSUED: "issued"}


def reading_to_json(reading: PageReading, site: str | None = None) -> dict[str, object]:
    """One page as the object that `gongkai extract` prints; a document's form, or a list's."""
    if reading.document is not None:
        return {"page": reading.page.value, **_document(reading, reading.document, site)}
    entries = reading.listing.entries if reading.listing else ()
    sections = reading.page is PageKind.INDEX or any(entry.section is not None for entry in entries)
    choice = reading.listing.choice if reading.listing else None
    return {
        "page": reading.page.value,
        "url": reading.url,
        "title": reading.title,
        "entries": [_entry(entry, sections=sections) for entry in entries],
        "pager": _pager(reading.listing.pager if reading.listing else None),
        **({"choice": _choice(choice)} if choice is not None else {}),
    }


def _document(reading: PageReading, document: DocumentReading, site: str | None) -> dict[str, object]:
    return {
        "url": reading.url,
        "site": site,
        "column": None,
        "kind": document.kind.value,
        "title": document.title,
        "published_at": _instant(document.published_at),
        "published_precision": document.published_precision.value if document.published_precision else None,
        "made_on": _day(document.made_on),
        "issued_on": _day(document.issued_on),
        "doc_number": document.doc_number,
        "index_number": document.index_number,
        "issuer": document.issuer,
        "source": document.source,
        "validity": document.validity,
        "openness": document.openness,
        "topic": document.topic,
        "breadcrumb": list(document.breadcrumb) or None,
        "attachments": [{"url": item.url, "name": item.name, "type": item.type} for item in document.attachments],
        "related": [{"url": item.url, "title": item.title, "relation": item.relation} for item in document.related],
        "body": document.body,
        "first_seen": None,
        "last_seen": None,
    }


def _entry(entry: ListEntry, *, sections: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "title": entry.title,
        "url": entry.url,
        "date": entry.date.value.date().isoformat() if entry.date else None,
        "date_role": _role(entry.date),
    }
    if sections:
        row["section"] = entry.section
    return row


def _role(shown: ShownDate | None) -> str | None:
    """A row's date is the publication's unless the row names another role."""
    return _ROLES.get(shown.role, "published") if shown is not None else None


def _pager(pager: Pager | None) -> dict[str, object] | None:
    if pager is None:
        return None
    return {"contract": pager.contract, "pages": pager.pages, "current": pager.current, "next_url": pager.next_url}


def _choice(choice: Choice) -> dict[str, object]:
    """What else of the list there is to choose from."""
    return {"of": choice.kind, "names": list(choice.names), "shown": choice.shown}


def _instant(value: datetime | None) -> str | None:
    return value.isoformat() if value is not None else None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None
