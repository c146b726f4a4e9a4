from __future__ import annotations

from tests.support.sites import Crawls, served

def page(title, body):
    return f"<html><head><title>{title}</title><meta charset=utf-8></head><body>{body}</body></html>"

def test_a(crawl: Crawls) -> None:
    with served({"/": page("示例区人民政府", "<div class=nav><ul><li><a href='/zwgk/'>政府信息公开</a></li><li><a href='/zwgk/zcwj/'>政策文件</a></li></ul></div>"),
      "/zwgk/": page("政府信息公开", "x"),
    }) as site:
        r = crawl(site.base + "/")
        print(r.errors, r.crawl, r.view.columns, site.targets)
def test_b(crawl: Crawls) -> None:
    test_a(crawl)
