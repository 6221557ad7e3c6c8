"""Signing in: the page a user approves on, and the tokens that come of it."""

from __future__ import annotations

import base64
import hashlib
import html
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from earful.networks.x.simulator.call import Call, Route
from earful.networks.x.simulator.tokens import CODE_LIVES_FOR, LIVES_FOR, SCOPES, Code, Granted
from earful.networks.x.simulator.wire import Answer

_PAGE = {"content-type": "text/html; charset=utf-8"}
_WRONG = "<h1>Something went wrong</h1><p>You weren’t able to give access to the App. {}</p>"


async def ask(call: Call) -> Answer:
    """The page; where the plan says so, it approves itself, for the account `as` or the first."""
    query = call.request.query
    if wrong := _wrong(call, query):
        return Answer(400, _WRONG.format(html.escape(wrong)).encode(), _PAGE)
    brands = [call.state.world.users[id_].username for id_ in call.state.world.brands]
    if call.state.plan.auto_approve:
        return _approved(call, query, query.get("as") or brands[0])
    kept = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in query.items()
    )
    buttons = "".join(
        f'<button name="as" value="{html.escape(name)}">Authorize app as @{html.escape(name)}'
        "</button> "
        for name in brands
    )
    refuse = '<button name="as" value="">Cancel</button>'
    page = f"<h1>Earful wants to access your X account</h1><form>{kept}{buttons}{refuse}</form>"
    form = page.replace("<form>", '<form method="post" action="/i/oauth2/authorize">')
    return Answer(200, form.encode(), _PAGE)


async def approve(call: Call) -> Answer:
    """The user pressed a button."""
    form = call.request.form()
    if wrong := _wrong(call, form):
        return Answer(400, _WRONG.format(html.escape(wrong)).encode(), _PAGE)
    return _approved(call, form, form.get("as", ""))


async def token(call: Call) -> Answer:
    """A code or a refresh token becomes tokens."""
    form = call.request.form()
    if not _known_client(call, form):
        return _error(401, "unauthorized_client", "Missing valid authorization header")
    if form.get("grant_type") == "refresh_token":
        granted = call.state.tokens.refresh(form.get("refresh_token", ""))
    elif form.get("grant_type") == "authorization_code":
        granted = _exchanged(call, form)
    else:
        return _error(400, "unsupported_grant_type", "Unsupported grant_type.")
    if granted is None:
        return _error(400, "invalid_request", "Value passed for the token was invalid.")
    told = {
        "token_type": "bearer",
        "expires_in": int(LIVES_FOR.total_seconds()),
        "access_token": granted.access,
        "scope": granted.scope,
    }
    return Answer(200, told | ({"refresh_token": granted.refresh} if granted.refresh else {}))


async def revoke(call: Call) -> Answer:
    """A token is given back."""
    form = call.request.form()
    if not _known_client(call, form):
        return _error(401, "unauthorized_client", "Missing valid authorization header")
    call.state.tokens.revoke(form.get("token", ""))
    return Answer(200, {"revoked": True})


async def app_token(call: Call) -> Answer:
    """The app's own token, for its key and secret."""
    form = call.request.form()
    if form.get("grant_type") != "client_credentials" or not _known_client(call, form):
        return _error(403, "forbidden", "Unable to verify your credentials")
    return Answer(200, {"token_type": "bearer", "access_token": call.state.tokens.app.bearer})


def _wrong(call: Call, query: Mapping[str, str]) -> str:
    """Why the page cannot be shown; empty when it can."""
    redirect = query.get("redirect_uri", "")
    where = urlsplit(redirect)
    known = call.state.plan.redirects
    if query.get("client_id") != call.state.tokens.app.client_id:
        return "client_id is not known."
    if (known and redirect not in known) or not where.hostname or where.hostname == "localhost":
        return "redirect_uri is not one of the app's."
    if where.scheme != "https" and where.hostname != "127.0.0.1":
        return "redirect_uri must be HTTPS."
    if query.get("response_type") != "code" or not query.get("state"):
        return "response_type and state are wanted."
    if not query.get("code_challenge"):
        return "code_challenge is wanted."
    unknown = set(query.get("scope", "").split()) - set(SCOPES.split())
    return f"Unknown scope {min(unknown)}." if unknown or not query.get("scope") else ""


def _approved(call: Call, query: Mapping[str, str], handle: str) -> Answer:
    redirect = query["redirect_uri"]
    user = call.state.world.user(handle) if handle else None
    if user is None or user.id not in call.state.world.brands:
        told = {"error": "access_denied", "state": query["state"]}
    else:
        code = secrets.token_urlsafe(32)
        call.state.tokens.codes[code] = Code(
            user.id,
            query["scope"],
            redirect,
            query["code_challenge"],
            query.get("code_challenge_method", "plain"),
            call.state.now() + CODE_LIVES_FOR,
        )
        told = {"state": query["state"], "code": code}
    joint = "&" if urlsplit(redirect).query else "?"
    return Answer(302, b"", {"location": f"{redirect}{joint}{urlencode(told)}"})


def _exchanged(call: Call, form: Mapping[str, str]) -> Granted | None:
    code = call.state.tokens.codes.pop(form.get("code", ""), None)
    if code is None or code.expires_at <= call.state.now():
        return None
    verifier = form.get("code_verifier", "")
    shown = verifier
    if code.method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        shown = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if shown != code.challenge or form.get("redirect_uri") != code.redirect:
        return None
    return call.state.tokens.grant(code.user_id, code.scope)


def _known_client(call: Call, form: Mapping[str, str]) -> bool:
    """By Basic authentication, or for apps without a secret by the id alone."""
    app = call.state.tokens.app
    kind, _, value = call.request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        given = f"{app.client_id}:{app.client_secret}"
        return secrets.compare_digest(value, base64.b64encode(given.encode()).decode())
    return form.get("client_id") == app.client_id


def _error(status: int, error: str, description: str) -> Answer:
    return Answer(status, {"error": error, "error_description": description})


ROUTES = (
    Route("GET", "/i/oauth2/authorize", "authorize", ask, "nobody"),
    Route("POST", "/i/oauth2/authorize", "authorize", approve, "nobody"),
    Route("POST", "/2/oauth2/token", "token", token, "nobody"),
    Route("POST", "/2/oauth2/revoke", "token", revoke, "nobody"),
    Route("POST", "/oauth2/token", "token", app_token, "nobody"),
)
