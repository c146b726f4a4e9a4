"""Where pip comes from, and what is said when it or the package index fails."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import pip

WHEEL = b"not really a wheel"
LINK = f"../files/{pip._WHEEL}"
HTML = f'<a href="../files/pip-9.0.whl#sha256=0">pip-9.0.whl</a> <a href="{LINK}#sha256=0&amp;x=1">{pip._WHEEL}</a>'
JSON = json.dumps({"files": [{"filename": "pip-9.0.whl", "url": "x"}, {"filename": pip._WHEEL, "url": LINK}]})


@pytest.fixture(autouse=True)
def _no_pip_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PIP_INDEX_URL", "PIP_CERT", "PIP_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.setattr(pip, "_own_pip", lambda: None)


@contextlib.contextmanager
def index(page: str, kind: str) -> Iterator[tuple[str, list[str | None]]]:
    """A package index on loopback: its URL, and the Authorization headers that it got."""
    seen: list[str | None] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization"))
            body, content = (WHEEL, "application/octet-stream") if self.path.startswith("/simple/files/") else (page.encode(), kind)
            self.send_response(200)
            self.send_header("Content-Type", content)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}/simple", seen
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("page", "kind"), [(HTML, "text/html"), (JSON, "application/vnd.pypi.simple.v1+json")])
def test_wheel_comes_from_the_index_in_use(page: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pip, "_SHA256", hashlib.sha256(WHEEL).hexdigest())
    with index(page, kind) as (url, seen):
        monkeypatch.setenv("PIP_INDEX_URL", f"http://someone:p%40ss@{url}/")
        command = pip.pip_command(tmp_path, Path("python"))
        assert seen[0] == "Basic c29tZW9uZTpwQHNz"
        asked = len(seen)
        pip.pip_command(tmp_path, Path("python"))
        assert len(seen) == asked, "a wheel that is there already is fetched again"
    assert command == ["python", f"{tmp_path / pip._WHEEL}/pip"]
    assert (tmp_path / pip._WHEEL).read_bytes() == WHEEL


@pytest.mark.parametrize(
    ("page", "said"),
    [(HTML, "sha256 is not the pinned one"), ("<p>empty</p>", "does not offer " + pip._WHEEL)],
)
def test_index_that_does_not_serve_is_named_without_its_password(
    page: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with index(page, "text/html") as (url, _):
        monkeypatch.setenv("PIP_INDEX_URL", f"http://someone:secret@{url}")
        with pytest.raises(pip.PipError) as caught:
            pip.pip_command(tmp_path, Path("python"))
    message = str(caught.value)
    assert said in message
    assert url in message
    assert "secret" not in message
    assert "\n" not in message
    assert list(tmp_path.glob("*.whl")) == []


def test_unreachable_index_is_one_line_with_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(pip.PipError, match=r"cannot be reached .*; connect to a network, or name a reachable index in PIP_INDEX_URL"):
        pip.pip_command(tmp_path, Path("python"))


def test_own_pip_serves_where_the_index_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setattr(pip, "_own_pip", lambda: ["python3", "-m", "pip"])
    assert pip.pip_command(tmp_path, Path("v/bin/python")) == ["python3", "-m", "pip", "--python", "v/bin/python"]


def test_index_of_pip_conf_is_used_and_the_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = https://mirror.example/simple/\nextra-index-url =\n  file:///a%20b\n  file:///c\n", encoding="utf-8"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    assert pip.index_url() == "https://mirror.example/simple"
    monkeypatch.setenv("PIP_INDEX_URL", "https://other.example/simple")
    assert pip.index_url() == "https://other.example/simple"


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("SSLError(... CERTIFICATE_VERIFY_FAILED ...)", "certificate of the package index is not trusted"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not what the lock names"),
        ("ERROR: No matching distribution found for lxml==6.1.3", "no wheel of lxml==6.1.3"),
        ("WARNING: Retrying after NewConnectionError(... [Errno -3] Temporary failure in name resolution)", "cannot be reached"),
        ("ERROR: something else\nERROR: the last word", "the last word"),
        ("", "failed without saying why"),
    ],
)
def test_pip_failure_is_explained_in_one_line(output: str, said: str) -> None:
    message = pip._explain(output, Path("setup.log"))
    assert message.startswith("pip: ")
    assert said in message
    assert message.endswith("its full output is in setup.log")
    assert "\n" not in message
