"""`gongkai extract`: what saved pages show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cli.session import Session, verb
from crawler.extract import read
from crawler.extract.page import CUTS
from crawler.extract.to_json import reading_to_json
from data.errors import ConfigurationError, InputError
from data.registry import http_url


@verb
def extract(
    session: Session,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="A saved page, or a folder of them with --urls.")],
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="Where the page came from.")] = None,
    urls: Annotated[Path | None, typer.Option("--urls", metavar="MAP.jsonl", help='Lines of {"file", "url"} for several pages.')] = None,
) -> int:
    """Extract saved pages (bytes, any encoding), one JSON line each."""
    for path, address in _inputs(files, url, urls):
        try:
            body = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}); give a saved HTML page") from None
        try:
            reading = read(body, address)
        except InputError as error:
            raise InputError(f"{path}: {str(error).removeprefix(address + ': ')}") from None
        if cut := sorted(CUTS & set(reading.marks)):
            session.errors.print(f"{path}: too large to be read whole ({', '.join(cut)}); what is printed is its beginning")
        indent = None if len(files) > 1 or urls is not None else 2
        print(json.dumps(reading_to_json(reading), ensure_ascii=False, indent=indent))
    return 0


def _inputs(files: list[Path], url: str | None, urls: Path | None) -> Iterator[tuple[Path, str]]:
    if urls is None:
        if len(files) != 1 or files[0].is_dir():
            raise ConfigurationError('extract: several pages need --urls MAP.jsonl, lines of {"file", "url"}')
        if url is None:
            raise ConfigurationError("extract: give the page's address with --url URL; relative links hang on it")
        yield files[0], http_url(url, "--url")
        return
    try:
        lines = urls.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f'--urls {urls}: cannot be read as UTF-8 text ({error}); give lines of {{"file", "url"}}') from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            name, address = str(entry["file"]), str(entry["url"])
        except (ValueError, KeyError, TypeError):
            raise InputError(f'{urls}: line {number}: expected {{"file": …, "url": …}}') from None
        found = next(
            (
                path
                for base in files
                for path in ((base / name) if base.is_dir() else base,)
                if path.name == Path(name).name and path.is_file()
            ),
            None,
        )
        if found is None:
            raise InputError(f"{urls}: line {number}: no file {name!r} in {', '.join(str(path) for path in files)}")
        yield found, address
