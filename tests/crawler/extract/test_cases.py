"""Pages of the common families, written from their descriptions: what each must read as stands in its head."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.extract.document import document_evidence, read_document
from crawler.extract.page import Page

CASES = sorted((Path(__file__).parent / "cases").glob("*.html"))


def load(path: Path) -> tuple[dict[str, Any], Page]:
    head, _, markup = path.read_text("utf-8").partition("\n-->\n")
    case = yaml.safe_load(head.removeprefix("<!--case\n"))
    return case, Page(markup.encode(case.get("encoding", "utf-8")), case["url"])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_reads_as_the_case_says(path: Path) -> None:
    case, page = load(path)
    reading = read_document(page)
    for name, wanted in case["expect"].items():
        if name in ("body_start", "body_end"):
            body = re.sub(r"\s+", "", reading.body)
            holds = body == "" if wanted == "" else (body.startswith(wanted) if name == "body_start" else body.endswith(wanted))
            assert holds, f"{name}: {body[:30]!r} … {body[-30:]!r}"
            continue
        got: Any = getattr(reading, name)
        if name == "attachments":
            got = [attachment.name for attachment in reading.attachments]
        elif name == "related":
            got = [[link.relation, link.title] for link in reading.related]
        elif name == "breadcrumb":
            got = list(got)
        elif name == "marks":
            assert set(wanted) <= set(got), got
            continue
        elif isinstance(got, (datetime, date)) and isinstance(wanted, (datetime, date)):
            assert got == wanted, name
            continue
        assert (str(got) if got is not None and isinstance(wanted, str) else got) == wanted, name


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_is_recognised_as_a_document(path: Path) -> None:
    _, page = load(path)
    assert len(document_evidence(page)) >= 2


@pytest.mark.parametrize("path", [path for path in CASES if "\nfields:" in path.read_text("utf-8")], ids=lambda path: path.stem)
def test_placeholders_stay_raw_fields(path: Path) -> None:
    case, page = load(path)
    fields = {field.label: field.value for field in read_document(page).fields}
    for label, value in case["fields"].items():
        assert fields[label] == value
