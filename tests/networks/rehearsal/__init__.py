"""The rehearsal network."""
