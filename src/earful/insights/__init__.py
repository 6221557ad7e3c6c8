"""The whole picture: what people speak of, how many they are, and who of them waits longest.

A side room. Themes are found by pure functions in a bounded sample of a day's posts, kept in small
tables that a loop of the worker renews, and counted anew whenever somebody looks, so that each
figure is the number of the posts behind it.
"""
