from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import pytest

from simgov.archetypes.government import Government, Standing, serve_archetypes
from simgov.families.base import Reply, Request

TODAY = date(2026, 11, 22)
Ask = Callable[..., Reply]


@pytest.fixture(scope="session")
def government() -> Government:
    return Government.build(TODAY)


@pytest.fixture
def standing(government: Government) -> Iterator[Standing]:
    """All hosts as at the second crawl."""
    with serve_archetypes(government, government.second_crawl, hurry=True) as it:
        yield it


@pytest.fixture
def ask(standing: Standing) -> Ask:
    """The answer of a host to a path or an address, without the network between; `form` makes it a POST."""

    def answer(host: str, target: str, *, body: bytes = b"", form: dict[str, Any] | None = None) -> Reply:
        parts = urlsplit(target)
        pairs = dict(parse_qsl(parts.query, keep_blank_values=True))
        sent = urlencode(form).encode() if form is not None else body
        fields = {name: str(value) for name, value in (form or {}).items()}
        return standing.answer(host, Request("POST" if sent else "GET", unquote(parts.path), pairs, fields, sent))

    return answer
