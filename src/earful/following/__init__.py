"""After an answer: a rating once it is over, and a date on which somebody looks again.

A side room: it hears what happened from the log, and no command names it. By it every conversation
that is not resolved has a next step: a clock, the end of a snooze, or a follow-up.
"""
