"""What holds for the whole tree and no other tool watches: locks, launchers, the two commands, where the environment is read."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("data", "crawler", "spiders", "checks", "alerts", "scorecards", "cli", "simgov")
TEXT = {".py", ".md", ".toml", ".yml", ".yaml", ".cfg", ".txt", ".j2", ".html", ".lock", ".json", ".jsonl", ".mako", ""}


def files() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name for name in folders if name not in ("var", "build", "dist", "__pycache__") and (not name.startswith(".") or name == ".ci")
        ]
        # In a second working tree of one repository .git is a file, and names the place of the first.
        yield from (
            Path(folder, name) for name in names if Path(name).suffix in TEXT and name != ".git" and not name.startswith(".coverage")
        )


def pins(lock: str) -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for line in re.findall(r"^[A-Za-z0-9][^\n\\]*", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE):
        pin = Requirement(line.strip())
        found.setdefault(pin.name, []).append(pin)
    return found


def project() -> dict[str, list[Requirement]]:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "requirements.lock": [Requirement(text) for text in table["dependencies"]],
        "requirements-dev.lock": [Requirement(text) for text in table["dependencies"] + table["optional-dependencies"]["dev"]],
    }


def test_dev_lock_pins_what_the_lock_pins() -> None:
    dev = pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_satisfies_the_project(lock: str) -> None:
    locked = pins(lock)
    unmet = [
        str(wanted)
        for wanted in project()[lock]
        if not any(
            wanted.specifier.contains(Version(str(pin.specifier).removeprefix("==")), prereleases=True)
            for pin in locked.get(wanted.name, [])
        )
    ]
    assert not unmet, f"make {lock} again, CONTRIBUTING.md says how"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_a_hash(lock: str) -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9])", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("name", ["gongkai", "run-tests", ".ci/run"])
def test_launchers_are_executable(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)
    assert (ROOT / name).read_text(encoding="utf-8").startswith("#!/usr/bin/env ")


def test_setup_runs_without_any_package() -> None:
    """-I -S: no site-packages, no PYTHONPATH."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import tools.launch, tools.bootstrap"
    run = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_readme_names_the_two_commands_and_ci_calls_its_test_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"^\./gongkai demo\b", readme, re.MULTILINE)
    assert re.search(r"^\./run-tests\b", readme, re.MULTILINE)
    assert re.search(r"^\./run-tests\b", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)


def test_no_file_knows_the_machine_it_was_made_on() -> None:
    places = re.compile(r"(?<![\w.])/(?:wor" + r"k|home/\w+)/")
    found = [str(path.relative_to(ROOT)) for path in files() if places.search(path.read_text(encoding="utf-8", errors="replace"))]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    sources = [path for path in files() if path.suffix == ".py"]
    assert [str(path.relative_to(ROOT)) for path in sources if marks.search(path.read_text(encoding="utf-8"))] == []


def reads_environment(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr in ("environ", "getenv")
    )


def test_only_data_reads_the_environment() -> None:
    allowed = {ROOT / "data" / "config.py", ROOT / "data" / "machine.py"}
    found: list[str] = []
    for path in files():
        if path.suffix != ".py" or path.relative_to(ROOT).parts[0] not in ROOMS or path in allowed:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if reads_environment(node)
        ]
    assert found == []


def test_scrapy_runs_from_the_root() -> None:
    assert "default = crawler.settings" in (ROOT / "scrapy.cfg").read_text(encoding="utf-8")
