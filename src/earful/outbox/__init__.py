"""Deliveries: queued, sending, sent, or held, failed, uncertain. Published once."""
