"""A portal's own domain: it shows that portal, and nothing else of the desk.

Only domains of the setting count. What a visitor claims to have called is compared with that list
and never repeated.
"""

from __future__ import annotations

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from earful.settings import Settings, hosts_of

_ASSETS = "/portal-assets/"


def own_hosts(app: ASGIApp, settings: Settings) -> ASGIApp:
    """`app` behind a look at the Host header; `app` itself where no portal has a domain."""
    hosts = hosts_of(settings.portal_hosts)
    if not hosts:
        return app

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        slug = hosts.get(_host(scope)) if scope["type"] == ScopeType.HTTP else None
        if slug is not None:
            scope["path"] = _path(scope["path"], slug)
            scope["raw_path"] = scope["path"].encode()
        await app(scope, receive, send)

    return handle


def _host(scope: Scope) -> str:
    found = [value for name, value in scope["headers"] if name == b"host"]
    return found[0].decode("latin-1").lower() if len(found) == 1 else ""


def _path(path: str, slug: str) -> str:
    """What a path of the portal's own domain shows: never another portal's, or the desk's."""
    home = f"/portal/{slug}"
    if path in ("", "/"):
        return home
    ours = path == home or path.startswith((f"{home}/", _ASSETS))
    return path if ours else "/portal/-"
