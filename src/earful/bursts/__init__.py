"""Bursts: more people at once than the hour of the day explains. Pure."""
