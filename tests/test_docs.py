"""What the documents say holds: generated pages, verbs, options, launchers, registry keys, paths and links."""

from __future__ import annotations

import os
import re
import types
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import pytest
import yaml
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from data.catalogue import load_columns, load_rules
from data.packs import load_packs
from data.registry import Contact, CrawlOptions, MustRepost, Registry, Site
from data.registry_delivery import DeliveryOptions
from data.registry_notices import FindingOptions, Ladder, NoticeOptions
from data.registry_rules import HolidayOptions, RuleOverride
from data.registry_schedule import ScheduleOptions
from data.registry_scorecard import ScorecardOptions
from docs.generate import PAGES, common_options, verbs

ROOT = Path(__file__).resolve().parents[1]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES_OF_DOCS = (*READMES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
LAUNCHERS = ("gongkai", "run-tests")
LATER = ("serve", "worker")  # in the agreed contract, and said to be absent
OF_THE_LAUNCHER = "setup"  # tools/launch.py answers it, before there is anything to run

pages = pytest.mark.parametrize("page", PAGES_OF_DOCS, ids=lambda page: page.name)


def blocks_of(page: Path) -> str:
    """What stands in fenced blocks, comments gone."""
    blocks = re.findall(r"^ *```[^\n]*\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return re.sub(r"\s+#.*$", "", "\n".join(blocks), flags=re.MULTILINE)


def code_of(page: Path) -> str:
    """What stands in fenced blocks and in code spans, a line each."""
    outside = re.sub(r"^ *```.*?^ *```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return "\n".join([blocks_of(page), *re.findall(r"`([^`\n]+)`", outside)])


def calls_of(page: Path) -> list[tuple[str, str]]:
    """The verb and the rest of every call of gongkai on a page."""
    found = []
    for words in re.findall(r"(?:^|[ /])gongkai +([a-z][^\n#&|]*)", code_of(page), re.MULTILINE):
        verb = next((name for name in sorted(verbs(), key=len, reverse=True) if f"{words} ".startswith(f"{name} ")), words.split()[0])
        found.append((verb, words.removeprefix(verb)))
    return found


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_what_its_source_gives(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"docs/{name} is out of date: run .venv/bin/python -m docs.generate"


@pages
def test_documented_verbs_and_options_exist(page: Path) -> None:
    wrong = []
    for verb, rest in calls_of(page):
        if verb == OF_THE_LAUNCHER:
            continue
        if verb not in verbs():
            wrong.append(f"gongkai {verb}")
            continue
        known = common_options() | {option for parameter in verbs()[verb].params for option in (*parameter.opts, *parameter.secondary_opts)}
        wrong += [f"gongkai {verb} {option}" for option in re.findall(r"(?<!\S)--[a-z-]+", rest) if option not in known]
    assert wrong == []


def test_options_named_alone_exist() -> None:
    known = common_options() | {
        option for command in verbs().values() for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    for page in (*READMES, *sorted((ROOT / "docs").glob("*.md"))):
        named = set(re.findall(r"`(--[a-z-]+)", page.read_text(encoding="utf-8")))
        assert sorted(named - known) == [], page.name


def test_contract_page_names_every_verb_and_what_is_absent() -> None:
    text = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    assert [verb for verb in verbs() if f"| `gongkai {verb}" not in text] == []
    assert [verb for verb in LATER if verb in verbs()] == [], "say in the documents that it is there now"
    assert [verb for verb in LATER if f"(`{verb}`)" not in text] == []


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_readme_commands_are_the_launchers(page: Path) -> None:
    named = set(re.findall(r"(?:^|[\s`])\./([\w.-]+)", code_of(page), re.MULTILINE))
    assert named == set(LAUNCHERS)
    assert all(os.access(ROOT / name, os.X_OK) for name in named)
    assert all(name in (ROOT / ".ci" / "run").read_text(encoding="utf-8") for name in ("./run-tests", "./gongkai"))


@pages
def test_paths_and_links_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [target.partition("#")[0] for target in re.findall(r"\]\((?!https?:)([^)]*)\)", re.sub(r"`[^`\n]*`", "", text))]
    assert [link for link in links if link and not (page.parent / link).exists()] == []
    rooms = "data|crawler|spiders|checks|alerts|scorecards|cli|simgov|tools|docs|tests"
    paths = re.findall(rf"`((?:{rooms})/[\w./-]+)`", text)
    assert [path for path in paths if "ID" not in path and not (ROOT / path).exists()] == []


@pages
def test_every_registry_in_the_documents_is_valid(page: Path) -> None:
    blocks = re.findall(r"^( *)```yaml\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for indent, block in blocks:
        text = "\n".join(line.removeprefix(indent) for line in block.splitlines())
        if "version" in yaml.safe_load(text):
            columns = [column.id for column in load_columns().columns]
            Registry.parse(text, page.name, known_rules=load_rules(), known_columns=columns, known_packs=load_packs())


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("The file", Registry),
        ("A site", Site),
        ("crawl", CrawlOptions),
        ("must_repost", MustRepost),
        ("A contact", Contact),
        ("rules", RuleOverride),
        ("holidays", HolidayOptions),
        ("notices", NoticeOptions),
        ("ladder", Ladder),
        ("findings", FindingOptions),
        ("delivery", DeliveryOptions),
        ("schedule", ScheduleOptions),
        ("scorecard", ScorecardOptions),
    ],
)
def test_registry_page_names_every_key_with_its_default(heading: str, model: type[BaseModel]) -> None:
    text = (ROOT / "docs" / "registry.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = dict(re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]*) \|", section, re.MULTILINE))
    assert set(rows) == set(model.model_fields)
    for key, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True)
        if default is PydanticUndefined:
            assert rows[key].startswith("required"), key
        elif _plain(default) is not None:
            assert rows[key] == f"`{_plain(default)}`", key


def _plain(default: Any) -> str | None:
    """A default as the page writes it; None where the page says it in words."""
    if default is None or isinstance(default, BaseModel):
        return None
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, str):
        return str(default) or '""'
    if isinstance(default, tuple):
        return f"[{', '.join(str(item) for item in default)}]"
    return "{}" if isinstance(default, Mapping) else str(default)


def test_registry_page_names_every_choice() -> None:
    text = (ROOT / "docs" / "registry.md").read_text(encoding="utf-8")
    for model in (Site, CrawlOptions):
        for field in model.model_fields.values():
            kind: Any = field.annotation
            for choice in get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,):
                if isinstance(choice, type) and issubclass(choice, StrEnum):
                    assert [value for value in choice if f"`{value}`" not in text] == []


def test_readmes_have_the_same_commands() -> None:
    english, chinese = ([line.strip() for line in blocks_of(page).splitlines() if line.strip().startswith("./")] for page in READMES)
    assert english == chinese
