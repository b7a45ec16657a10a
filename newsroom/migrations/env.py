"""Alembic's entry: migrate over the connection that ``Database.upgrade`` opened, in its transaction."""

from alembic import context

from newsroom.database import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
