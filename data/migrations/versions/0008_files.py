"""Files: what the files that pages offer say"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "file_texts",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("url_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("observed_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("observed_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("latest_sha256", sa.String(length=64), nullable=True),
        sa.Column("file", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_file_texts_site_url", "file_texts", ["site", "url_hash"])


def downgrade() -> None:
    op.drop_index("ix_file_texts_site_url", "file_texts")
    op.drop_table("file_texts")
