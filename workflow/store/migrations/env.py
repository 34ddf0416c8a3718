"""Run the migrations on the connection that `workflow.store.schema` hands over."""

from alembic import context

from workflow.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite cannot alter a table: batch mode re-creates it, without its triggers.
    # `entries` and `entry_payloads` are therefore never altered in batch mode.
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
