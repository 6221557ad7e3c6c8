"""X, through its API v2."""

from earful.networks.x.network import XNetwork

NETWORK = XNetwork()
