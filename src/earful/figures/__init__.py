"""What a lead looks at: the board of this moment.

It only reads, by statements of its own, and each of them touches a bounded number of rows: what is
counted is counted up to MOST.
"""
