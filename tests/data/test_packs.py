"""The policy packs: every duty of every document, quotes exact, rules that exist."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from data.catalogue import load_rules
from data.packs import Duty, Pack, load_packs

POLICY = Path(os.environ.get("GONGKAI_POLICY", Path(__file__).resolve().parents[2] / "../shared/policy"))
PACKS = load_packs()
DOCUMENTS = [pack for pack in PACKS.values() if pack.document is not None]

_PART = re.compile(r"^\s*([一二三四五六七八九十]+)、")
_SECTION = re.compile(r"^\s*[(（]([一二三四五六七八九十]+)[)）]")
_ITEM = re.compile(r"^\s*(\d+)[、.．]")


def _text(pack: Pack) -> str | None:
    """The document as it lies in the policy folder: the one that holds the pack's first quote and its last."""
    for path in sorted(POLICY.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        if all(_squeezed(duty.quote) in _squeezed(text) for duty in (pack.duties[0], pack.duties[-1])):
            return text
    return None


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _document(pack: Pack) -> str:
    if not list(POLICY.glob("*.txt")):
        pytest.skip(f"no policy documents at {POLICY}; set GONGKAI_POLICY to check the quotes")
    text = _text(pack)
    assert text is not None, f"no policy document holds the quotes of {pack.id}"
    return text


def _numbers(text: str) -> list[str]:
    """Every numbered heading as its clause is written: 二(一)13; a part that has no sections stands for itself."""
    body = text[text.rindex("一、", 0, text.index("(一)") if "(一)" in text else None) :]
    numbers: list[str] = []
    part = section = ""
    for line in body.splitlines():
        if found := _PART.match(line):
            part, section = found.group(1), ""
            numbers.append(part)
        elif found := _SECTION.match(line):
            section = f"{part}({found.group(1)})"
            numbers.append(section)
        elif (found := _ITEM.match(line)) and section:
            numbers.append(f"{section}{found.group(1)}")
    return numbers


@pytest.mark.parametrize("pack", DOCUMENTS, ids=lambda pack: pack.id)
def test_quotes_are_exact(pack: Pack) -> None:
    text = _squeezed(_document(pack))
    assert [duty.quote for duty in pack.duties if _squeezed(duty.quote) not in text] == []


@pytest.mark.parametrize("pack", DOCUMENTS, ids=lambda pack: pack.id)
def test_every_numbered_heading_has_a_duty(pack: Pack) -> None:
    numbers = _numbers(_document(pack))
    clauses = [duty.clause for duty in pack.duties]
    assert len(numbers) > 10
    assert [number for number in numbers if not any(clause.startswith(number) for clause in clauses)] == []
    assert [clause for clause in clauses if clause not in numbers] == []
    assert sorted(clauses, key=numbers.index) == clauses  # in the document's order


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: pack.id)
def test_every_rule_that_is_named_exists(pack: Pack) -> None:
    assert set(pack.rules) - set(load_rules()) == set()
    for named, duty in pack.named():
        rule = load_rules().get(named.rule)
        if rule is not None:
            assert named.threshold is None or rule.threshold is not None, f"{duty.clause}: {rule.id} has no threshold to set"
            assert set(named.params) <= set(rule.params)


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: pack.id)
def test_what_people_read_is_courteous(pack: Pack) -> None:
    for duty in pack.duties:
        for text in (duty.duty, duty.observes, duty.not_covered, duty.not_visible):
            assert text is None or (re.search(r"[\u4e00-\u9fff]", text) and not re.search("违法|造假|违规|隐瞒", text))


@pytest.mark.parametrize("pack", DOCUMENTS, ids=lambda pack: pack.id)
def test_a_pack_is_the_document_of_the_clauses_that_rules_cite(pack: Pack) -> None:
    cited = {clause.source for rule in load_rules().values() for clause in rule.clauses if pack.owns(clause.source)}
    assert cited <= {pack.document}
    assert pack.since is not None


def test_core_comes_first_and_national_next() -> None:
    assert list(PACKS)[:2] == ["core", "national"]
    assert PACKS["core"].every_rule


def test_no_local_document_counts_as_national() -> None:
    national = PACKS["national"]
    assert [pack.id for pack in DOCUMENTS if national.owns(pack.document or "")] == []
    assert not national.owns("郑州市人民政府办公厅《关于做好行政机关政策文件解读工作的通知》")
    assert national.owns("《政府网站发展指引》（国办发〔2017〕47号）")


def test_a_duty_gives_one_answer() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Duty(clause="一", quote="引文", duty="要求")
    with pytest.raises(ValueError, match="what is observed"):
        Duty.model_validate({"clause": "一", "quote": "引文", "duty": "要求", "rules": [{"rule": "empty-columns"}]})
