"""The web: who is signed in, comments and attached files."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SAYS = "Inloggningar, kommentarer och bifogade filer sparas."
"""What `beredning upgrade` says that it brings."""


def upgrade() -> None:
    """Add what is new; nothing that was there changes."""
    op.add_column("people", sa.Column("theme", AutoString(), nullable=True))
    op.add_column("people", sa.Column("filed", AutoString(), nullable=True))
    op.add_column("grants", sa.Column("filed_to_on", sa.Date(), nullable=True))
    op.add_column("grants", sa.Column("by_hand_at", UTCDateTime(), nullable=True))
    op.create_index("ix_messages_round_id", "messages", ["round_id", "id"])
    op.create_index("ix_messages_case_id", "messages", ["case_id"])
    op.create_index("ix_reminders_round_id", "reminders", ["round_id", "message_id"])
    op.create_index("ix_entries_actor", "entries", ["actor", "at"])
    op.create_index(
        "ix_entries_on_behalf_of",
        "entries",
        ["on_behalf_of", "at"],
        sqlite_where=sa.text("on_behalf_of IS NOT NULL"),
        postgresql_where=sa.text("on_behalf_of IS NOT NULL"),
    )
    _make_tables_of_cases()
    _make_tables_of_people()


def downgrade() -> None:
    """Refuse: what people wrote and attached is not thrown away."""
    raise NotImplementedError("restore a backup instead")


def _make_tables_of_cases() -> None:
    op.create_table(
        "comments",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of", sa.Integer(), nullable=True),
        sa.Column("text", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_comments_case_id")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_comments_written_by")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of"], ["people.id"], name=op.f("fk_comments_on_behalf_of")
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_comments")),
    )
    op.create_table(
        "files",
        sa.Column("digest", AutoString(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("put_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_files")),
    )
    op.create_table(
        "attachments",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("media_type", AutoString(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", AutoString(), nullable=True),
        sa.Column("secrecy", AutoString(), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("put_at", UTCDateTime(), nullable=False),
        sa.Column("put_by", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of", sa.Integer(), nullable=True),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_attachments_case_id")),
        sa.ForeignKeyConstraint(["digest"], ["files.digest"], name=op.f("fk_attachments_digest")),
        sa.ForeignKeyConstraint(["put_by"], ["people.id"], name=op.f("fk_attachments_put_by")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of"], ["people.id"], name=op.f("fk_attachments_on_behalf_of")
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_digest"), "attachments", ["digest"])


def _make_tables_of_people() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("mode", AutoString(), nullable=False),
        sa.Column("browser", AutoString(), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"])
    op.create_table(
        "accounts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("password", AutoString(), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("temporary", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", AutoString(), nullable=True),
        sa.Column("totp_used", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_accounts")),
    )
    op.create_table(
        "sign_in_delays",
        sa.Column("digest", AutoString(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in_delays")),
    )
    op.create_table(
        "handshakes",
        sa.Column("digest", AutoString(), nullable=False),
        sa.Column("verifier", AutoString(), nullable=False),
        sa.Column("nonce", AutoString(), nullable=False),
        sa.Column("back_to", AutoString(), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_handshakes")),
    )
