"""Server-rendered pages that work without script: the way in, and links from mail.

The app mounts `routes` and gives its state `database`, `settings`, `keyring` and `now`, a callable.
"""

from earful.pages.routes import routes

__all__ = ["routes"]
