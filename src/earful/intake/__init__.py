"""Receive (once only), match (conversation, contact), first triage."""
