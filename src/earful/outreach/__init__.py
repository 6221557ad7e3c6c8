"""People who did not write to us, but ask for what we offer: a queue for people, with rules."""
