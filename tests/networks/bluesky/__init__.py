"""Tests of the Bluesky connector, run against a real network on this machine."""
