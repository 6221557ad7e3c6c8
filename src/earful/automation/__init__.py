"""Rules of the workspace: when something comes in, if it is so, then that is done."""
