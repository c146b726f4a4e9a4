"""Every pager contract from its first, middle and last page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.crawler.extract.test_lists import check_pager, load, reading

ROWS = "".join(f'<li><a href="d{n}.html">关于第{n}号事项的通知公告</a><span>2026-09-{30 - n:02d}</span></li>' for n in range(1, 4))


@pytest.mark.parametrize("case", load("pagers.yaml"), ids=lambda case: case["name"])
def test_pager(case: dict[str, Any]) -> None:
    script = f"<script>{case['script']}</script>" if "script" in case else ""
    got = reading({**case, "html": f'<ul class="list">{ROWS}</ul>{script}{case.get("after", "")}'})
    assert got.page.value == "list"
    assert got.listing is not None
    assert len(got.listing.entries) == 3
    check_pager(case, got.listing.pager)
