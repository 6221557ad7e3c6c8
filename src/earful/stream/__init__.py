"""The durable event log, its cursor, and the unit of work that appends to it."""
