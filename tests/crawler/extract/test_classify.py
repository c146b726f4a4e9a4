"""The labelled pages: kind, entries, pager and title as the labels say; skipped where the samples are absent."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from crawler.extract import read
from crawler.extract.to_json import reading_to_json
from data.records import PageKind, PageReading
from data.text import bare

SAMPLES = Path(os.environ.get("GONGKAI_SAMPLES") or Path(__file__).resolve().parents[3] / "../shared/samples")
LABELS: list[dict[str, Any]] = (
    [json.loads(line) for line in (SAMPLES / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    if (SAMPLES / "labels.jsonl").exists()
    else []
)
pytestmark = pytest.mark.skipif(not LABELS, reason="labelled samples are absent; set GONGKAI_SAMPLES to their folder")


def reading(label: dict[str, Any]) -> PageReading:
    return read((SAMPLES / "pages" / label["file"]).read_bytes(), label["url"])


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label["file"])
def test_kind(label: dict[str, Any]) -> None:
    got = reading(label)
    assert got.page.value == label["page"]
    assert json.loads(json.dumps(reading_to_json(got, "example")))["page"] == label["page"]


@pytest.mark.parametrize("label", [label for label in LABELS if label["page"] in ("list", "index")], ids=lambda label: label["file"])
def test_entries_and_pager(label: dict[str, Any]) -> None:
    got = reading(label)
    assert got.listing is not None
    rows = [
        (bare(entry.title), entry.url, entry.date.value.date().isoformat() if entry.date else None, entry.section)
        for entry in got.listing.entries
    ]
    assert rows == [(bare(item["title"]), item["href"], item["date"], item.get("section")) for item in label["items"]]
    pager = label["pager"]
    if pager is None:
        assert got.listing.pager is None
    else:
        assert got.listing.pager is not None
        assert got.listing.pager.understood
        assert (got.listing.pager.pages, got.listing.pager.current, got.listing.pager.next_url) == (
            pager["pages"],
            pager["current"],
            pager["next_url"],
        )
        assert got.listing.pager.records == pager.get("total_items")
    assert got.title is None if label["title"] is None else bare(got.title or "") == bare(label["title"])


def test_a_home_page_is_no_document() -> None:
    homes = [reading(label) for label in LABELS if label["page"] == "home"]
    assert all(got.page is PageKind.HOME and got.document is None and len(got.links) > 100 for got in homes)
