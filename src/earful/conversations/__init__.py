"""Rows and declared states of conversations and messages."""
