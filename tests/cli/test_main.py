"""Exit statuses, and errors of one line that name file, key and mend."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from data.database import Database
from data.verdicts import begin_run, save_verdicts
from tests.alerts.builders import at, make_verdict
from tests.cli.conftest import REGISTRY, Gongkai, one_line
from tests.support.pages import article, listing, nav, page, titles
from tests.support.sites import served

ROOT = Path(__file__).resolve().parents[2]


WRONG_REGISTRIES = {
    "wrong-key": (REGISTRY.replace("home:", "hmoe: x, home:"), "sites[0].hmoe (site unit): unknown key"),
    "wrong-url": (REGISTRY.replace("http://127.0.0.1:1/", "www.example.gov.cn"), "is no URL"),
    "unknown-parent": (REGISTRY.replace("home:", "parent: nowhere, home:"), "parent: unknown site 'nowhere'"),
    "unknown-upper": (REGISTRY.replace("home:", "upper: [nowhere], home:"), "upper: unknown site 'nowhere'"),
    "duplicate": (REGISTRY + "  - {id: unit, name: 乙, profile: town, home: 'http://127.0.0.2/'}\n", "'unit' stands at sites[0] already"),
    "unknown-column": (REGISTRY.replace("home:", "columns: {nocolumn: 'http://127.0.0.1/'}, home:"), "unknown column"),
    "unknown-rule": (REGISTRY + "rules: {no-rule: {enabled: false}}\n", "rules.no-rule: unknown rule"),
    "no-yaml": ("version: [1", "not valid YAML"),
    "no-threshold": (REGISTRY + "rules: {four-part-disclosure-column: {threshold: nine}}\n", "rules.four-part-disclosure-column.threshold"),
}


@pytest.mark.parametrize("verb", [("registry", "check"), ("crawl", "--registry"), ("run", "--registry")], ids=["check", "crawl", "run"])
@pytest.mark.parametrize(("content", "said"), WRONG_REGISTRIES.values(), ids=WRONG_REGISTRIES)
def test_wrong_registry(content: str, said: str, verb: tuple[str, str], gongkai: Gongkai, tmp_path: Path) -> None:
    path = tmp_path / "registry.yml"
    path.write_text(content, encoding="utf-8")
    run = gongkai(*verb, path)
    assert run.status == 2
    assert said in one_line(run.err)
    assert "registry.yml" in run.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["crawl"], "no registry: give --registry FILE or set GONGKAI_REGISTRY"),
        (["crawl", "--registry", "nowhere.yml"], "nowhere.yml: no such file"),
        (["crawl", "--site", "nowhere", "-R"], "unknown site 'nowhere'; the registry has: unit"),
        (["check", "--rule", "no-rule", "-R"], "--rule no-rule: no such rule"),
        (["check", "--now", "yesterday", "-R"], "--now: 'yesterday' is no time; write ISO 8601"),
        (["check", "--database", "nonsense", "-R"], "--database nonsense: no usable database URL"),
        (["verdicts", "--status", "bad", "-R"], "--status bad: no such status; known: due-soon, fail"),
        (["findings", "--status", "bad", "-R"], "--status bad: no such state; known: open"),
        (["findings", "--format", "xlsx", "-R"], "--format xlsx: a workbook needs a file; add --out FILE.xlsx"),
        (["columns", "-R"], "columns: which site? write: gongkai columns SITE"),
        (["rules", "no-rule"], "rules: no rule 'no-rule'"),
        (["scorecard", "--week", "2026-99", "-R"], "2026-99"),
        (["crawl", "--replay", "nowhere.warc", "-R"], "--replay nowhere.warc: cannot be read"),
        (["extract", "nowhere.html", "--url", "http://a.example/"], "nowhere.html: cannot be read (No such file or directory)"),
        (["extract", "registry.yml"], "give the page's address with --url URL"),
        (["extract", ".", "--url", "http://a.example/"], "several pages need --urls MAP.jsonl"),
        (["extract", ".", "--urls", "nowhere.jsonl"], "nowhere.jsonl"),
        (["registry", "import", "nowhere.xlsx"], "nowhere.xlsx: no such file"),
        (["demo", "--today", "tomorrow"], "--today tomorrow: no date"),
        (["findings", "--state", "registry.yml/x", "-R"], "registry.yml/x"),
        (["findings", "--out", "registry.yml/x.txt", "-R"], "registry.yml"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_wrong_usage(arguments: list[str], said: str, gongkai: Gongkai, registry: Path) -> None:
    given = [word for argument in arguments for word in (("--registry", str(registry)) if argument == "-R" else (argument,))]
    run = gongkai(*given)
    assert said in one_line(run.err)
    assert run.status == 2, run.err


@pytest.mark.parametrize(
    "arguments",
    [["no-verb"], ["crawl", "--no-option"], ["crawl", "--sites-at-once", "0"], ["findings", "--format", "pdf"], ["registry", "check"]],
)
def test_usage_that_is_not_understood(arguments: list[str], gongkai: Gongkai) -> None:
    run = gongkai(*arguments)
    assert run.status == 2
    assert "Traceback" not in run.err


def test_unknown_schema_version(gongkai: Gongkai, registry: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gongkai.sqlite'}"
    database = Database.open(url)
    with database.session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    run = gongkai("check", "--registry", registry, "--database", url)
    assert (run.status, "schema version 9999 is not known" in one_line(run.err)) == (2, True)


def test_a_page_that_is_no_html(gongkai: Gongkai, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"%PDF-1.4\n\x00\x01")
    run = gongkai("extract", tmp_path / "a.html", "--url", "http://a.example/")
    assert run.status == 2
    assert "a.html" in one_line(run.err)


@pytest.mark.parametrize(
    "verb", [("registry", "check"), ("alert", "--registry"), ("alert", "--dry-run", "--registry"), ("run", "--registry")]
)
def test_a_channel_that_does_not_parse(verb: tuple[str, ...], gongkai: Gongkai, tmp_path: Path) -> None:
    path = tmp_path / "registry.yml"
    path.write_text(
        REGISTRY + 'supervisors: [{role: 政务公开办, channels: ["nothing-known://secret", "json://127.0.0.1/${HOOK}"]}]\n', encoding="utf-8"
    )
    run = gongkai(*verb, path)
    assert run.status == 2
    assert "registry.yml: supervisors: nothing-known://***: no known Apprise scheme" in one_line(run.err)
    assert "unit:" not in run.out, "nothing is crawled before"


def test_help_and_no_verb(gongkai: Gongkai) -> None:
    run = gongkai("--help")
    assert run.status == 0
    for verb in (
        "run",
        "crawl",
        "check",
        "alert",
        "scorecard",
        "findings",
        "verdicts",
        "documents",
        "extract",
        "columns",
        "rules",
        "registry",
        "demo",
        "doctor",
    ):
        assert f"\n  {verb} " in run.out
    assert gongkai("crawl", "--help").status == 0


def test_an_unforeseen_error_is_one_line_and_debug_shows_more(gongkai: Gongkai, registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("cli.findings.latest_verdicts", broken)
    run = gongkai("verdicts", "--registry", registry)
    assert run.status == 4
    assert one_line(run.err) == "gongkai: failed: RuntimeError: two lines; --debug shows where"
    with pytest.raises(RuntimeError, match="two"):
        gongkai("verdicts", "--registry", registry, "--debug")


def test_ctrl_c(gongkai: Gongkai, registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.findings.latest_verdicts", interrupted)
    run = gongkai("verdicts", "--registry", registry)
    assert (run.status, run.err) == (130, "stopped; what was stored is kept, and the next run goes on\n")


def test_violations_give_one_where_asked(gongkai: Gongkai, registry: Path, tmp_path: Path) -> None:
    state = ("--registry", registry, "--state", tmp_path / "var", "--now", "2026-11-02T12:00")
    assert gongkai("check", *state, "--fail-on-violation").status == 0
    database = Database.open(f"sqlite:///{tmp_path / 'var' / 'gongkai.sqlite'}")
    verdict = make_verdict(site="unit", rule="empty-columns", kind="site", url=None)
    save_verdicts(database, begin_run(database, at("2026-11-02"), ["unit"]), "unit", ["empty-columns"], [verdict])
    database.close()
    shown = gongkai("verdicts", *state, "--format", "jsonl", "--status", "fail")
    (line,) = shown.out.splitlines()
    assert (shown.status, json.loads(line)["rule"]) == (0, "empty-columns")
    assert gongkai("alert", *state, "--dry-run").status == 0


def test_a_site_that_cannot_be_observed_gives_three(gongkai: Gongkai, registry: Path) -> None:
    run = gongkai("crawl", "--registry", registry)
    assert run.status == 3
    assert "unit: blocked" in run.out


def test_a_whole_round_of_one_small_site(gongkai: Gongkai, tmp_path: Path) -> None:
    entries = titles(3)
    pages = {
        "/": page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件")])),
        "/zwgk/zcwj/": listing("政策文件", entries),
        **{url: article(title, day) for url, title, day in entries},
    }
    with served(pages) as site:
        path = tmp_path / "registry.yml"
        path.write_text(REGISTRY.replace("http://127.0.0.1:1", site.base), encoding="utf-8")
        common = ("--registry", path, "--now", "2026-11-21T12:00")
        run = gongkai("run", *common)
        assert run.status in (0, 3), run.err
        assert "unit: complete" in run.out
        documents = [json.loads(line) for line in gongkai("documents", *common, "--format", "jsonl").out.splitlines()]
        assert {document["title"] for document in documents} == {title for _, title, _ in entries}
        assert {document["column"] for document in documents} == {"zcwj"}
        assert {document["published_at"][:10] for document in documents} == {day for _, _, day in entries}
        tree = gongkai("columns", "unit", *common)
        assert "政策文件" in tree.out
        assert "# 可写入登记表" in tree.out
        verdicts = [json.loads(line) for line in gongkai("verdicts", *common, "--format", "jsonl").out.splitlines()]
        assert {verdict["site"] for verdict in verdicts} == {"unit"}
        assert list((tmp_path / "var" / "archive" / "unit").glob("*.warc.gz"))
        log = (tmp_path / "var" / "logs" / "gongkai.log").read_text(encoding="utf-8")
        assert not [line for line in log.splitlines() if "Traceback" in line or " ERROR " in line]


def test_extract_several(gongkai: Gongkai, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_bytes(
        article("关于停车管理的通知", "2026-11-13").encode("gb18030").replace(b'charset="utf-8"', b'charset="gbk"')
    )
    (folder / "b.html").write_text(listing("政策文件", titles(3)), encoding="utf-8")
    (tmp_path / "map.jsonl").write_text(
        '{"file": "a.html", "url": "http://a.example/zwgk/t20261113_1.html"}\n\n{"file": "b.html", "url": "http://a.example/zwgk/"}\n',
        encoding="utf-8",
    )
    run = gongkai("extract", folder, "--urls", tmp_path / "map.jsonl")
    assert run.status == 0, run.err
    first, second = (json.loads(line) for line in run.out.splitlines())
    assert (first["page"], first["title"], first["published_at"]) == ("document", "关于停车管理的通知", "2026-11-13T10:30:00+08:00")
    assert (second["page"], len(second["entries"]), second["pager"]) == ("list", 3, None)
    assert list(second) == ["page", "url", "title", "entries", "pager"]
    (tmp_path / "map.jsonl").write_text('{"file": "c.html", "url": "http://a.example/"}\n', encoding="utf-8")
    assert "no file 'c.html'" in one_line(gongkai("extract", folder, "--urls", tmp_path / "map.jsonl").err)


@pytest.mark.slow
def test_as_a_process(tmp_path: Path) -> None:
    """Nothing but the one line on stderr, nothing on stdout, status 2; and a closed pipe is no error."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "GONGKAI_STATE": str(tmp_path)}
    command = [sys.executable, "-c", "from cli.main import main; main()"]
    run = subprocess.run([*command, "crawl", "--registry", "nowhere.yml"], capture_output=True, text=True, env=environ, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert one_line(run.stderr) == "gongkai: nowhere.yml: no such file; give the registry with --registry FILE or GONGKAI_REGISTRY"
    piped = subprocess.run(
        f"{sys.executable} -c 'from cli.main import main; main()' rules --format jsonl | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        env=environ,
        check=False,
    )
    assert (len(piped.stdout.splitlines()), piped.stderr) == (1, "")
