"""Make the .venv: a bare environment, the pinned packages, the project itself, and the stamp that says it is whole."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import stat
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

from tools import launch, parts
from tools.pip import PipError, install, pip_command
from tools.progress import Step

_ROOT = Path(launch.ROOT)
_VENV = Path(launch.VENV)
_PYTHON = Path(launch.PYTHON)
# Lies in a .venv that this program made and did not finish: such a one may be thrown away.
_UNFINISHED = _VENV / "gongkai-unfinished"
_COMMAND = """\
import sys

sys.path.insert(0, {root!r})
from cli.main import main

sys.exit(main())
"""


class SetupError(Exception):
    """The set-up cannot go on; the message is one line with the mend."""


def prepare(lock: str, *, extras: bool, again: bool) -> int:
    """Make everything ready for `lock`; returns the exit status: 0, or 4 after one clear line.

    `extras`: browser and font too, `again`: also where an earlier try at them failed.
    """
    try:
        with _alone():
            if not launch.ready(lock):
                _make(lock)
            if extras and (again or not launch.parts_settled()):
                _settle_parts()
        return 0
    except PipError as error:
        print(f"gongkai: set-up stopped. {error}", file=sys.stderr)
    except SetupError as error:
        print(f"gongkai: {error}", file=sys.stderr)
    except OSError as error:
        print(f"gongkai: {_disk_fault(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        print("gongkai: set-up interrupted; the next run takes it up again", file=sys.stderr)
        return 130
    return 4


def _settle_parts() -> None:
    try:
        parts.settle(_VENV)
    except KeyboardInterrupt:
        raise SetupError("interrupted; the next run tries again") from None


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Keep a second first run out of the same tree until this one is through."""
    folder = os.open(_ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with Step("waiting for another set-up of this tree"):
                fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _make(lock: str) -> None:
    if _VENV.is_symlink():
        raise SetupError(f"{_VENV} is a link to another folder, which another tree may use; remove the link and run again")
    print(f"gongkai: setting up {_VENV} (once; about a minute)", file=sys.stderr)
    if _must_go():
        with Step("[1/4] removing what an earlier set-up left"):
            _empty()
    if not _PYTHON.exists():
        with Step("[1/4] making the environment"):
            _VENV.mkdir(exist_ok=True)
            _UNFINISHED.touch()
            venv.create(_VENV, with_pip=False, symlinks=True)
    _UNFINISHED.touch()
    launch.drop_stamp()
    with Step("[2/4] getting pip"):
        pip = pip_command(_VENV, _PYTHON)
    with Step(f"[3/4] installing {lock}") as step:
        install(pip, _ROOT / lock, _VENV / "gongkai-setup.log", step.note)
    with Step("[4/4] compiling"):
        _link_project()
        # Warnings of other people's modules belong here, not into the first test run.
        compileall = [str(_PYTHON), "-W", "ignore", "-m", "compileall", "-q", "-j", "0", str(_site_packages())]
        subprocess.run(compileall, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    launch.write_stamp(lock)
    _UNFINISHED.unlink()


def _must_go() -> bool:
    """Whether the .venv is one of ours that is half made, was moved, or lost its Python.

    One that somebody made by hand is only completed, never thrown away.
    """
    if _UNFINISHED.exists():
        return True
    stamp = _VENV / "gongkai-stamp"
    if not stamp.exists():
        if _VENV.exists() and not _PYTHON.exists():
            raise SetupError(f"{_VENV} is no usable Python environment and was not made by this set-up; remove it and run again")
        return False
    written = stamp.read_text(encoding="utf-8").splitlines()
    return not _PYTHON.exists() or not set(launch.stamp_lines(launch.LOCK)[:2]) <= set(written)


def _empty() -> None:
    # The mark goes last: a removal that is cut off is taken up by the next run.
    _UNFINISHED.touch()
    for entry in _VENV.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry != _UNFINISHED:
            entry.unlink()


def _site_packages() -> Path:
    asked = [str(_PYTHON), "-I", "-c", "import sys, sysconfig; print(sys.version_info >= (3, 11, 2), sysconfig.get_path('purelib'))"]
    enough, _, path = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip().partition(" ")
    if enough != "True":
        raise SetupError(f"{_VENV} holds a Python older than 3.11.2; remove it and run again")
    return Path(path)


def _link_project() -> None:
    """Let the environment import this tree, and give it the `gongkai` command."""
    (_site_packages() / "gongkai.pth").write_text(f"{_ROOT}\n", encoding="utf-8")
    command = _VENV / "bin" / "gongkai"
    command.write_text(f"#!{_PYTHON}\n" + _COMMAND.format(root=str(_ROOT)), encoding="utf-8")
    command.chmod(command.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def _disk_fault(error: OSError) -> str:
    where = error.filename or _VENV
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"cannot write {where}; the tree {_ROOT} has to be writable for the first run: change its owner, or copy it to a folder of your own"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"no space left for {where}; the set-up needs about 700 MB"
    return f"set-up failed at {where}: {error.strerror or error}"
