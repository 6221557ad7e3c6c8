"""Posts that say the same stand under one another in the list; everybody is still owed an answer.

A view only: no conversation, count or clock changes by it.
"""
