"""The first schema: every table, and the triggers that keep the log."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SAYS = "Den första databasen."
"""What `beredning upgrade` says that it brings."""

_SQLITE = (
    """
    CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
    """
    CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
    """
    CREATE TRIGGER entry_payloads_no_update BEFORE UPDATE ON entry_payloads
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
)

_POSTGRESQL = (
    """
    CREATE FUNCTION refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$
    """,
    """
    CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_log_change()
    """,
    """
    CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_log_change()
    """,
    """
    CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change()
    """,
    """
    CREATE TRIGGER entry_payloads_no_update BEFORE UPDATE ON entry_payloads
    FOR EACH ROW EXECUTE FUNCTION refuse_log_change()
    """,
    "ALTER TABLE entries ENABLE ALWAYS TRIGGER entries_no_update",
    "ALTER TABLE entries ENABLE ALWAYS TRIGGER entries_no_delete",
    "ALTER TABLE entries ENABLE ALWAYS TRIGGER entries_no_truncate",
    "ALTER TABLE entry_payloads ENABLE ALWAYS TRIGGER entry_payloads_no_update",
)


def upgrade() -> None:
    """Make every table and the log's triggers."""
    _make_tables()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if sqlite else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Refuse: before this there was nothing, and the log is not thrown away."""
    raise NotImplementedError("restore a backup instead")


def _make_tables() -> None:
    op.create_table(
        "entries",
        sa.Column("chain", AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("round_id", AutoString(), nullable=True),
        sa.Column("case_id", AutoString(), nullable=True),
        sa.Column("actor", sa.Integer(), nullable=True),
        sa.Column("on_behalf_of", sa.Integer(), nullable=True),
        sa.Column("via", AutoString(), nullable=False),
        sa.Column("os_user", AutoString(), nullable=True),
        sa.Column("transition", AutoString(), nullable=True),
        sa.Column("from_state", AutoString(), nullable=True),
        sa.Column("to_state", AutoString(), nullable=True),
        sa.Column("case_version", sa.Integer(), nullable=True),
        sa.Column("payload_hash", AutoString(), nullable=False),
        sa.Column("previous_hash", AutoString(), nullable=False),
        sa.Column("hash", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_entries")),
    )
    op.create_index(
        "ix_entries_case_id_transition", "entries", ["case_id", "transition"], unique=False
    )
    op.create_table(
        "entry_payloads",
        sa.Column("chain", AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("salt", AutoString(), nullable=False),
        sa.Column("body", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_entry_payloads")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("clock_at", UTCDateTime(), nullable=True),
        sa.Column("swept_on", sa.Date(), nullable=False),
        sa.Column("chain_length", sa.Integer(), nullable=False),
        sa.Column("chain_head", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("email", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("language", AutoString(), nullable=False),
        sa.Column("party", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
        sa.UniqueConstraint("key", name=op.f("uq_people_key")),
    )
    op.create_table(
        "refusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("round_id", AutoString(), nullable=True),
        sa.Column("case_id", AutoString(), nullable=True),
        sa.Column("transition", AutoString(), nullable=True),
        sa.Column("actor", sa.Integer(), nullable=True),
        sa.Column("via", AutoString(), nullable=False),
        sa.Column("code", AutoString(), nullable=False),
        sa.Column("reasons", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusals")),
    )
    op.create_index(op.f("ix_refusals_at"), "refusals", ["at"], unique=False)
    op.create_table(
        "requests",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("fingerprint", AutoString(), nullable=False),
        sa.Column("answer", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    op.create_table(
        "revisions",
        sa.Column("digest", AutoString(), nullable=False),
        sa.Column("process", AutoString(), nullable=False),
        sa.Column("content", AutoString(), nullable=False),
        sa.Column("stored_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_revisions")),
    )
    op.create_table(
        "units",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("parent", AutoString(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["units.key"], name=op.f("fk_units_parent")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_units")),
    )
    op.create_index(op.f("ix_units_kind"), "units", ["kind"], unique=False)
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", AutoString(), nullable=False),
        sa.Column("unit", AutoString(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_grants_person_id")),
        sa.ForeignKeyConstraint(["unit"], ["units.key"], name=op.f("fk_grants_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint(
            "person_id",
            "role",
            "unit",
            "from_on",
            name=op.f("uq_grants_person_id_role_unit_from_on"),
        ),
    )
    op.create_index("ix_grants_role_unit", "grants", ["role", "unit"], unique=False)
    op.create_table(
        "rounds",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("process", AutoString(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("plan", AutoString(), nullable=False),
        sa.Column("reference", AutoString(), nullable=False),
        sa.Column("revision", AutoString(), nullable=False),
        sa.Column("root", AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("open_cases", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("chain_length", sa.Integer(), nullable=False),
        sa.Column("chain_head", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["revisions.digest"], name=op.f("fk_rounds_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_index(
        "uq_rounds_open",
        "rounds",
        ["process", "year", "plan"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "cases",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("round_id", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("unit", AutoString(), nullable=False),
        sa.Column("parent", AutoString(), nullable=True),
        sa.Column("opened_in", AutoString(), nullable=True),
        sa.Column("started", sa.Boolean(), nullable=False),
        sa.Column("occasion", AutoString(), nullable=True),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["parent"], ["cases.id"], name=op.f("fk_cases_parent")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_cases_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_parent", "cases", ["parent", "opened_in"], unique=False)
    op.create_index("ix_cases_round_id_kind", "cases", ["round_id", "kind"], unique=False)
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("round_id", AutoString(), nullable=True),
        sa.Column("case_id", AutoString(), nullable=True),
        sa.Column("detail", AutoString(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_incidents_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_round_id"), "incidents", ["round_id"], unique=False)
    op.create_index(
        "uq_incidents_open",
        "incidents",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", AutoString(), nullable=False),
        sa.Column("round_id", AutoString(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("case_id", AutoString(), nullable=True),
        sa.Column("task_id", AutoString(), nullable=True),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.Column("content", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("put_at", UTCDateTime(), nullable=False),
        sa.Column("next_try_at", UTCDateTime(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("error", AutoString(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("claimed_until", UTCDateTime(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_messages_person_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_messages_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_messages_message_id")),
        sa.UniqueConstraint("person_id", "digest_on", name=op.f("uq_messages_person_id_digest_on")),
    )
    op.create_index("ix_messages_task_id", "messages", ["task_id"], unique=False)
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["next_try_at"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "milestones",
        sa.Column("round_id", AutoString(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("moved_from", sa.Date(), nullable=True),
        sa.Column("set_by_hand", sa.Boolean(), nullable=False),
        sa.Column("next_reminder_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_milestones_round_id")),
        sa.PrimaryKeyConstraint("round_id", "key", name=op.f("pk_milestones")),
    )
    op.create_index(
        "ix_milestones_next_reminder_at",
        "milestones",
        ["next_reminder_at"],
        unique=False,
        sqlite_where=sa.text("next_reminder_at IS NOT NULL"),
        postgresql_where=sa.text("next_reminder_at IS NOT NULL"),
    )
    op.create_table(
        "round_units",
        sa.Column("round_id", AutoString(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("parent", AutoString(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_units_round_id")),
        sa.PrimaryKeyConstraint("round_id", "key", name=op.f("pk_round_units")),
    )
    op.create_index("ix_round_units_kind", "round_units", ["round_id", "kind"], unique=False)
    op.create_index("ix_round_units_parent", "round_units", ["round_id", "parent"], unique=False)
    op.create_table(
        "joins",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_joins_case_id")),
        sa.PrimaryKeyConstraint("case_id", "state", name=op.f("pk_joins")),
    )
    op.create_table(
        "material_rows",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("table_key", AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cells", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_material_rows_case_id")),
        sa.PrimaryKeyConstraint("case_id", "table_key", "position", name=op.f("pk_material_rows")),
    )
    op.create_table(
        "questions",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("answer", AutoString(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["people.id"], name=op.f("fk_questions_answered_by")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_questions_asked_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_questions_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_questions")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("round_id", AutoString(), nullable=False),
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("role", AutoString(), nullable=True),
        sa.Column("unit", AutoString(), nullable=True),
        sa.Column("opens_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("due_rule", AutoString(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("ladder", AutoString(), nullable=False),
        sa.Column("ladder_from", UTCDateTime(), nullable=False),
        sa.Column("next_reminder_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tasks_case_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_tasks_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(
        "ix_tasks_next_reminder_at",
        "tasks",
        ["next_reminder_at"],
        unique=False,
        sqlite_where=sa.text("next_reminder_at IS NOT NULL"),
        postgresql_where=sa.text("next_reminder_at IS NOT NULL"),
    )
    op.create_index(
        "ix_tasks_role_unit_open",
        "tasks",
        ["role", "unit"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_tasks_round_id"), "tasks", ["round_id"], unique=False)
    op.create_index(
        "uq_tasks_case_id_open",
        "tasks",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("task_id", AutoString(), nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("rung", AutoString(), nullable=False),
        sa.Column("recipient", AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("dropped_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_reminders_message_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reminders_person_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_reminders_round_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_reminders_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "round_id",
            "subject",
            "due_at",
            "rung",
            "person_id",
            name=op.f("uq_reminders_round_id_subject_due_at_rung_person_id"),
        ),
    )
    op.create_index(op.f("ix_reminders_task_id"), "reminders", ["task_id"], unique=False)
    op.create_index(
        "ix_reminders_waiting",
        "reminders",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("message_id IS NULL AND dropped_at IS NULL"),
        postgresql_where=sa.text("message_id IS NULL AND dropped_at IS NULL"),
    )
    op.create_table(
        "signatures",
        sa.Column("task_id", AutoString(), nullable=False),
        sa.Column("transition", AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_signatures_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_signatures_task_id")),
        sa.PrimaryKeyConstraint("task_id", "transition", "person_id", name=op.f("pk_signatures")),
    )
