"""The rehearsal network: recorded customers, replayed on this machine alone, who react to us."""

from earful.networks.rehearsal.network import RehearsalNetwork

NETWORK = RehearsalNetwork()
