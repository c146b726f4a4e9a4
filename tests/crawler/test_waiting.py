"""The documents that wait to be asked for come out as they went in, wherever they lay meanwhile."""

from __future__ import annotations

import random
from collections import deque

from crawler.rows import Awaited, Shelf, Waiting


def test_first_in_first_out() -> None:
    chance = random.Random(3)
    shelf = Shelf()
    waiting, known = Waiting(shelf), deque[Awaited]()
    for number in range(9000):
        if chance.random() < (0.7 if number < 6000 else 0.2) or not known:
            document = (f"http://x.gov.cn/{number}", f"关于{number}的通知", "http://x.gov.cn/", number % 4)
            waiting.append(document)
            known.append(document)
        else:
            assert waiting.popleft() == known.popleft()
    while known:
        assert waiting
        assert waiting.popleft() == known.popleft()
    assert not waiting
    shelf.close()
