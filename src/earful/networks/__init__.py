"""Translators to the outside world. No database, no sleeping."""
