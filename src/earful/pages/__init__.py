"""Server-rendered pages that work without script: the way in, and links from mail.

The app mounts `routes` and gives its state `database`, `settings`, `keyring`, `now` (a callable)
and, where mail can be sent, `mail`.
"""

from earful.pages.routes import routes

__all__ = ["routes"]
