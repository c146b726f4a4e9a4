"""The set-up: made once, found again at once, mended where it was cut off; what others made is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tools import bootstrap, launch, parts, verify
from tools.pip import PipError

ROOT = Path(__file__).resolve().parents[2]


class Tree:
    """A tree of its own whose packages are one empty module; `installed` counts the installs, `fail` breaks the next one."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.stamp = self.venv / "gongkai-stamp"
        self.installed: list[str] = []
        self.fail: BaseException | None = None
        (root / launch.LOCK).write_text("a==1\n", encoding="utf-8")
        (root / launch.DEV_LOCK).write_text("a==1\nb==1\n", encoding="utf-8")
        python = self.venv / "bin" / "python"
        for name, value in (("ROOT", root), ("VENV", self.venv), ("PYTHON", python), ("_STAMP", self.stamp)):
            monkeypatch.setattr(launch, name, str(value))
        for name, value in (("_ROOT", root), ("_VENV", self.venv), ("_PYTHON", python), ("_UNFINISHED", self.venv / "gongkai-unfinished")):
            monkeypatch.setattr(bootstrap, name, value)
        monkeypatch.setattr(bootstrap, "pip_command", lambda _cache, _python: [])
        monkeypatch.setattr(bootstrap, "install", self._install)

    def _install(self, _pip: Sequence[str], lock: Path, _log: Path, note: Callable[[str], None]) -> None:
        note("a")
        self.installed.append(lock.name)
        if self.fail is not None:
            error, self.fail = self.fail, None
            raise error

    def prepare(self, lock: str = launch.LOCK) -> int:
        return bootstrap.prepare(lock, extras=False, again=False)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    return Tree(tmp_path, monkeypatch)


def test_made_once_then_found(tree: Tree) -> None:
    assert not launch.ready(launch.LOCK)
    assert tree.prepare() == 0
    assert launch.ready(launch.LOCK)
    written = {path: path.stat().st_mtime_ns for path in tree.venv.rglob("*")}
    assert tree.prepare() == 0
    assert tree.installed == [launch.LOCK]
    assert {path: path.stat().st_mtime_ns for path in tree.venv.rglob("*")} == written


def test_dev_packages_hold_the_others_too(tree: Tree) -> None:
    tree.prepare(launch.DEV_LOCK)
    assert launch.ready(launch.LOCK)
    assert launch.ready(launch.DEV_LOCK)


def test_changed_lock_is_installed_into_the_same_environment(tree: Tree) -> None:
    tree.prepare()
    kept = tree.venv / "kept"
    kept.touch()
    (tree.root / launch.LOCK).write_text("a==2\n", encoding="utf-8")
    assert not launch.ready(launch.LOCK)
    assert tree.prepare() == 0
    assert kept.exists()
    assert tree.installed == [launch.LOCK] * 2


@pytest.mark.parametrize("error", [PipError("pip: no"), OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_cut_off_setup_is_begun_anew(error: BaseException, tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.fail = error
    assert tree.prepare() in (4, 130)
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("gongkai: ")
    assert not launch.ready(launch.LOCK)
    left = tree.venv / "half"
    left.touch()
    assert tree.prepare() == 0
    assert not left.exists()
    assert launch.ready(launch.LOCK)


def test_moved_tree_is_set_up_anew(tree: Tree) -> None:
    tree.prepare()
    tree.stamp.write_text(tree.stamp.read_text(encoding="utf-8").replace(f"tree {tree.root}", "tree /elsewhere"), encoding="utf-8")
    (tree.venv / "old").touch()
    assert tree.prepare() == 0
    assert not (tree.venv / "old").exists()


def test_environment_without_its_python_is_set_up_anew(tree: Tree) -> None:
    tree.prepare()
    python = tree.venv / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert not launch.ready(launch.LOCK)
    assert tree.prepare() == 0
    assert python.exists()


def test_environment_of_somebody_else_is_completed_not_removed(tree: Tree) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tree.venv)], check=True)
    (tree.venv / "theirs").touch()
    assert tree.prepare() == 0
    assert (tree.venv / "theirs").exists()


