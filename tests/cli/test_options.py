"""The common options stand before the verb or after it; the environment comes last."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Gongkai

PLACES: dict[str, Callable[[Path, Path], tuple[object, ...]]] = {
    "before": lambda registry, state: ("--registry", registry, "--state", state, "findings"),
    "after": lambda registry, state: ("findings", "--registry", registry, "--state", state),
    "both": lambda registry, state: ("--state", state, "findings", "--registry", registry),
    "after-wins": lambda registry, state: (
        "--registry",
        "nowhere.yml",
        "--state",
        "elsewhere",
        "findings",
        "--registry",
        registry,
        "--state",
        state,
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_places(place: str, gongkai: Gongkai, registry: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    run = gongkai(*PLACES[place](registry, state), "--site", "unit")
    assert run.status == 0, run.err
    assert (state / "gongkai.sqlite").is_file()
    assert not (tmp_path / "var").exists()
    assert not (tmp_path / "elsewhere").exists()


def test_one_call_forgets_the_options_of_another(gongkai: Gongkai, registry: Path, tmp_path: Path) -> None:
    gongkai("--registry", registry, "--state", tmp_path / "a", "findings", "--site", "unit")
    assert "no registry" in gongkai("crawl").err


def test_nested_verbs_take_them_too(gongkai: Gongkai, registry: Path, tmp_path: Path) -> None:
    assert gongkai("registry", "check", registry, "--state", tmp_path / "a").status == 0
    assert gongkai("--state", tmp_path / "b", "registry", "check", registry).status == 0


def test_environment(gongkai: Gongkai, registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_REGISTRY", str(registry))
    monkeypatch.setenv("GONGKAI_STATE", str(tmp_path / "env"))
    monkeypatch.setenv("GONGKAI_DATABASE", f"sqlite:///{tmp_path / 'own.sqlite'}")
    assert gongkai("findings", "--site", "unit").status == 0
    assert (tmp_path / "own.sqlite").is_file()
    assert (tmp_path / "env" / "logs" / "gongkai.log").is_file()
    assert "nowhere.yml" in gongkai("findings", "--site", "unit", "--registry", "nowhere.yml").err
    monkeypatch.setenv("GONGKAI_NOW", "soon")
    assert "GONGKAI_NOW: 'soon' is no time" in gongkai("findings").err
    assert gongkai("findings", "--now", "2026-11-21").status == 0
