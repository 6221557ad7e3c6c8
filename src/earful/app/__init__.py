"""The composition root: the only room that knows all others, one file for each kind of process."""
