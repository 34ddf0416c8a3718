"""Five processes: cases that come again, successor rounds, pauses, units that merge."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SAYS = "Ärenden kan återkomma av sig själva, omgångar följa på varandra och göra uppehåll."
"""What `beredning upgrade` says that it brings."""


def upgrade() -> None:
    """Add what is new; nothing that was there changes."""
    op.add_column("units", sa.Column("into", AutoString(), nullable=True))
    op.add_column("rounds", sa.Column("paused_at", UTCDateTime(), nullable=True))
    _make_series()
    _make_round_links()


def downgrade() -> None:
    """Refuse: what has come again and what follows on what is not thrown away."""
    raise NotImplementedError("restore a backup instead")


def _make_series() -> None:
    op.create_table(
        "series",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("round_id", AutoString(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("occasion", AutoString(), nullable=True),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_series_case_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_series_round_id")),
        sa.PrimaryKeyConstraint("case_id", "kind", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_round_id"), "series", ["round_id"])
    op.create_index(
        "ix_series_next_at",
        "series",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )


def _make_round_links() -> None:
    op.create_table(
        "round_links",
        sa.Column("round_id", AutoString(), nullable=False),
        sa.Column("begun_by", AutoString(), nullable=False),
        sa.Column("transition", AutoString(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_links_round_id")),
        sa.ForeignKeyConstraint(["begun_by"], ["rounds.id"], name=op.f("fk_round_links_begun_by")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_links")),
    )
    op.create_index(op.f("ix_round_links_begun_by"), "round_links", ["begun_by"])
