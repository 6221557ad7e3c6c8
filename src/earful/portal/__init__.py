"""The portal's rows: settings, talks and their links, messages; the `Board` of its connector."""
