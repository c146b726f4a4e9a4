"""The upper government with its must-repost column, and a media centre whose pages interpretations are linked to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from simgov import wording
from simgov.builder import Builder
from simgov.sites.scaffold import living, news_and_notices
from simgov.truth import Document, FamilyName, Genre, Site
from simgov.workdays import at

CITY = Site(
    "city-portal",
    "示例市人民政府",
    "示例市人民政府办公室",
    "示例市",
    FamilyName.TRS,
    "127.0.0.10",
    "9900000010",
    "city",
    None,
    role="upstream",
)
MEDIA = Site(
    "media-centre",
    "示例区融媒体中心",
    "示例区融媒体中心",
    "示例区",
    FamilyName.TRS,
    "127.0.0.19",
    "9900000019",
    "county",
    None,
    watched=False,
)


@dataclass(frozen=True, slots=True)
class KeyItems:
    """The eight items that lower sites have to carry, oldest first. `friday` was published on a Friday at 17:30."""

    settled: tuple[Document, ...]  # long past
    friday: Document
    three: tuple[Document, Document, Document]  # 30, 21 and 12 days ago
    fresh: Document  # yesterday at 09:00: its 72 hours are still running


def _friday(b: Builder) -> datetime:
    day = b.today - timedelta(days=40)
    while day.weekday() != 4:
        day -= timedelta(days=1)
    return at(day, "17:30")


def build_city(b: Builder) -> KeyItems:
    site = b.site(CITY)
    b.column(site, "ywdt", "要闻动态", "ywdt", "ywdt", in_nav=True)
    b.column(site, "tzgg", "通知公告", "tzgg", "tzgg", in_nav=True)
    b.column(site, "zyzc", "重要政策", "zcwj", "zyzc", in_nav=True)
    news_and_notices(b, site, head="市领导", news=16, notices=8)
    living(b, site, "示例市召开重点项目视频调度会")
    moments = (
        at(b.workday(200), "10:05"),
        at(b.workday(120), "09:20"),
        at(b.workday(75), "11:00"),
        _friday(b),
        at(b.today - timedelta(days=30), "15:00"),
        at(b.today - timedelta(days=21), "10:00"),
        at(b.today - timedelta(days=12), "09:30"),
        at(b.today - timedelta(days=1), "09:00"),
    )
    made: list[Document] = []
    for name, moment in zip(wording.CITY_KEY_POLICIES, moments, strict=True):
        title = f"示例市人民政府办公室关于印发《{name}》的通知"
        made.append(
            b.item(
                site, "zyzc", Genre.POLICY, title, moment, prefix="示市政办发", made_on=moment.date() - timedelta(days=2), topic="综合政务"
            )
        )
    return KeyItems(tuple(made[:3]), made[3], (made[4], made[5], made[6]), made[7])


def build_media(b: Builder, moment: datetime, subject: Document, topic: str) -> Document:
    """Add the media centre, which interprets one document of the district."""
    site = b.site(MEDIA)
    b.column(site, "ywdt", "新闻中心", "ywdt", "xwzx", in_nav=True)
    b.column(site, "zcjd", "政策图解", "zcjd", "zctj", in_nav=True)
    b.stream(site, "ywdt", Genre.NEWS, wording.NEWS, newest_days=1, step=2, count=8)
    return b.item(site, "zcjd", Genre.INTERPRETATION, f"一图读懂《{topic}》", moment, interprets=(subject.id,), source="示例区融媒体中心")


def carry(b: Builder, site: Site, column: str, item: Document, hours: float, *, prefix: str = "", links_out: bool = False) -> Document:
    """Repost an upper item some hours after it was published."""
    title = f"{prefix}{item.title}"
    when = item.published_at + timedelta(hours=hours)
    return b.item(site, column, Genre.REPOST, title, when, copy_of=item.id, links_out=links_out, topic="综合政务")
