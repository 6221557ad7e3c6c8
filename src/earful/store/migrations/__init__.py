"""Numbered SQL files, and the runner that applies them."""

from earful.store.migrations.runner import FOLDER, Migration, migrate, pending, read_migrations

__all__ = ["FOLDER", "Migration", "migrate", "pending", "read_migrations"]
