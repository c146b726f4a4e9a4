"""A fence: sub-paths that answer 403 or 404 while the home page opens. It shows in all the answers of a crawl, in none alone.

Reference F8: sites that let the home page through and keep observation points outside the mainland, or data centres, from the rest.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlsplit

from data.urls import netloc

FENCE = "blocked-fence"
_TURNED_AWAY = frozenset({"blocked-forbidden", "http-404"})
_LEAST = 3  # addresses; fewer are a dead link or two


@dataclass(slots=True)
class _Tally:
    read: int = 0
    forbidden: int = 0
    missing: int = 0
    other: int = 0


class Fence:
    """Counts how the parts of a site answer; the home page is not noted here."""

    def __init__(self) -> None:
        self._parts: defaultdict[tuple[str, str], _Tally] = defaultdict(_Tally)

    def note(self, url: str, fault: str | None) -> None:
        tally = self._parts[_part(url)]
        if fault is None:
            tally.read += 1
        elif fault == "blocked-forbidden":
            tally.forbidden += 1
        elif fault == "http-404":
            tally.missing += 1
        else:
            tally.other += 1

    def covers(self, url: str, fault: str | None) -> bool:
        """Whether a 403 or 404 of this address is the fence's. Ask when the crawl has ended and its home page was read."""
        if fault not in _TURNED_AWAY:
            return False
        if self.whole:
            return True
        tally = self._parts.get(_part(url))
        if tally is None or tally.read:
            return False
        # A part of the site that is gone answers 404 throughout; only beside doors that are shut with 403 may that be the same fence.
        forbidden = tally.forbidden if fault == "blocked-forbidden" else sum(one.forbidden for one in self._parts.values())
        return forbidden >= _LEAST

    @property
    def whole(self) -> bool:
        """Whether nothing but the home page was let through."""
        tallies = self._parts.values()
        return (
            not any(tally.read or tally.other for tally in tallies) and sum(tally.forbidden + tally.missing for tally in tallies) >= _LEAST
        )


def _part(url: str) -> tuple[str, str]:
    path = urlsplit(url).path.lstrip("/")
    return netloc(url), path.partition("/")[0] if "/" in path else ""
