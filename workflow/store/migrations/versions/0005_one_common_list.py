"""One common list: conflicts of interest, publications, papers, lines and units' figures."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SAYS = "Listor kan frisläppas, jäv anmälas rad för rad och handlingar göras medan man väntar."
"""What `beredning upgrade` says that it brings."""


def upgrade() -> None:
    """Add what is new; nothing that was there changes."""
    for table in ("units", "round_units"):
        empty = sa.text("'{}'")
        op.add_column(table, sa.Column("facts", AutoString(), nullable=False, server_default=empty))
    op.add_column("sheets", sa.Column("line", sa.Integer(), nullable=True))
    _make_conflicts()
    _make_publications()
    _make_papers()


def downgrade() -> None:
    """Refuse: what was declared and released is not thrown away."""
    raise NotImplementedError("restore a backup instead")


def _make_conflicts() -> None:
    op.create_table(
        "conflicts",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("table_key", AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("round_id", AutoString(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("declared_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_conflicts_case_id")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_conflicts_person")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_conflicts_round_id")),
        sa.PrimaryKeyConstraint(
            "case_id", "table_key", "number", "person", name=op.f("pk_conflicts")
        ),
    )
    op.create_index("ix_conflicts_round", "conflicts", ["round_id"])


def _make_publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("round_id", AutoString(), nullable=False),
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("table_key", AutoString(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("released_at", UTCDateTime(), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=False),
        sa.Column("content", AutoString(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_publications_round_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_publications_case_id")),
        sa.ForeignKeyConstraint(
            ["released_by"], ["people.id"], name=op.f("fk_publications_released_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_index(op.f("ix_publications_round_id"), "publications", ["round_id"])


def _make_papers() -> None:
    op.create_table(
        "papers",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("round_id", AutoString(), nullable=False),
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("table_key", AutoString(), nullable=False),
        sa.Column("form", AutoString(), nullable=False),
        sa.Column("language", AutoString(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("shows", sa.Integer(), nullable=True),
        sa.Column("viewer", sa.Integer(), nullable=False),
        sa.Column("wished_at", UTCDateTime(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("worker", AutoString(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("failed", AutoString(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_papers_round_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_papers_case_id")),
        sa.ForeignKeyConstraint(["viewer"], ["people.id"], name=op.f("fk_papers_viewer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint(
            "case_id",
            "table_key",
            "form",
            "language",
            "entry",
            "viewer",
            name=op.f("uq_papers_case_id_table_key_form_language_entry_viewer"),
        ),
    )
    op.create_index(op.f("ix_papers_round_id"), "papers", ["round_id"])
    op.create_index(
        "ix_papers_waiting",
        "papers",
        ["wished_at"],
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
