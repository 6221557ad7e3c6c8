"""Who is there when: shifts, absences, what each agent says of herself, and what she can do.

Shifts are wall-clock times of a zone and use the arithmetic of `sla/walls.py`. Who is on shift at
an instant is computed from rows by a pure function (`duties.py`); `asking.py` is the room's door
for others. Rooms above decide what to do with it: give out work, wake somebody, say when a person
will be there.
"""
