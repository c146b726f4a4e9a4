"""What stands in for sets and dicts of addresses has to say what they say."""

from __future__ import annotations

import random
from datetime import date

from data.compact import Days, Table
from data.urls import Keys, url_hash


def test_a_table_says_what_a_dict_says_however_often_it_grew() -> None:
    chance = random.Random(7)
    table, known = Table(), dict[int, int]()
    for number in range(20_000):
        key = chance.choice((chance.getrandbits(64), chance.randrange(1, 200) << 48, number % 300 + 1))
        if number % 5 == 4:
            table.discard(key)
            known.pop(key, None)
        else:
            table.put(key, number)
            known[key] = number
        if number % 997 == 0:
            assert all(table.get(one) == value for one, value in known.items())
    assert all(table.get(one) == value for one, value in known.items())
    assert all(table.get(one) is None for one in (chance.getrandbits(64) for _ in range(1000)) if one not in known)


def test_a_table_that_is_filled_and_emptied_keeps_its_size() -> None:
    table = Table()
    for number in range(1, 50_000):
        table.put(number * 2**20)
        table.discard(number * 2**20)
    assert len(table._keys) <= 2048


def test_keys_forget_what_was_discarded() -> None:
    keys = Keys(["a", "b"])
    keys.discard("a")
    keys.discard("c")
    assert "a" not in keys
    assert "b" in keys
    keys.add("a")
    assert "a" in keys


def test_days_are_found_by_the_hash_of_an_address() -> None:
    days = Days([(url_hash("http://x.gov.cn/1"), date(2026, 1, 2))])
    days.put(url_hash("http://x.gov.cn/2"), date(1949, 10, 1))
    days.put(url_hash("http://x.gov.cn/1"), date(2026, 1, 3))
    assert days.get(url_hash("http://x.gov.cn/1")) == date(2026, 1, 3)
    assert days.get(url_hash("http://x.gov.cn/2")) == date(1949, 10, 1)
    assert days.get(url_hash("http://x.gov.cn/3")) is None
