"""Alembic's entry: runs on the connection and in the transaction that the opener holds."""

from __future__ import annotations

from alembic import context

from app.progress.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
