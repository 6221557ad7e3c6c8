"""Giving out conversations by themselves: an inbox's rule, a fair choice, and its reason in words.

Never in the way of a post that comes in: a worker does it afterwards, one at a time in a workspace.
"""
