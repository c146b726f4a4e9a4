"""Start a command of this tree inside its .venv; make or mend the .venv first where that is needed.

Runs on the machine's own python3, with the standard library alone. It has to parse on older Pythons too,
because it is what tells their users which Python is wanted.
"""

from __future__ import annotations

import os
import sys

MINIMUM = (3, 11, 2)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"
_STAMP = os.path.join(VENV, "gongkai-stamp")
# Verbs that fetch live pages, some of which may need a browser.
_BROWSER_VERBS = ("run", "crawl", "schedule", "worker")


def gongkai(arguments: list[str]) -> int:
    """Run `gongkai ARGUMENTS`; `gongkai setup` makes everything ready, browser and font included, and stops there."""
    _want_python(arguments)
    everything = arguments[:1] == ["setup"]
    browser = bool(arguments) and arguments[0] in _BROWSER_VERBS and not {"--replay", "--help"} & set(arguments)
    if not (ready(LOCK) and (not browser or parts_settled()) and not everything):
        from tools import bootstrap

        status = bootstrap.prepare(LOCK, extras=everything or browser, again=everything)
        if status or everything:
            return status
    script = os.path.join(VENV, "bin", "gongkai")
    os.execv(PYTHON, [PYTHON, script, *arguments])


def run_tests(arguments: list[str]) -> int:
    """Run every check of this tree in the .venv; the arguments go to pytest."""
    _want_python(arguments)
    if not (ready(DEV_LOCK) and parts_settled()):
        from tools import bootstrap

        status = bootstrap.prepare(DEV_LOCK, extras=True, again=False)
        if status:
            return status
    os.execv(PYTHON, [PYTHON, os.path.join(ROOT, "tools", "verify.py"), *arguments])


def ready(lock: str) -> bool:
    """Whether the .venv was finished for this tree, this Python and this lock file."""
    try:
        with open(_STAMP, encoding="utf-8") as stamp:
            return os.path.exists(PYTHON) and set(stamp_lines(lock)) <= set(stamp.read().splitlines())
    except OSError:
        return False


def stamp_lines(lock: str) -> list[str]:
    """What a finished set-up writes; a moved tree, another Python or another lock file makes it void."""
    import hashlib

    lines = ["tree " + ROOT, "python " + os.path.realpath(PYTHON)]
    for name in [LOCK] if lock == LOCK else [LOCK, DEV_LOCK]:
        with open(os.path.join(ROOT, name), "rb") as file:
            lines.append(name + " " + hashlib.sha256(file.read()).hexdigest())
    return lines


def write_stamp(lock: str) -> None:
    """Record a finished set-up, in one step."""
    with open(_STAMP + ".new", "w", encoding="utf-8") as stamp:
        stamp.write("\n".join(stamp_lines(lock)) + "\n")
    os.replace(_STAMP + ".new", _STAMP)


def drop_stamp() -> None:
    """Forget the finished set-up before anything in the .venv is touched."""
    if os.path.exists(_STAMP):
        os.unlink(_STAMP)


def parts_settled() -> bool:
    """Whether browser and font were found, got, or given up before (tools/machine.py writes the record)."""
    return os.path.exists(os.path.join(VENV, "gongkai-parts"))


def _want_python(arguments: list[str]) -> None:
    if sys.version_info >= MINIMUM:
        return
    import shutil
    import subprocess

    check = "import sys; sys.exit(sys.version_info < " + repr(MINIMUM) + ")"
    for minor in range(20, 10, -1):
        other = shutil.which("python3." + str(minor))
        if other and subprocess.call([other, "-c", check], stderr=subprocess.DEVNULL) == 0:
            os.execv(other, [other, os.path.abspath(sys.argv[0])] + arguments)
    wanted = ".".join(str(part) for part in MINIMUM)
    found = ".".join(str(part) for part in sys.version_info[:3])
    sys.stderr.write("gongkai: needs Python " + wanted + " or newer, found " + found + " at " + sys.executable)
    sys.stderr.write("; install a newer python3 (Debian 12 has one: apt-get install python3)\n")
    sys.exit(2)
