"""Large plain sites on loopback, made as they are asked for: `python -m benchmarks.static_site DOCUMENTS SITES` prints their addresses.

Each has 84 columns below 政务公开 and lists of twenty rows with plain links between their pages. The server knows ETags.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import date, timedelta
from hashlib import blake2b

COLUMNS = 84
_PER_PAGE = 20
_NAMES = (
    "政策文件",
    "政策解读",
    "规划计划",
    "财政预决算",
    "工作动态",
    "通知公告",
    "建议提案",
    "重大项目",
    "应急管理",
    "统计信息",
    "人事信息",
    "招标采购",
)
_LAST = date(2026, 10, 1)  # nothing is younger than a week


class Site:
    """Pages by path."""

    def __init__(self, documents: int) -> None:
        self._counts = [documents // COLUMNS + (number < documents % COLUMNS) for number in range(COLUMNS)]
        links = "".join(f'<li><a href="/zwgk/c{number}/">{_name(number)}</a></li>' for number in range(COLUMNS))
        self._head = (
            '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_示例区人民政府</title><meta name="SiteName" content="示例区人民政府">'
            '<link rel="stylesheet" href="/images/site.css"><script src="/images/site.js"></script></head><body>'
            '<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>'
        )
        self._menu = f'<div class="menu"><ul>{links}</ul></div>'
        self._foot = (
            '<div class="footer"><p>主办：示例区人民政府办公室　网站标识码：9900000011　备案号：示ICP备00000001号</p></div></body></html>'
        )

    def page(self, path: str) -> str | None:
        if path == "/":
            return self._head.replace("{title}", "首页") + self._menu + self._foot
        if path == "/zwgk/":
            return self._head.replace("{title}", "政务公开") + self._menu + "<h1>政务公开</h1>" + self._foot
        parts = path.strip("/").split("/")
        if parts[0] != "zwgk" or len(parts) not in (2, 3) or not parts[1][1:].isdigit() or int(parts[1][1:]) >= COLUMNS:
            return None
        column = int(parts[1][1:])
        if len(parts) == 2:
            return self._list(column, 0)
        kind, _, rest = parts[2].removesuffix(".html").partition("_")
        if not rest.isdigit():
            return None
        return self._list(column, int(rest)) if kind == "index" else self._document(column, int(rest))

    def _list(self, column: int, number: int) -> str | None:
        count = self._counts[column]
        pages = max(1, -(-count // _PER_PAGE))
        if number >= pages:
            return None
        rows = "".join(
            f'<li><a href="/zwgk/c{column}/t_{row}.html" title="{_title(column, row)}">{_title(column, row)}</a><span>{_day(row)}</span></li>'
            for row in range(number * _PER_PAGE, min(count, (number + 1) * _PER_PAGE))
        )
        place = f'<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/c{column}/">{_name(column)}</a></div>'
        address = f"/zwgk/c{column}/"
        before = f'<a href="{address}{f"index_{number - 1}.html" if number > 1 else ""}">上一页</a>' if number else ""
        after = f'<a href="{address}index_{number + 1}.html">下一页</a>' if number + 1 < pages else ""
        pager = f'<div class="page">{before}<span>第{number + 1}页/共{pages}页</span>{after}</div>' if pages > 1 else ""
        body = f'{place}<h2>{_name(column)}</h2><div class="list"><ul class="news">{rows}</ul></div>{pager}'
        return self._head.replace("{title}", _name(column)) + self._menu + body + self._foot

    def _document(self, column: int, row: int) -> str | None:
        if row >= self._counts[column]:
            return None
        title, day = _title(column, row), _day(row)
        text = "".join(
            f"<p>（{number}）各单位要结合第{column}-{row}号事项的实际，明确责任分工，细化工作措施，按照时间节点认真抓好贯彻落实，确保各项任务落到实处。</p>"
            for number in range(1, 16)
        )
        return (
            self._head.replace("{title}", title)
            + f'<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/c{column}/">{_name(column)}</a></div>'
            f'<div class="article"><h1>{title}</h1><div class="info"><span>发布日期：{day} 10:30</span><span>来源：示例区人民政府办公室</span></div>'
            f'<div class="content">{text}<p style="text-align:right">示例区人民政府办公室</p></div></div>' + self._foot
        )


def _name(column: int) -> str:
    return f"{_NAMES[column % len(_NAMES)]}{'' if column < len(_NAMES) else f'第{column // len(_NAMES)}类'}"


def _title(column: int, row: int) -> str:
    return f"示例区人民政府办公室关于做好{_name(column)}第{row + 1}号事项有关工作的通知"


def _day(row: int) -> str:
    return (_LAST - timedelta(days=row)).isoformat()


class _Protocol(asyncio.Protocol):
    def __init__(self, site: Site) -> None:
        self._site = site
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, self._received = self._received.split(b"\r\n\r\n", 1)
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        page = self._site.page(head.split(b" ", 2)[1].decode("latin-1"))
        if page is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n404"
        body = page.encode()
        tag = b'"%s"' % blake2b(body, digest_size=10).hexdigest().encode()
        if b"if-none-match: " + tag in head.lower():
            return b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % tag
        return b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nETag: %s\r\nContent-Length: %d\r\n\r\n%s" % (
            tag,
            len(body),
            body,
        )


async def _serve(documents: int, sites: int) -> None:
    loop = asyncio.get_running_loop()
    for number in range(sites):
        site = Site(documents)
        server = await loop.create_server(lambda site=site: _Protocol(site), f"127.0.0.{11 + number}", 0)  # type: ignore[misc]
        print("http://{}:{}/".format(*server.sockets[0].getsockname()), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
