"""Clocks. The first policy: ten minutes, calendar time."""
