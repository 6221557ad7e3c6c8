"""The honest answer while nobody is there: when a person will answer, or nothing.

Fixed texts of the workspace's own with variables; every instant in them is computed and entered
into the promise register. Nothing is generated.
"""
