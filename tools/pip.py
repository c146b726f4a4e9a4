"""The pip that installs the lock: a pinned wheel from the package index, else the machine's own pip.

A Debian 12 with nothing but python3 has neither pip nor ensurepip, and its venv module can make only bare environments.
pip runs from inside the wheel and is installed nowhere.
"""

from __future__ import annotations

import base64
import configparser
import hashlib
import json
import os
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from html import unescape
from pathlib import Path

_WHEEL = "pip-26.3-py3-none-any.whl"
_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
_INDEX = "https://pypi.org/simple"
_TIMEOUT_SECONDS = 30
_ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"


class PipError(Exception):
    """pip, or the package index behind it, failed; the message is one line with the mend."""


def pip_command(cache: Path, python: Path) -> list[str]:
    """The command line that runs pip for the given interpreter. Raises PipError where no pip can be had."""
    wheel = cache / _WHEEL
    try:
        if not (wheel.is_file() and _sha256(wheel.read_bytes()) == _SHA256):
            content = _fetch_wheel()
            wheel.write_bytes(content)
    except PipError:
        own = _own_pip()
        if own is None:
            raise
        return [*own, "--python", str(python)]
    return [str(python), f"{wheel}/pip"]


def install(pip: Sequence[str], lock: Path, log: Path, note: Callable[[str], None]) -> None:
    """Install exactly what the lock names, wheels only, every hash checked. Raises PipError."""
    total = len(re.findall(r"^[a-zA-Z0-9][^\n]*==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    options = [
        "--no-deps",
        "--only-binary",
        ":all:",
        "--require-hashes",
        "--no-compile",
        "--progress-bar",
        "off",
        "--requirement",
        str(lock),
    ]
    # A user's own target, prefix or user option would send the packages elsewhere.
    environment = {
        key: value for key, value in os.environ.items() if key not in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME")
    }
    environment |= {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_COLOR": "1"}
    lines: list[str] = []
    with subprocess.Popen(
        [*pip, "install", *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, text=True, errors="replace"
    ) as run:
        assert run.stdout is not None
        seen = 0
        for line in run.stdout:
            lines.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                seen += 1
                note(f"{seen} of at most {total}: {line.split(': ')[-1].removeprefix('Collecting ').split()[0]}")
            elif line.startswith("Installing collected packages"):
                note("unpacking")
    log.write_text("".join(lines), encoding="utf-8")
    if run.returncode:
        raise PipError(_explain("".join(lines), log))


def index_url() -> str:
    """The package index that pip is told to use on this machine."""
    return (_setting("index-url") or _INDEX).rstrip("/")


def _setting(name: str) -> str | None:
    variable = os.environ.get("PIP_" + name.upper().replace("-", "_"))
    if variable:
        return variable
    home = Path.home()
    config = os.environ.get("XDG_CONFIG_HOME") or str(home / ".config")
    files = [Path("/etc/pip.conf"), home / ".pip" / "pip.conf", Path(config) / "pip" / "pip.conf"]
    if os.environ.get("PIP_CONFIG_FILE"):
        files.append(Path(os.environ["PIP_CONFIG_FILE"]))
    parser = configparser.RawConfigParser()
    parser.read(files, encoding="utf-8")
    for section in ("install", "global"):
        if parser.has_option(section, name):
            return parser.get(section, name).strip()
    return None


def _fetch_wheel() -> bytes:
    page_url = f"{index_url()}/pip/"
    page, kind = _get(page_url)
    link = _wheel_link(page.decode("utf-8", "replace"), kind)
    if link is None:
        raise PipError(
            f"pip: {_without_secrets(page_url)[0]} does not offer {_WHEEL}; use an index that has it (PIP_INDEX_URL), or install python3-pip"
        )
    content, _ = _get(urllib.parse.urljoin(page_url, link))
    if _sha256(content) != _SHA256:
        raise PipError(
            f"pip: {_without_secrets(page_url)[0]} gave a {_WHEEL} whose sha256 is not the pinned one; check the index or the proxy in between"
        )
    return content


def _wheel_link(page: str, kind: str) -> str | None:
    if "json" in kind:
        return next((str(file["url"]) for file in json.loads(page)["files"] if file["filename"] == _WHEEL), None)
    hrefs = (unescape(href) for href in re.findall(r"""href=["']([^"']+)["']""", page))
    return next((href for href in hrefs if urllib.parse.urlsplit(href).path.endswith("/" + _WHEEL)), None)


def _get(url: str) -> tuple[bytes, str]:
    url, headers = _without_secrets(url)
    request = urllib.request.Request(url, headers={"Accept": _ACCEPT, "User-Agent": "gongkai-setup", **headers})
    try:
        return _open(request, ssl.create_default_context(cafile=_setting("cert")))
    except (OSError, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if not isinstance(reason, ssl.SSLCertVerificationError):
            raise PipError(_unreachable(url, reason)) from None
    try:
        # A machine without root certificates: the pinned sha256 vouches for the wheel; pip brings its own certificates for the rest.
        return _open(request, ssl._create_unverified_context())
    except (OSError, ValueError) as error:
        raise PipError(_unreachable(url, error)) from None


def _without_secrets(url: str) -> tuple[str, dict[str, str]]:
    """The URL without user and password, and the header that bears them."""
    parts = urllib.parse.urlsplit(url)
    if parts.username is None:
        return url, {}
    secret = ":".join(urllib.parse.unquote(part or "") for part in (parts.username, parts.password))
    plain = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return plain, {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


def _open(request: urllib.request.Request, context: ssl.SSLContext) -> tuple[bytes, str]:
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS, context=context) as answer:
        return answer.read(), answer.headers.get_content_type()


def _unreachable(url: str, reason: object) -> str:
    return f"pip: the package index {url} cannot be reached ({reason}); connect to a network, or name a reachable index in PIP_INDEX_URL"


def _own_pip() -> list[str] | None:
    """The machine's pip, where it is new enough to install into another environment (22.3)."""
    own = [sys.executable, "-m", "pip"]
    answer = subprocess.run([*own, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"pip (\d+)\.(\d+)", answer.stdout)
    return own if version and (int(version[1]), int(version[2])) >= (22, 3) else None


_CAUSES = (
    (
        r"CERTIFICATE_VERIFY_FAILED",
        "the certificate of the package index is not trusted; install ca-certificates, or name your root certificate in PIP_CERT",
    ),
    (r"No space left on device", "the disk is full; free some space"),
    (
        r"DO NOT MATCH THE HASHES",
        "a download is not what the lock names; check the index or the proxy in between, or clear pip's cache (pip cache purge)",
    ),
    (
        r"No matching distribution found for (\S+)",
        "the package index has no wheel of {0} for this Python and machine; use an index that has it (PIP_INDEX_URL)",
    ),
    (
        r"name resolution|Name or service not known|NewConnectionError|ConnectTimeout|Connection (?:refused|reset)|ReadTimeout|ProxyError",
        "the package index cannot be reached; connect to a network, or name a reachable index in PIP_INDEX_URL",
    ),
)


def _explain(output: str, log: Path) -> str:
    for pattern, meaning in _CAUSES:
        found = re.search(pattern, output)
        if found:
            return f"pip: {meaning.format(*found.groups())}; its full output is in {log}"
    errors = [line.strip() for line in output.splitlines() if line.startswith("ERROR")]
    return f"pip: {errors[-1] if errors else 'failed without saying why'}; its full output is in {log}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
