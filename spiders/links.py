"""The links of a site that are tried, together: its own pages, the files of documents and of the home page, what leads off it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.link_store import Trial, known_links
from spiders.attachments import AttachmentTrials
from spiders.files import FileReadings
from spiders.home_files import HomeFiles
from spiders.link_outs import LinkOuts
from spiders.page_links import PageLinks
from spiders.trying import Asking
from spiders.vanished import Vanished

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scrapy import Request

    from crawler.columns import ColumnTree
    from crawler.context import CrawlContext
    from crawler.fence import Fence
    from data.known import KnownPage


class Links:
    """What one crawl tries of a site's links. `is_site`: whether what it sees is this site's at all, and may be kept."""

    def __init__(self, tree: ColumnTree, context: CrawlContext, pages: Mapping[bytes, KnownPage], is_site: Callable[[], bool]) -> None:
        asking = Asking(context, known_links(context.store.database, context.site.id), is_site)
        self.pages = PageLinks(tree, asking)
        self.vanished = Vanished(tree, asking, pages)
        self.outs = LinkOuts(tree, asking)
        self.home = HomeFiles(asking)
        self.attachments = AttachmentTrials(tree, asking)
        self.files = FileReadings(asking, self.attachments.leave)

    def due(self, room: int) -> list[Request]:
        """The next requests, when the site's pages are read: what leads off the site, then the files that are read, then those only tried."""
        return self.outs.due() or self.home.due(room) or self.files.due(room) or self.attachments.due(room - self.files.asked)

    def trials(self, fence: Fence) -> list[Trial]:
        """What can be told only when the crawl has ended; all else is stored as it comes."""
        return self.pages.trials(fence)
