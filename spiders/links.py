"""The links of a site that are tried, together: its own pages, the files of documents and of the home page, what leads off it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.link_store import Trial, known_links
from spiders.attachments import AttachmentTrials
from spiders.home_files import HomeFiles
from spiders.link_outs import LinkOuts
from spiders.page_links import PageLinks

if TYPE_CHECKING:
    from scrapy import Request

    from crawler.columns import ColumnTree
    from crawler.context import CrawlContext
    from crawler.fence import Fence


class Links:
    """What one crawl tries of a site's links."""

    def __init__(self, tree: ColumnTree, context: CrawlContext) -> None:
        known = known_links(context.store.database, context.site.id)
        self.pages = PageLinks(tree, context, known)
        self.outs = LinkOuts(tree, context)
        self.home = HomeFiles(context, known)
        self.attachments = AttachmentTrials(tree, context, known)

    def due(self, room: int) -> list[Request]:
        """The next requests, when the site's pages are read; files after what leads off the site."""
        return self.outs.due() or self.home.due(room) or self.attachments.due(room)

    def trials(self, fence: Fence) -> list[Trial]:
        """How the links answered, when the crawl has ended."""
        return [*self.pages.trials(fence), *self.outs.trials, *self.home.trials, *self.attachments.trials]
