"""Heads of document pages: what is a publication date, a 文号 or a title there, and what only looks like one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.extract.read import read

CASES = Path(__file__).parent / "cases_documents" / "heads.yaml"
TITLE = "湖滨区人民政府关于加强消防工作的通知"
TEXT = "<p>为做好有关工作，经区政府同意，现将有关事项通知如下，请认真贯彻执行。</p><p>一、加强组织领导，落实工作责任，确保各项任务按期完成。</p>"
SIGNED = '<p align="right">湖滨区人民政府</p><p align="right">2026年6月2日</p>'


def filled(text: str) -> str:
    return text.replace("{t}", TITLE).replace("{b}", TEXT).replace("{s}", SIGNED)


def spaceless(value: object) -> str:
    return re.sub(r"\s+", "", str(value))


@pytest.mark.parametrize("case", yaml.safe_load(CASES.read_text(encoding="utf-8")), ids=lambda case: str(case["name"]))
def test_head(case: dict[str, Any]) -> None:
    html = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{case.get("head", TITLE)}</title></head><body>{filled(case["html"])}</body></html>'
    document = read(html.encode(), "http://a.example.gov.cn/zwgk/1.html").document
    assert document is not None
    assert spaceless(document.title) == spaceless(case.get("title", document.title))
    body = spaceless(document.body)
    for name, wanted in case.items():
        match name:
            case "name" | "html" | "head" | "title":
                continue
            case "published_at":
                assert (str(document.published_at.date()) if document.published_at else None) == (str(wanted) if wanted else None)
            case "body_start":
                assert body.startswith(wanted)
            case "body_end":
                assert body.endswith(wanted)
            case "attachments":
                assert [file.name for file in document.attachments] == [filled(name) for name in wanted]
            case "breadcrumb":
                assert list(document.breadcrumb) == wanted
            case _:
                got = getattr(document, name)
                assert (spaceless(got) if got is not None else None) == (spaceless(wanted) if wanted is not None else None), name
