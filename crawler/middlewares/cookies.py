"""Scrapy's cookies, with the list of public suffixes that came with the library: a crawl asks nobody but its sites.

Scrapy 2.19 leaves fetching a newer list from publicsuffix.org to tldextract, with the first cookie that a site sets.
"""

from __future__ import annotations

from scrapy.downloadermiddlewares import cookies

cookies._split_domain = type(cookies._split_domain)(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


class OfflineCookiesMiddleware(cookies.CookiesMiddleware):
    """Loaded by its name in the settings, it brings the line above."""
