from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import main


@dataclass(frozen=True, slots=True)
class Run:
    """What one call of the command gave."""

    status: int
    out: str
    err: str


Gongkai = Callable[..., Run]


def one_line(err: str) -> str:
    (line,) = err.strip().splitlines()
    assert line.startswith("gongkai: ")
    assert "Traceback" not in line
    return line


@pytest.fixture
def gongkai(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Gongkai]:
    """The command, in this process, in a folder of its own."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["gongkai", *map(str, arguments)])
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            for handler in root.handlers:
                handler.close()
        said = capsys.readouterr()
        return Run(int(ended.value.code or 0), said.out, said.err)

    yield run
    root.handlers[:] = before
    root.setLevel(level)


REGISTRY = """
version: 1
region: 示例区
sites:
  - {id: unit, name: 示例区人民政府, profile: district-portal, home: "http://127.0.0.1:1/", crawl: {delay: 0, render: never}}
"""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "registry.yml"
    path.write_text(REGISTRY, encoding="utf-8")
    return path
