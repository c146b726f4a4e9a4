"""Which browser and which font is taken where several could be."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.machine import find_browser, find_cjk_font


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_named_browser_goes_first_and_none_means_none(tmp_path: Path) -> None:
    named = program(tmp_path / "mine")
    program(tmp_path / "bin" / "chromium")
    path = str(tmp_path / "bin")
    assert find_browser({"PATH": path, "GONGKAI_BROWSER": str(named)}) == named
    assert find_browser({"PATH": path, "GONGKAI_BROWSER": "none"}) is None
    assert find_browser({"PATH": path, "GONGKAI_BROWSER": str(tmp_path / "absent")}) is None


def test_headless_shell_goes_before_the_whole_browser(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "google-chrome")
    shell = program(tmp_path / "bin" / "chromium-headless-shell")
    assert find_browser({"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}) == shell


@pytest.mark.parametrize("elsewhere", [False, True])
def test_newest_download_of_playwright_is_found(elsewhere: bool, tmp_path: Path) -> None:
    store = tmp_path / ("browsers" if elsewhere else ".cache/ms-playwright")
    program(store / "chromium-1255" / "chrome-linux64" / "chrome")
    program(store / "chromium_headless_shell-998" / "chrome-linux" / "headless_shell")
    for revision in ("999", "1255"):
        shell = program(store / f"chromium_headless_shell-{revision}" / "chrome-headless-shell-linux64" / "chrome-headless-shell")
    environ = {"PATH": "", "HOME": str(tmp_path)} | ({"PLAYWRIGHT_BROWSERS_PATH": str(store)} if elsewhere else {})
    assert find_browser(environ) == shell


def test_no_browser(tmp_path: Path) -> None:
    assert find_browser({"PATH": str(tmp_path), "HOME": str(tmp_path)}) is None


def test_plainest_chinese_font_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "opentype" / "noto"
    folder.mkdir(parents=True)
    assert find_cjk_font((str(tmp_path),)) is None
    for name in ("NotoSans-Regular.ttf", "NotoSerifCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc"):
        (folder / name).touch()
    assert find_cjk_font((str(tmp_path),)) == folder / "NotoSansCJK-Regular.ttc"