def test_folder_that_is_no_environment_is_not_removed(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.venv.mkdir()
    (tree.venv / "theirs").touch()
    assert tree.prepare() == 4
    assert "remove it and run again" in capsys.readouterr().err
    assert (tree.venv / "theirs").exists()


def test_environment_behind_a_link_is_left_alone(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    other = tree.root / "other"
    other.mkdir()
    (other / "gongkai-stamp").write_text("tree /elsewhere\n", encoding="utf-8")
    tree.venv.symlink_to(other)
    assert tree.prepare() == 4
    assert "is a link to another folder" in capsys.readouterr().err
    assert (other / "gongkai-stamp").exists()
    assert tree.installed == []


def test_two_first_runs_at_once_install_once(tree: Tree) -> None:
    runs = [threading.Thread(target=tree.prepare) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert tree.installed == [launch.LOCK]


def test_command_runs_this_tree(tree: Tree) -> None:
    (tree.root / "cli").mkdir()
    (tree.root / "cli" / "main.py").write_text(
        "import sys\n\ndef main() -> int:\n    print(sys.argv[1:])\n    return 3\n", encoding="utf-8"
    )
    tree.prepare()
    run = subprocess.run([str(tree.venv / "bin" / "gongkai"), "a b"], capture_output=True, text=True, check=False, cwd="/")
    assert (run.returncode, run.stdout) == (3, "['a b']\n")


def test_python_that_is_too_old_is_told_in_one_line(tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.version_info = (3, 9, 2, 'final', 0); from tools.launch import gongkai; gongkai([])"
    run = subprocess.run([sys.executable, "-c", code], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.count("\n") == 1
    assert "needs Python 3.11.2 or newer, found 3.9.2" in run.stderr


def fake_browser(folder: Path, answer: str) -> Path:
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\necho '{answer}'\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("answer", "works"), [("<html><head></head><body></body></html>", True), ("error while loading shared libraries", False)]
)
def test_browser_counts_if_it_renders(answer: str, works: bool, tmp_path: Path) -> None:
    assert parts.starts(fake_browser(tmp_path, answer)) is works


def test_parts_that_cannot_be_had_are_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GONGKAI_BROWSER", "none")
    monkeypatch.setattr(parts, "find_cjk_font", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    parts.settle(tmp_path)
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.partition(":")[0] for line in said.err.splitlines()] == ["gongkai"] * 2
    assert "Pages that need JavaScript stay unobserved" in said.err
    assert (tmp_path / "gongkai-parts").read_text(encoding="utf-8").startswith("browser none")


@pytest.mark.parametrize(
    ("arguments", "extras"),
    [
        (["demo"], False),
        (["crawl"], True),
        (["crawl", "--replay", "a.warc"], False),
        (["run"], True),
        (["run", "--help"], False),
        (["check"], False),
        ([], False),
    ],
)
def test_browser_is_looked_for_where_live_pages_are_fetched(arguments: list[str], extras: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def prepare(_lock: str, *, extras: bool, again: bool) -> int:
        assert not again
        asked.append(extras)
        return 4

    monkeypatch.setattr(launch, "ready", lambda _lock: False)
    monkeypatch.setattr(bootstrap, "prepare", prepare)
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("went on"))
    assert launch.gongkai(arguments) == 4
    assert asked == [extras]


def test_arguments_go_to_pytest_alone() -> None:
    assert [check.name for check in verify.checks(["tests/data", "-k", "x"])] == ["pytest"]
    assert [check.name for check in verify.checks([])] == [
        "ruff check",
        "ruff format",
        "mypy --strict",
        "import contracts",
        "tests",
        "slow tests",
    ]
