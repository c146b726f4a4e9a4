"""Small rooms of politeness: Retry-After, the fence, the home page in another's place."""

from __future__ import annotations

import pytest

from crawler.fence import Fence
from crawler.retry_after import retry_after
from crawler.substitution import HomePrint

DATE = b"Tue, 24 Nov 2026 08:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        (b"120", None, 120.0),
        (b" 0 ", None, 0.0),
        (b"1.5", None, 1.5),
        (b"Tue, 24 Nov 2026 08:01:30 GMT", DATE, 90.0),
        (b"Tuesday, 24-Nov-26 08:01:30 GMT", DATE, 90.0),
        (b"Tue, 24 Nov 2026 07:00:00 GMT", DATE, 0.0),
        (b"Tue, 24 Nov 2020 07:00:00 GMT", None, 0.0),
        (None, None, None),
        (b"", None, None),
        (b"soon", DATE, None),
        (b"-5", None, None),
        (b"99999999999999999999", None, None),
        (b"Tue, 99 Nov 2026 08:01:30 GMT", DATE, None),
        ("明天".encode(), DATE, None),
    ],
)
def test_retry_after(value: bytes | None, date: bytes | None, seconds: float | None) -> None:
    assert retry_after(value, date) == seconds


BASE = "http://www.example.gov.cn"


def fence(**answers: str | None) -> Fence:
    made = Fence()
    for path, fault in answers.items():
        made.note(f"{BASE}/{path.replace('_', '/')}", fault)
    return made


def test_all_sub_paths_missing_behind_an_open_home_page_are_a_fence() -> None:
    made = fence(zwgk_a="http-404", xxgk_b="http-404", news_c="blocked-forbidden")
    assert made.whole
    assert made.covers(f"{BASE}/zwgk/a", "http-404")
    assert not made.covers(f"{BASE}/zwgk/a", "timeout")


def test_two_dead_links_are_dead_links() -> None:
    made = fence(zwgk_a="http-404", zwgk_b="http-404")
    assert not made.covers(f"{BASE}/zwgk/a", "http-404")


def test_one_page_that_was_read_opens_the_fence() -> None:
    made = fence(zwgk_a="http-404", zwgk_b="http-404", zwgk_c="http-404", zwgk_d="http-404", news_e=None)
    assert not made.whole
    assert not made.covers(f"{BASE}/zwgk/a", "http-404")  # a part that is gone is gone


def test_a_part_that_answers_403_throughout_is_fenced() -> None:
    made = fence(
        zwgk_a="blocked-forbidden", zwgk_b="blocked-forbidden", zwgk_c="blocked-forbidden", news_e=None, news_f="blocked-forbidden"
    )
    assert made.covers(f"{BASE}/zwgk/a", "blocked-forbidden")
    assert not made.covers(f"{BASE}/news/f", "blocked-forbidden")


def test_a_part_that_is_missing_beside_shut_doors_was_not_seen() -> None:
    made = fence(
        zwgk_a="blocked-forbidden", zwgk_b="blocked-forbidden", zwgk_c="blocked-forbidden", zwgk_d=None, news_e="http-404", home_f="http-404", home_g=None
    )  # fmt: skip
    assert made.covers(f"{BASE}/news/e", "http-404")
    assert not made.covers(f"{BASE}/home/f", "http-404")  # beside a page that was read it is a dead link


def test_silence_is_no_fence() -> None:
    assert not fence(zwgk_a="http-404", zwgk_b="http-404", zwgk_c="http-404", zwgk_d="timeout").whole


def page(title: str, links: int, extra: str = "") -> bytes:
    anchors = "".join(f"<a href='/p/{number}.html'>条目{number}</a>" for number in range(links))
    return f"<html><head><title>{title}</title></head><body>{anchors}{extra}</body></html>".encode()


HOME = page("示例区人民政府", 40, "访问量1")


@pytest.mark.parametrize(
    ("body", "same"),
    [
        (HOME, True),
        (page("示例区人民政府", 40, "访问量2"), True),
        (page("示例区人民政府", 39, "<a href='/new.html'>新</a>"), True),
        (page("示例区人民政府", 12), False),  # its title on every page, its navigation alone
        (page("政策文件_示例区人民政府", 40), False),
        (page("", 40), False),
        (b"", False),
    ],
)
def test_home_page_in_another_s_place(body: bytes, same: bool) -> None:
    assert HomePrint.of(HOME).shown_by(body) is same


def test_a_home_page_of_few_links_is_told_by_its_bytes() -> None:
    small = HomePrint.of(page("示例区人民政府", 5, "1"))
    assert small.shown_by(page("示例区人民政府", 5, "1"))
    assert not small.shown_by(page("示例区人民政府", 5, "2"))
