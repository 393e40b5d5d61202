"""Alembic's migrations, shipped with the program. Run by `app.progress.opening` only."""
