"""Our extraction and the three beside it, each by the call that its documents recommend for such a page.

What is timed is `read`; `answers` and `entries` put its result into the labels' terms and are not timed.
"""

from __future__ import annotations

import contextlib
import io
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from lxml import html

from benchmarks.extraction.corpus import Sample
from crawler.extract import read
from crawler.extract.dates import parse_date
from data.records import DateRole, PageReading
from data.text import title_core
from tests.crawler.extract import score

ROOT = Path(__file__).resolve().parents[2]
OURS = "gongkai"
Answers = Mapping[str, Any]
Entry = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Tool:
    """One extractor. A field that it does not give is absent from `fields`."""

    name: str
    version: str
    standing: str  # licence, and whether it is kept up, as looked up for the pinned release
    call: str  # as the docs name it
    fields: tuple[str, ...]
    read: Callable[[Sample], Any]
    answers: Callable[[Any], Answers]
    text: Callable[[Any], str] | None
    forget: Callable[[], Any]  # empties its caches: a crawl sees every page once
    read_list: Callable[[Sample], Any] | None = None
    entries: Callable[[Any, Sample], list[Entry]] | None = None


def pins() -> list[str]:
    """What the `bench` extra of pyproject.toml names."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    return [str(pin) for pin in table["bench"]]


def missing() -> list[str]:
    """Pins that are not installed, or in another version."""

    def met(pin: str) -> bool:
        name, _, wanted = pin.partition("==")
        with contextlib.suppress(PackageNotFoundError):
            return version(name) == wanted
        return False

    return [pin for pin in pins() if not met(pin)]


def all_tools() -> list[Tool]:
    """Ours first. Imports the packages of the `bench` extra."""
    return [ours(), _htmldate(), _gne(), _trafilatura()]


def ours() -> Tool:
    def answers(reading: PageReading) -> Answers:
        return with_day(score.answers(reading.document)) if reading.document else {}

    def entries(reading: PageReading, _: Sample) -> list[Entry]:
        return [(entry.title, entry.url) for entry in reading.listing.entries] if reading.listing else []

    def whole(sample: Sample) -> PageReading:
        return read(sample.body, sample.url)

    return Tool(
        OURS,
        "",
        "",
        "crawler.extract.read(body, url)",
        ("published_on", *score.FIELDS),
        whole,
        answers,
        lambda reading: reading.document.body if reading.document else "",
        title_core.cache_clear,
        whole,
        entries,
    )


def _htmldate() -> Tool:
    from htmldate import find_date
    from htmldate.meta import reset_caches

    return Tool(
        "htmldate",
        version("htmldate"),
        "Apache-2.0; alive, released 2026-10",
        "find_date(body, original_date=True, url=url)",
        ("published_on",),
        lambda sample: find_date(sample.body, original_date=True, url=sample.url),
        lambda found: {"published_on": day(found)},
        None,
        reset_caches,
    )


def _gne() -> Tool:
    from gne import GeneralNewsExtractor, ListPageExtractor
    from gne.exceptions import NoContentException

    extractor, lists = GeneralNewsExtractor(), ListPageExtractor()

    def whole(sample: Sample) -> dict[str, Any]:
        try:
            return dict(extractor.extract(sample.body.decode("utf-8", "replace"), host=sample.url))
        except NoContentException:
            return {}

    def answers(result: dict[str, Any]) -> Answers:
        at = moment(result.get("publish_time"))
        found = {"title": result.get("title") or None, "published_at": at, "source": result.get("author") or None}
        return with_day(found | ends(result.get("content") or ""))

    def rows(sample: Sample) -> list[dict[str, str]]:
        path = row_path(sample)
        with contextlib.redirect_stdout(io.StringIO()):  # it prints where it finds nothing
            return list(lists.extract(sample.body.decode("utf-8", "replace"), feature=path)) if path else []

    def entries(result: list[dict[str, str]], sample: Sample) -> list[Entry]:
        return [(row["title"], urljoin(sample.url, row["url"]) if "url" in row else None) for row in result]

    return Tool(
        "GNE",
        version("gne"),
        "its licence file is GPL-3.0, its metadata say MIT; released 2026-03, before that 2024-04",
        "GeneralNewsExtractor().extract(text, host=url); ListPageExtractor().extract(text, XPath of the first row)",
        ("title", "published_on", "published_at", "source", "body_start", "body_end"),
        whole,
        answers,
        lambda result: str(result.get("content") or ""),
        lambda: None,
        rows,
        entries,
    )


def _trafilatura() -> Tool:
    from trafilatura import bare_extraction
    from trafilatura.meta import reset_caches

    def answers(result: Any) -> Answers:
        if result is None:
            return {}
        # Where a page names no site it gives the host, which is nobody's name.
        named = result.sitename if result.sitename != result.hostname else None
        return {"title": result.title or None, "published_on": day(result.date), "source": named or result.author or None} | ends(
            text(result)
        )

    def text(result: Any) -> str:
        return unmarked(result.text or "") if result is not None else ""

    return Tool(
        "trafilatura",
        version("trafilatura"),
        "Apache-2.0; alive, released 2026-10",
        "bare_extraction(body, url=url, with_metadata=True, include_comments=False)",
        ("title", "published_on", "source", "body_start", "body_end"),
        lambda sample: bare_extraction(sample.body, url=sample.url, with_metadata=True, include_comments=False),
        answers,
        text,
        reset_caches,
    )


def row_path(sample: Sample) -> str | None:
    """An XPath of the first labelled row's link: the hint that GNE's list reader asks for and ours does without."""
    wanted = next((item["href"] for item in sample.label.get("items") or () if item["href"]), None)
    tree = html.document_fromstring(sample.body, parser=html.HTMLParser(encoding="utf-8"))
    written = (str(link.get("href") or "") for link in tree.iter("a"))
    found = next((href for href in written if urljoin(sample.url, href.strip()) == wanted and '"' not in href), None)
    return f'//a[@href="{found}"]' if found is not None else None


def unmarked(text: str) -> str:
    """Without the list and table marks that trafilatura adds to a text."""
    return re.sub(r"(?m)^\s*- |\s?\|\s?", " ", text)


def ends(text: str) -> dict[str, str | None]:
    """First and last 20 characters, as the labels have them."""
    bare = re.sub(r"\s+", "", text)
    return {"body_start": bare[:20] or None, "body_end": bare[-20:] or None}


def moment(text: str | None) -> datetime | None:
    """Any form of date that a tool hands over, read by our own reader: a form is not held against it."""
    shown = parse_date(text, DateRole.PUBLISHED, "meta") if text else None
    return shown.value if shown else None


def day(text: str | None) -> str | None:
    at = moment(text)
    return at.date().isoformat() if at else None


def with_day(answers: Mapping[str, Any]) -> dict[str, Any]:
    at = answers["published_at"]
    return {**answers, "published_on": at.date().isoformat() if at else None}
