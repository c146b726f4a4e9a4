"""What this machine has beside Python: a browser that renders pages, a font that has Chinese characters.

Standard library alone, because the set-up asks here before anything is installed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Playwright's own downloads: <name>-<revision>/<folder>/<program>.
_DOWNLOADS = (
    "chromium_headless_shell-*/chrome-headless-shell-linux*/chrome-headless-shell",
    "chromium_headless_shell-*/chrome-linux*/headless_shell",
    "chromium-*/chrome-linux*/chrome",
)
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
# Sans before serif, simplified forms first where a file says so.
_CJK_FONTS = (
    "NotoSansCJK-Regular*",
    "NotoSansCJKsc*",
    "NotoSansSC*",
    "SourceHanSans*",
    "NotoSansCJK*",
    "wqy-*",
    "DroidSansFallback*",
    "NotoSerifCJK*",
    "simhei*",
)


def find_browser(environ: Mapping[str, str] | None = None) -> Path | None:
    """The Chromium to launch: GONGKAI_BROWSER, else one on PATH, else Playwright's download; None where there is none.

    GONGKAI_BROWSER=none means that no browser is to be used.
    """
    env = os.environ if environ is None else environ
    named = env.get("GONGKAI_BROWSER")
    if named:
        return Path(named) if named != "none" and os.access(named, os.X_OK) else None
    for command in _BROWSERS:
        path = shutil.which(command, path=env.get("PATH", ""))
        if path:
            return Path(path)
    folder = Path(env.get("PLAYWRIGHT_BROWSERS_PATH") or Path(env.get("HOME") or Path.home()) / ".cache" / "ms-playwright")
    for pattern in _DOWNLOADS:
        found = sorted(folder.glob(pattern), key=_revision)
        if found:
            return found[-1]
    return None


def find_cjk_font(folders: tuple[str, ...] = _FONT_FOLDERS) -> Path | None:
    """A font file with Chinese characters, the plainest first; None where none is installed."""
    for pattern in _CJK_FONTS:
        for folder in folders:
            found = sorted(Path(folder).expanduser().rglob(f"{pattern}.[ot]t[cf]"))
            if found:
                return found[0]
    return None


def _revision(program: Path) -> int:
    number = program.parent.parent.name.rpartition("-")[2]
    return int(number) if number.isdigit() else 0


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
