"""What the evidence of a reading says that it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checks.observing import walk_evidence
from data.records import Walk, WalkState
from tests.support.sites import moment

DAY_1, DAY_2 = moment("2026-11-20"), moment("2026-11-21")
WALK = Walk("http://www.example.gov.cn/zcwj/", 1, DAY_2, WalkState.COMPLETE, "last-page", 3, 60, None, date(2026, 11, 1))


@pytest.mark.parametrize(
    ("walk", "says"),
    [
        (replace(WALK, whole_at=DAY_2), "2026年11月21日读完整个栏目，共3页60条"),
        (WALK, "2026年11月21日读完整个栏目，共3页60条"),
        (
            replace(WALK, whole_at=DAY_1, reason="ends-unchanged"),
            "2026年11月21日复查栏目，首尾与2026年11月20日读完整个栏目时一致，共3页60条",
        ),
        (
            replace(WALK, whole_at=DAY_1, reason="start-unchanged"),
            "2026年11月21日复查栏目，首页和页数与2026年11月20日读完整个栏目时一致，共3页60条",
        ),
        (replace(WALK, state=WalkState.INCOMPLETE), "2026年11月21日读到部分栏目，共3页60条"),
    ],
)
def test_how_far_a_list_was_read(walk: Walk, says: str) -> None:
    assert walk_evidence(walk).note == f"{says}，最新一条日期为2026年11月1日"
