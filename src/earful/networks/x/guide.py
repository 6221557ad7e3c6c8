"""Pure: how a channel on X is connected, click by click, and what is asked for."""

from __future__ import annotations

from earful.networks.contract import Field, Step
from earful.networks.x.oauth import SCOPES
from earful.networks.x.prices import AS_OF, PRICES, Item
from earful.networks.x.where import API, AUTHORIZE, WAYS

_CONSOLE = "https://console.x.com"

FIELDS = (
    Field("client_id", "Client ID", help="Keys and tokens, OAuth 2.0, in X's developer console"),
    Field("client_secret", "Client secret", secret=True, optional=True,
          help="Beside the client ID; empty for a native app"),
    Field("bearer_token", "Bearer token", secret=True, optional=True,
          help="The app's own: for the filtered stream, activity and deletions. Without it "
          "Earful asks for mentions and messages only"),
    Field("consumer_secret", "Consumer secret", secret=True, optional=True,
          help="API key secret: proves that a webhook's call is X's. Without it no webhook"),
    Field("tier", "Tier", default="pay-per-use", choices=("pay-per-use", "enterprise"),
          help="pay-per-use, or enterprise: then any post can be answered from here"),
    Field("own_app", "Own app", default="yes", choices=("yes", "no"), rare=True,
          help="yes if the app belongs to this very account: then mentions cost a fifth"),
    Field("daily_cap", "Daily cap", help="Dollars; listening shrinks as it nears, replies never"),
    Field("listen", "Listen by", default=",".join(WAYS), rare=True,
          help="Any of " + ", ".join(WAYS)),
    Field("search", "Searches", help="One query a line; what they find is nobody's duty"),
    Field("look_again", "Look again", default="60", rare=True,
          help="Minutes after which posts heard are looked up again, for deletions"),
    Field("names", "Names", default="tweet", choices=("tweet", "post"), rare=True,
          help="Words of X's requests: tweet or post"),
    Field("access_token", "Access token", secret=True, optional=True, instead=True, rare=True,
          help="Only where nobody can sign in on X's page: by command"),
    Field("refresh_token", "Refresh token", secret=True, optional=True, rare=True,
          help="With the access token"),
    Field("api", "API", default=API, rare=True, place=True, help="Where X's API stands"),
    Field("upload", "Uploads", rare=True, place=True, nowhere=("",),
          help="Where pictures go; empty for the same"),
    Field("authorize", "Sign-in page", default=AUTHORIZE, rare=True, place=True,
          help="Where the owner says yes"),
)  # fmt: skip


def _dollars(item: Item) -> str:
    return f"${PRICES[item]:f}"


GUIDE = (
    Step(
        "Make an app at X",
        "Sign in to X's developer console with the very account that answers customers, choose "
        "pay-per-use, buy credit, and create a project with one app in it. An app of the account's "
        "own reads its mentions at a fifth of the price.",
        link=_CONSOLE,
    ),
    Step(
        "Set up user authentication",
        "In the app's settings under User authentication settings choose Set up. App permissions: "
        "Read and write and Direct message. Type of app: Web App, Automated App or Bot. Copy this "
        "into Callback URI, to the letter: X takes https, or http://127.0.0.1, and never "
        "http://localhost.",
        copy="{callback}",
    ),
    Step(
        "Website URL",
        "The same page asks for a website; X shows it to whoever signs in.",
        copy="{origin}",
    ),
    Step(
        "Copy four secrets",
        "Under Keys and tokens: the OAuth 2.0 client ID and client secret, the API key secret "
        "(consumer secret) and the bearer token. X shows each once.",
    ),
    Step(
        "What Earful will ask for",
        f"These rights: {' '.join(SCOPES)}. Nothing is posted that nobody wrote.",
    ),
    Step(
        "What it will cost",
        f"By X's prices of {AS_OF:%d %B %Y}: a mention read {_dollars(Item.READ_MENTION)}, any "
        f"other post {_dollars(Item.READ_POST)}, a message {_dollars(Item.READ_DM)}; a reply "
        f"{_dollars(Item.SUMMONED_REPLY)}, a message sent {_dollars(Item.DM)}, a post with a link "
        f"{_dollars(Item.POST_WITH_LINK)}. A thousand mentions a day are about $30 a month asked "
        "for, and about $150 told at once. Set a daily cap: as it nears, searches rest first, then "
        "the streams, then mentions are asked for more slowly. Replies are always sent.",
    ),
    Step(
        "What X allows",
        "On pay-per-use X lets programs answer only those who mention or quote you; elsewhere the "
        "composer opens the post in X. Enterprise lifts it. Likes and follows are not for sale. If "
        "you switch automatic answers on: they go only to who wrote to you, once, and never to who "
        "asked to be left alone; X wants an account that sends such to carry its Automated label.",
    ),
    Step(
        "Be told at once (if this desk is on the web)",
        "Earful registers this address at X by itself once the channel is connected and the desk "
        "has an https address without a port. There is nothing to do here.",
        copy="{hook}",
    ),
)  # fmt: skip
