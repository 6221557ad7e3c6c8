"""Undocumented is failing."""
