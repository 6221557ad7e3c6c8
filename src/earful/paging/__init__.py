"""People are woken: what pages, whom, by which way, and until somebody says that she has it.

A side room: it hears of clocks and severities from the log, looks at queues and channels, and
raises an alert, one for each matter. An alert climbs a ladder, and each step sends pages to
pagers. A page may come twice (a worker died between sending and writing that down), never not at
all for that reason. Addresses are sealed; what goes out is told by a process of its own behind a
fence (`fence.py`), because the library that knows a hundred services knows no guard.
"""
