"""Untrusted text made harmless in every format at once.

One message goes to many channels: plain mail and HTML mail, the Markdown of WeCom, DingTalk, Feishu and ServerChan, a webhook. What a
page says is therefore written so that none of them finds anything in it to act on: no tag, no link, no mention, no formatting.
Characters that some format acts on are replaced by their full-width forms, which read the same to a person.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

TEXT_LIMIT = 300
_ACTIVE = str.maketrans({char: chr(ord(char) + 0xFEE0) for char in "<>[]*_`#|~\\@&{}$"})
# A chat client makes a link of bare words such as www.example.cn too; 3.5 and 附件1.2 are left as they are.
_HOST_DOT = re.compile(r"(?<=[A-Za-z0-9-])\.(?=[A-Za-z])")
_HIDDEN = ("Cf", "Cs", "Co", "Cn")  # bidirectional and zero-width characters, lone surrogates, private use, unassigned
_STACKED = re.compile(r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]){3,}")


def plain(text: str, limit: int = TEXT_LIMIT) -> str:
    """Untrusted text on one line, cut at `limit` characters."""
    spaced = "".join(" " if char.isspace() or unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)
    kept = _STACKED.sub("", "".join(char for char in spaced if unicodedata.category(char) not in _HIDDEN))
    line = " ".join(kept.split()).translate(_ACTIVE).replace("://", "：／／")
    line = _HOST_DOT.sub("．", line)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def address(url: str) -> str:
    """An http or https URL that stays one word in every format; anything else as plain text."""
    try:
        parts = urlsplit(url.strip())
        spoken = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        spoken = False
    return quote(url.strip(), safe="%/:?#&=+,;@!$-.~'") if spoken else plain(url)


def own(text: str) -> str:
    """Text of our own catalogue on one line, exact otherwise: quotes are not to be altered."""
    return " ".join(text.split())
