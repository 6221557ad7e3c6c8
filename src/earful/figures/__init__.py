"""What a lead looks at: the board of this moment, and the figures of today and the last weeks.

The board reads by statements of its own that walk indexes of those who wait, never what is over.
The figures are counted from rows of their own, one for each wait for a first answer (`waits`),
which a reader of the log keeps in line with clocks and messages (`keeping`). It commands nothing.
"""
