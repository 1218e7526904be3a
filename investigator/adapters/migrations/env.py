"""Runs migrations on the connection that the case database hands over."""

from alembic import context

from investigator.adapters.case_tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
