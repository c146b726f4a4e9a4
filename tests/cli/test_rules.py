"""`gongkai rules`: the catalogue, and policy packs as tables."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from cli.pack_rows import UNITS_ZH
from data.catalogue import load_rules
from data.packs import load_packs
from tests.cli.conftest import Gongkai, one_line


@pytest.mark.parametrize("name", load_packs())
def test_every_pack_is_shown_whole(name: str, gongkai: Gongkai) -> None:
    pack = load_packs()[name]
    run = gongkai("rules", "--pack", name, "--format", "jsonl")
    rows = [json.loads(line) for line in run.out.splitlines()]
    if pack.every_rule:
        assert [row["rule"] for row in rows] == [rule.id for rule in load_rules().values() if rule.enabled]
    else:
        assert list(dict.fromkeys((row["clause"], row["quote"]) for row in rows)) == list(
            dict.fromkeys((f"{duty.source} {duty.clause}" if duty.source else duty.clause, duty.quote) for duty in pack.duties)
        )
        assert all(row["observes"] for row in rows)
        assert f"{len(pack.duties)} 项要求" in run.err
    assert run.status == 0


def test_a_pack_says_what_no_crawl_sees_and_ends_with_counts(gongkai: Gongkai) -> None:
    shown = gongkai("rules", "--pack", "baoshan-2020").out
    assert "采集不可见" in shown
    assert "尚无规则" in shown
    assert shown.strip().splitlines()[-1].startswith("宝山区2020年政务公开工作要点：77 项要求")


def test_thresholds_are_those_of_the_document(gongkai: Gongkai) -> None:
    rows = list(csv.DictReader(io.StringIO(gongkai("rules", "--pack", "litong-2017", "--format", "csv").out)))
    figures = {row["规则"]: row["标准"] for row in rows}
    assert figures["policy-published-5-working-days"] == "5个工作日"
    assert figures["repost-upper-72h"] == "72小时"
    assert figures["interpretation-exists"] == "3个工作日（产品默认）"


def test_markdown_keeps_text_text(gongkai: Gongkai) -> None:
    lines = gongkai("rules", "--pack", "loudi-2021", "--format", "markdown").out.splitlines()
    assert lines[0].startswith("| 条款 | 要求 |")
    assert {line.count("|") for line in lines} == {6}


def test_an_unknown_pack_is_named(gongkai: Gongkai) -> None:
    run = gongkai("rules", "--pack", "nowhere-2020")
    assert (run.status, "--pack nowhere-2020: no such pack; known: core, national" in one_line(run.err)) == (2, True)
    assert "not both" in one_line(gongkai("rules", "site-reachable", "--pack", "core").err)


def test_the_catalogue_shows_packs_and_how_units_are_told(gongkai: Gongkai) -> None:
    rows = {row["id"]: row for row in map(json.loads, gongkai("rules", "--format", "jsonl").out.splitlines())}
    assert rows["repost-upper-72h"]["packs"] == "core、litong-2017"
    assert rows["repost-upper-72h"]["alert"] == "自动告知"


def test_a_rule_shows_where_sites_differ(gongkai: Gongkai, registry: Path) -> None:
    text = registry.read_text(encoding="utf-8").replace(
        "crawl:", "rules: {interpretation-in-sync: {threshold: 7}, site-reachable: {enabled: false, why: 网站迁移中}}, crawl:"
    )
    registry.write_text(text, encoding="utf-8")
    assert "unit：标准 7 workday（registry）" in gongkai("rules", "interpretation-in-sync", "--registry", registry).out
    assert "unit：未启用（网站迁移中）" in gongkai("rules", "site-reachable", "--registry", registry).out


def test_a_rule_that_no_site_has_in_force_is_one_line(gongkai: Gongkai, registry: Path) -> None:
    text = registry.read_text(encoding="utf-8").replace("crawl:", "packs: [loudi-2021], crawl:")
    registry.write_text(text, encoding="utf-8")
    run = gongkai("check", "--rule", "repost-upper-72h", "--registry", registry, "--state", registry.parent / "var")
    assert (run.status, "--rule repost-upper-72h: in force for none of these sites" in one_line(run.err)) == (2, True)


def test_an_override_that_nothing_grounds_is_one_line(gongkai: Gongkai, registry: Path) -> None:
    text = registry.read_text(encoding="utf-8").replace("crawl:", "packs: [loudi-2021], rules: {repost-upper-72h: {enabled: true}}, crawl:")
    registry.write_text(text, encoding="utf-8")
    run = gongkai("registry", "check", registry)
    assert (run.status, "name a pack that does" in one_line(run.err)) == (2, True)


def test_every_unit_of_the_catalogue_has_a_word_for_readers() -> None:
    assert {rule.threshold.unit for rule in load_rules().values() if rule.threshold is not None} <= set(UNITS_ZH)
