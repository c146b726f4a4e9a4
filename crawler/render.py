"""What a rendered page need not load."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Request


def needless(request: Request) -> bool:
    """Images, fonts and media show nothing that is judged."""
    return request.resource_type in ("image", "font", "media")
