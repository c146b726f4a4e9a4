"""The bars on the hand-checked samples: right where the label has a value, silent where it has none."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.crawler.extract.score import SAMPLES, Score, score

pytestmark = pytest.mark.skipif(not (SAMPLES / "labels.jsonl").exists(), reason=f"no samples at {SAMPLES}; set GONGKAI_SAMPLES")


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    return score()


@pytest.mark.parametrize(
    "name", ["title", "published_at", "made_on", "doc_number", "index_number", "body_start", "body_end", "attachments", "breadcrumb"]
)
def test_field_is_right_on_the_samples(scores: dict[str, Score], name: str) -> None:
    assert scores[name].accuracy >= 0.98, scores[name].misses


@pytest.mark.parametrize("name", ["issuer", "source", "validity", "openness", "topic", "kind"])
def test_softer_field_is_right_on_the_samples(scores: dict[str, Score], name: str) -> None:
    assert scores[name].accuracy >= 0.95, scores[name].misses


def test_no_value_where_the_label_is_null(scores: dict[str, Score]) -> None:
    nulls = sum(entry.nulls for entry in scores.values())
    assert sum(entry.false for entry in scores.values()) <= 0.01 * nulls, [entry.misses for entry in scores.values() if entry.false]


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "no names": lambda body: re.sub(rb"\s(?:class|id)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", b"", body),
    "no head": lambda body: re.sub(rb"(?is)<title>.*?</title>|<meta[^>]*>", b"", body),
    "no headings": lambda body: re.sub(rb"(?i)<(/?)h[1-6]\b", rb"<\1div", body),
    "other encoding": lambda body: body.decode("utf-8-sig", "replace").encode("gb18030", "replace"),
}


@pytest.mark.parametrize("change", [*CHANGES, "all"])
def test_nothing_hangs_on_names_or_head(change: str) -> None:
    def changed(body: bytes) -> bytes:
        for name, alter in CHANGES.items():
            body = alter(body) if change in (name, "all") else body
        return body

    weak = {name: entry.misses for name, entry in score(changed).items() if entry.accuracy < 0.96}
    assert not weak
