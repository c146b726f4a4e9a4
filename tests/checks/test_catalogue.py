"""The rule entries: quotes exact, wording courteous, ids that exist."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from data.catalogue import Rule, gloss, load_columns, load_reasons, load_rules

POLICY = Path(os.environ.get("GONGKAI_POLICY", Path(__file__).resolve().parents[2] / "../shared/policy"))
RULES = list(load_rules().values())
_PARTS = ("pass", "fail", "due-soon", "not-applicable", "inconclusive")


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_seed_quotes_are_exact(rule: Rule) -> None:
    files = sorted(POLICY.glob("*.txt"))
    if not files:
        pytest.skip(f"no policy documents at {POLICY}; set GONGKAI_POLICY to check the quotes")
    texts = [_squeezed(path.read_text(encoding="utf-8")) for path in files]
    for clause in rule.clauses:
        if clause.status == "seed":
            assert clause.quote is not None
            assert any(_squeezed(clause.quote) in text for text in texts), f"{clause.source} {clause.clause}: {clause.quote}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_cites_something_and_names_known_columns(rule: Rule) -> None:
    assert any(clause.citable for clause in rule.clauses) or not rule.enabled  # what nothing citable bears is switched off
    others = rule.params.get("other_law_columns", [])
    assert [column for column in (*rule.columns, *others) if load_columns().get(column) is None] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_wording_is_courteous_and_says_how_to_mend(rule: Rule) -> None:
    for key, text in rule.wording.items():
        assert key.split(".")[0] in _PARTS
        assert text.endswith("。")
        assert not re.search("违法|造假|违规|作假|隐瞒", text)
        if key.startswith("fail."):
            assert "请核实" in text
    assert rule.remedy.startswith("请") or "请" in rule.remedy
    assert {"inconclusive.unobserved", "inconclusive.check-error"} <= set(rule.wording)


def test_reason_keys_are_glossed() -> None:
    assert all(re.fullmatch(r"[a-z0-9-]+\*?", key) for key in load_reasons())
    assert gloss("http-503") == "页面返回错误状态"
    assert gloss("http-404") == "页面不存在"
    assert "new-key" in gloss("new-key")
