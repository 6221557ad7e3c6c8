"""Mastodon, and any other server that speaks its API (GoToSocial, Pleroma, Akkoma and more)."""

from earful.networks.mastodon.network import MastodonNetwork

NETWORK = MastodonNetwork()
