"""People and their handles on networks."""
