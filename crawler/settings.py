"""Scrapy settings. What belongs to one site comes from the registry (crawler/context.py), what belongs to a run from data/config.py."""

BOT_NAME = "gongkai"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"

# Whom to ask about it is added from the registry or the environment (crawler/context.py).
USER_AGENT = "gongkai/0.1 (disclosure compliance monitor)"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

# Scrapy 2.19 opens a loopback port that runs Python by default; a monitor has no use for it.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

ROBOTSTXT_OBEY = True
# RFC 9309 knows an agent by its product token; by the whole name a group for any word of it would hold, the contact's domain included.
ROBOTSTXT_USER_AGENT = "gongkai"
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# The pause between two requests is kept by address and over all crawls of a process (crawler/pacing.py).
DOWNLOAD_DELAY = 0
DOWNLOADER = "crawler.downloader.GuestDownloader"
DOWNLOAD_HANDLERS = {"http": "crawler.fetching.GuestDownloadHandler", "https": "crawler.fetching.GuestDownloadHandler"}
# The address a request goes to is checked and paced: a proxy of the environment would hide it.
HTTPPROXY_ENABLED = False
DOWNLOAD_WARNSIZE = 0
# One asyncio task an item: a hundred of them an answer is most of Scrapy's cost. Our pipeline waits for nothing, so one does.
CONCURRENT_ITEMS = 1

RETRY_TIMES = 2
# A page that could not be had is no error of ours; the spider says it, by its reason key.
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
REDIRECT_MAX_TIMES = 5
# A meta refresh is something the page shows; the spider reads it.
METAREFRESH_ENABLED = False
COOKIES_ENABLED = True
HTTPERROR_ALLOW_ALL = True

# What has no use here and a price for every request and item: what is off the site the scope says, what is deep the spider,
# every status is ours to read, nobody logs in, and nobody asks for what the signals of the statistics count.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.robots.StatusAwareRobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.middlewares.cookies.OfflineCookiesMiddleware": 700,
    "crawler.middlewares.faults.FaultMiddleware": 570,  # after decompression, before a retry
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.middlewares.redirect.SiteRedirectMiddleware": 600,
    "crawler.middlewares.conditional.ConditionalMiddleware": 595,
}
EXTENSIONS = {"crawler.lease.LeaseKeeper": 100, "scrapy.extensions.corestats.CoreStats": None}
ITEM_PIPELINES = {"crawler.pipelines.StorePipeline": 300}

LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 0
WARN_ON_GENERATOR_RETURN_VALUE = False
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
