"""From a draft to a delivery: checks, the sign-off, and what changed meanwhile."""
