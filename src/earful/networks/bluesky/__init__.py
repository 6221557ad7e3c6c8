"""Bluesky, and any other server that speaks the AT Protocol."""

from earful.networks.bluesky.network import BlueskyNetwork

NETWORK = BlueskyNetwork()
