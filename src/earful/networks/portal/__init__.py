"""The portal: people write to the desk on its own pages. The server of this network is us."""

from earful.networks.portal.network import NETWORK

__all__ = ["NETWORK"]
