"""Numbered SQL files, and the runner that applies them."""

from earful.store.migrations.runner import Migration, migrate, pending, read_migrations

__all__ = ["Migration", "migrate", "pending", "read_migrations"]
