"""Browser and Chinese font: found on this machine, or got once; what came of it is recorded, so that no run tries again by itself.

Neither is needed for the demo, nor for any page that is plain HTML; so failing to get them is said and is no error.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from data.machine import find_browser, find_cjk_font
from tools.progress import Step

_PLAYWRIGHT_HOST = "cdn.playwright.dev"
_DOWNLOAD_SECONDS = 240
_APT_SECONDS = 420
_FONT_PACKAGE = "fonts-noto-cjk"
_BROWSER_PACKAGES = ("chromium-headless-shell", "chromium")
_AGAIN = "./gongkai setup"


def settle(venv: Path) -> None:
    """Find or get browser and font, say what is missing, and write the record."""
    browser, why_not = _browser(venv)
    lines = [f"browser {browser}" if browser else f"browser none: {why_not}"]
    if browser is None:
        _say(f"no browser ({why_not}). Pages that need JavaScript stay unobserved; all else works. Try again with: {_AGAIN}")
    font = find_cjk_font() or _font()
    lines.append(f"font {font}" if font else "font none")
    if font is None:
        _say(f"no Chinese font on this machine; pictures may show boxes. Install one as root: apt-get install {_FONT_PACKAGE}")
    (venv / "gongkai-parts").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _browser(venv: Path) -> tuple[Path | None, str]:
    if os.environ.get("GONGKAI_BROWSER"):
        return find_browser(), f"GONGKAI_BROWSER is {os.environ['GONGKAI_BROWSER']}"
    found = find_browser()
    if found and starts(found):
        return found, ""
    reasons = [f"{found} does not start"] if found else []
    for way in (_download, _package):
        reasons.append(way(venv))
        found = find_browser()
        if found and starts(found):
            return found, ""
    return None, "; ".join(reason for reason in reasons if reason)


def starts(browser: Path) -> bool:
    """Whether the browser renders an empty page: a download may lack the system's libraries."""
    command = [str(browser), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "about:blank"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "<html" in answer.stdout


def _download(venv: Path) -> str:
    """Try Playwright's own download; returns why it did not help."""
    host = os.environ.get("PLAYWRIGHT_DOWNLOAD_HOST")
    if not host and not _reachable(_PLAYWRIGHT_HOST):
        return f"Playwright's download host {_PLAYWRIGHT_HOST} is out of reach"
    playwright = [str(venv / "bin" / "python"), "-m", "playwright", "install", "--only-shell", "chromium"]
    status, output = _run("browser: Playwright's download", playwright, _DOWNLOAD_SECONDS)
    return f"Playwright: {_last_line(output)}" if status else "Playwright's Chromium lacks libraries of the system"


def _package(_venv: Path) -> str:
    """Try the system's Chromium package; returns why it did not help."""
    if not shutil.which("apt-get"):
        return "there is no apt-get to install the system's Chromium with"
    if os.geteuid() != 0:
        return f"only root can install the system's package: apt-get install {_BROWSER_PACKAGES[0]}"
    reason = ""
    for package in _BROWSER_PACKAGES:
        reason = apt_install([package])
        if not reason:
            break
    return reason


def _font() -> Path | None:
    if shutil.which("apt-get") and os.geteuid() == 0:
        reason = apt_install([_FONT_PACKAGE])
        if reason:
            _say(reason)
    return find_cjk_font()


def apt_install(packages: Sequence[str]) -> str:
    """Install Debian packages; returns "" or, in one line, what apt-get said."""
    names = " ".join(packages)
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if not any(Path("/var/lib/apt/lists").glob("*_Packages*")):
        _run("apt-get update", ["apt-get", "update"], _APT_SECONDS)
    status, output = _run(f"apt-get install {names}", command, _APT_SECONDS)
    if status and "Unable to fetch" in output:
        _run("apt-get update", ["apt-get", "update"], _APT_SECONDS)
        status, output = _run(f"apt-get install {names}", command, _APT_SECONDS)
    return f"apt-get install {names}: {_last_line(output)}" if status else ""


def _run(title: str, command: Sequence[str], seconds: float) -> tuple[int, str]:
    """Run to the end or to the time limit; returns the exit status (124 where it ran out of time) and the output."""
    environment = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        "LC_ALL": "C.UTF-8",
        "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000",
    }
    lines: list[str] = []
    with Step(title) as step:
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            text=True,
            errors="replace",
        ) as run:
            assert run.stdout is not None
            limit = threading.Timer(seconds, run.kill)
            limit.start()
            for line in run.stdout:
                lines.append(line)
                step.note(line.strip()[:60])
            status = run.wait()
            late = not limit.is_alive()
            limit.cancel()
        if status:
            step.outcome("did not work")
    return (124, f"took longer than {seconds:.0f} s") if late else (status, "".join(lines))


def _reachable(host: str) -> bool:
    if any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")):
        return True
    try:
        socket.create_connection((host, 443), timeout=5).close()
    except OSError:
        return False
    return True


def _say(text: str) -> None:
    print(f"gongkai: {text}", file=sys.stderr, flush=True)


def _last_line(output: str) -> str:
    """The line that says what went wrong, else the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("E:", "Error:"))]
    return (telling or lines or ["failed without saying why"])[-1]
