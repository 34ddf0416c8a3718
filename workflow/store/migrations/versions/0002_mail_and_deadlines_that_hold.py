"""Mail and deadlines that hold: delivery attempts, extensions, substitutes, workers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SAYS = "Försök att skicka mejl, anstånd, ersättare och arbetare sparas."
"""What `beredning upgrade` says that it brings."""


def upgrade() -> None:
    """Add what is new; only `messages` changes a column, and it has no triggers."""
    op.add_column("installation", sa.Column("mail_held_at", UTCDateTime(), nullable=True))
    op.add_column("people", sa.Column("bounced_at", UTCDateTime(), nullable=True))
    op.add_column("people", sa.Column("bounce", AutoString(), nullable=True))
    op.add_column("tasks", sa.Column("extended_on", sa.Date(), nullable=True))
    op.add_column("signatures", sa.Column("signed_by", sa.Integer(), nullable=True))
    with op.batch_alter_table("messages") as messages:
        messages.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        messages.add_column(sa.Column("to_address", AutoString(), nullable=True))
        messages.add_column(sa.Column("first_try_at", UTCDateTime(), nullable=True))
    _make_tables()


def downgrade() -> None:
    """Refuse: what was granted and who stood in for whom is not thrown away."""
    raise NotImplementedError("restore a backup instead")


def _make_tables() -> None:
    op.create_table(
        "substitutions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=False),
        sa.Column("role", AutoString(), nullable=True),
        sa.Column("unit", AutoString(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_substitutions_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["people.id"], name=op.f("fk_substitutions_substitute_id")
        ),
        sa.ForeignKeyConstraint(["unit"], ["units.key"], name=op.f("fk_substitutions_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitutions")),
    )
    op.create_index("ix_substitutions_person_id", "substitutions", ["person_id"])
    op.create_index("ix_substitutions_substitute_id", "substitutions", ["substitute_id"])
    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", AutoString(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("answer", AutoString(), nullable=True),
        sa.Column("answer_reason", AutoString(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["people.id"], name=op.f("fk_extensions_answered_by")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_extensions_asked_by")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_extensions_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_task_id"), "extensions", ["task_id"])
    op.create_index("ix_reminders_message_id", "reminders", ["message_id"])
    op.create_index(
        "uq_extensions_asked",
        "extensions",
        ["task_id"],
        unique=True,
        sqlite_where=sa.text("answer IS NULL"),
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.create_table(
        "delivery_attempts",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("answer", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_delivery_attempts_message_id")
        ),
        sa.PrimaryKeyConstraint("message_id", "number", name=op.f("pk_delivery_attempts")),
    )
    op.create_table(
        "workers",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("ticked_at", UTCDateTime(), nullable=True),
        sa.Column("stopped_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
