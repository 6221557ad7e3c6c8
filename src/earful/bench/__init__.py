"""Measurements that any machine can rerun, each on a database of its own."""
