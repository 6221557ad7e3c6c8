"""Clocks: hours, targets, and who waits for how long.

For other rooms: `Calendar`, `Slot`, `OwnDay`, `Change`, `Region` (calendar.py) are plain values;
`due_at`, `worked`, `is_open`, `next_open`, `open_spans` (hours.py) are pure and cached by calendar;
`wall_to_count`, `local_to_count` and `instant_of` (walls.py) turn a wall clock into an instant,
also when clocks change; `holidays_of` (public_holidays.py) names public holidays.
"""
