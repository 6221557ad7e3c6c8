"""What a lead looks at: the board of this moment.

It only reads, by statements of its own that walk indexes of those who wait, never what is over;
what is counted is counted up to MOST.
"""
