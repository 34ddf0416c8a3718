"""Material with substance: rows of tables have numbers, places and origins."""

from collections.abc import Sequence
from itertools import groupby

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from workflow.core import places

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SAYS = "Tabellernas rader får nummer som aldrig används igen, och går att flytta en och en."
"""What `beredning upgrade` says that it brings."""

ROWS = sa.table(
    "material_rows",
    *(
        sa.column(name)
        for name in ("case_id", "table_key", "owner", "number", "place", "version", "cells")
    ),
)
SHEETS = sa.table(
    "sheets",
    *(sa.column(name) for name in ("case_id", "table_key", "owner", "last_number", "reasons")),
)


def upgrade() -> None:
    """Number the rows there are as they lie."""
    connection = op.get_bind()
    present = connection.execute(
        sa.text(
            "SELECT case_id, table_key, position, cells FROM material_rows"
            " ORDER BY case_id, table_key, position"
        )
    ).fetchall()
    op.drop_table("material_rows")
    _make_tables()
    for (case_id, table), rows in groupby(present, key=lambda row: (row[0], row[1])):
        cells = [row[3] for row in rows]
        sheet = {"case_id": case_id, "table_key": table, "owner": 0}
        connection.execute(
            sa.insert(SHEETS), [{**sheet, "last_number": len(cells), "reasons": "{}"}]
        )
        spread = zip(cells, places.spread(len(cells)), strict=True)
        connection.execute(
            sa.insert(ROWS),
            [
                {**sheet, "number": number, "place": place, "version": 1, "cells": text}
                for number, (text, place) in enumerate(spread, start=1)
            ],
        )


def downgrade() -> None:
    """Refuse: moves and origins are not thrown away."""
    raise NotImplementedError("restore a backup instead")


def _make_tables() -> None:
    op.create_table(
        "sheets",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("table_key", AutoString(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("reasons", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_sheets_case_id")),
        sa.PrimaryKeyConstraint("case_id", "table_key", "owner", name=op.f("pk_sheets")),
    )
    op.create_table(
        "material_rows",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("table_key", AutoString(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cells", AutoString(), nullable=False),
        sa.Column("origin_case", AutoString(), nullable=True),
        sa.Column("origin_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_material_rows_case_id")),
        sa.PrimaryKeyConstraint(
            "case_id", "table_key", "owner", "number", name=op.f("pk_material_rows")
        ),
    )
    op.create_index(
        "ix_material_rows_place",
        "material_rows",
        ["case_id", "table_key", "owner", "place"],
    )
