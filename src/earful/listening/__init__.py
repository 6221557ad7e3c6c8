"""Listening beyond the @: saved searches, what they find, and what becomes of it."""
