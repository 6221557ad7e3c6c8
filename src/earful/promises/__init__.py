"""The promise register: what customers were told would be done, by when, and whether it was.

A promise is an agent's own ("refund by Friday"), due until evidence is attached, or was said
automatically ("a person answers by 9:10"), and kept by the first answer of a person.
"""
