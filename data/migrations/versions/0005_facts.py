"""Facts: what a home page and a column's page show, metas, cells of rows, links that were tried"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_HOMES = sa.table(
    "homes",
    sa.column("id", _KEY),
    sa.column("site", sa.String()),
    sa.column("links", sa.JSON()),
    sa.column("page_hash", sa.String()),
)
_HOME_PAGES = sa.table("home_pages", sa.column("site", sa.String()), sa.column("content_hash", sa.String()), sa.column("page", sa.JSON()))


def upgrade() -> None:
    op.create_table(
        "page_asides",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("page_id", _KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aside", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_page_asides_page", "page_asides", ["page_id", "at"])
    op.create_table(
        "column_pages",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("page_id", _KEY, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("observed_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("observed_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_column_pages_page", "column_pages", ["page_id", "observed_from"])
    op.create_table(
        "home_pages",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("page", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("site", "content_hash"),
    )
    op.create_table(
        "link_visits",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("url_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("on_url", sa.Text(), nullable=False),
        sa.Column("observed_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("observed_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.Column("content_type", sa.String(length=120), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["site"], ["sites.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_link_visits_site_url", "link_visits", ["site", "url_hash"])
    op.add_column("listings", sa.Column("cells", sa.JSON(), nullable=True))
    op.add_column("probes", sa.Column("ipv6", sa.Boolean(), nullable=True))
    op.add_column("homes", sa.Column("page_hash", sa.String(length=64), nullable=True))
    op.add_column("homes", sa.Column("metas", sa.JSON(), nullable=True))
    op.add_column("homes", sa.Column("dated", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("homes", sa.Column("newest_on", sa.Date(), nullable=True))
    _share_home_pages()
    op.drop_column("homes", "links")


def _share_home_pages() -> None:
    """One copy of what the visits to a home page held, in place of one a visit."""
    bind = op.get_bind()
    seen: set[tuple[str, str]] = set()
    for home in bind.execute(sa.select(_HOMES.c.id)).scalars().all():
        site, links = bind.execute(sa.select(_HOMES.c.site, _HOMES.c.links).where(_HOMES.c.id == home)).one()
        page = {"links": links, "footer": None, "resources": [], "outlinks": []}
        key = hashlib.sha256(json.dumps(page, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
        if (site, key) not in seen:
            bind.execute(sa.insert(_HOME_PAGES).values(site=site, content_hash=key, page=page))
            seen.add((site, key))
        bind.execute(sa.update(_HOMES).where(_HOMES.c.id == home).values(page_hash=key))


def downgrade() -> None:
    op.add_column("homes", sa.Column("links", sa.JSON(), nullable=False, server_default="[]"))
    bind = op.get_bind()
    for home in bind.execute(sa.select(_HOMES.c.id)).scalars().all():
        page = bind.execute(
            sa.select(_HOME_PAGES.c.page)
            .join(_HOMES, sa.and_(_HOMES.c.site == _HOME_PAGES.c.site, _HOMES.c.page_hash == _HOME_PAGES.c.content_hash))
            .where(_HOMES.c.id == home)
        ).scalar_one_or_none()
        bind.execute(sa.update(_HOMES).where(_HOMES.c.id == home).values(links=(page or {}).get("links", [])))
    for table, column in (
        ("homes", "newest_on"), ("homes", "dated"), ("homes", "metas"), ("homes", "page_hash"), ("probes", "ipv6"), ("listings", "cells"),
    ):  # fmt: skip
        op.drop_column(table, column)
    for table in ("link_visits", "home_pages", "column_pages", "page_asides"):
        op.drop_table(table)
