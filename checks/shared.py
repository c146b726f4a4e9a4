"""What several rules work out of one view, worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from data.view import SiteView

T = TypeVar("T")


def per_view(function: Callable[[SiteView], T]) -> Callable[[SiteView], T]:
    """Keep a function's answer beside the view that it was worked out of. The answer must not be changed by who gets it."""

    @wraps(function)
    def once(view: SiteView) -> T:
        if function not in view.memo:
            view.memo[function] = function(view)
        return cast(T, view.memo[function])

    return once
