"""Where a site's disclosure column is: on the home page, one step below it, or nowhere that we could see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from checks.observing import GONE
from checks.tree import current_columns
from data.catalogue import load_columns
from data.records import Column, ColumnKind, Home, Link
from data.text import title_key
from data.urls import url_key
from data.view import SiteView

_NAMED = re.compile(r".{0,14}(省|市|区|县|州|盟|旗|镇|乡|街道|局|委|办|厅|部|院|府|站|会)(政府)?(信息公开|政务公开)(专栏|平台|专区|网|栏)?")
_EXACT = frozenset({"政府信息公开", "政府信息公开专栏", "政府信息公开平台"})


@cache
def _labels() -> tuple[frozenset[str], frozenset[str]]:
    """Names of the disclosure column, and names of every other column."""
    own = load_columns().get("zfxxgk")
    assert own is not None  # the column catalogue always has it
    names = frozenset(title_key(name) for name in (own.name, *own.synonyms))
    others = frozenset(
        title_key(name) for column in load_columns().columns if column.id != "zfxxgk" for name in (column.name, *column.synonyms)
    )
    return names, others - names


def names_disclosure(label: str) -> bool:
    """Whether a link's label is a name of the disclosure column, with or without the place or unit in front."""
    key = title_key(label)
    names, others = _labels()
    return key in names or (key not in others and _NAMED.fullmatch(key) is not None)


def is_exact_name(label: str) -> bool:
    return any(title_key(label).endswith(name) for name in _EXACT)


def home_anchors(home: Home) -> Iterator[Link]:
    """The home page's links that name the disclosure column, the exact name first."""
    found = [link for link in home.links if names_disclosure(link.text)]
    yield from sorted(found, key=lambda link: not is_exact_name(link.text))


def disclosure_columns(view: SiteView) -> tuple[Column, ...]:
    """The site's disclosure columns, the one nearest to home first."""
    found = [column for column in current_columns(view) if column.canonical == "zfxxgk"]
    return tuple(
        sorted(found, key=lambda column: (column.reachable is False, column.depth, not is_exact_name(column.name), url_key(column.url)))
    )


def near_home(view: SiteView, max_depth: int) -> tuple[Column, ...]:
    """Disclosure columns that the site's own navigation leads to within so many clicks."""
    found = [column for column in disclosure_columns(view) if column.depth <= max_depth]
    return tuple(
        column for column in found if column.match is None or not column.match.startswith("registry") or column.parent_url is not None
    )


def unread_on_the_way(view: SiteView) -> Column | None:
    """A first-level column on the site's own host that could not be read, so that what hangs below it is unknown; below one that is gone is nothing."""
    for column in current_columns(view):
        if (
            column.depth <= 1
            and column.kind is not ColumnKind.LINK_OUT
            and column.fault not in GONE
            and (column.kind is ColumnKind.UNKNOWN or column.reachable is False)
        ):
            return column
    return None
