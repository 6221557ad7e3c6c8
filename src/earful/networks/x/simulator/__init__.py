"""A simulated X on this machine: the API v2 that the connector uses, with its ledger."""

from earful.networks.x.simulator.plan import Plan
from earful.networks.x.simulator.server import simulated, told
from earful.networks.x.simulator.state import State

__all__ = ["Plan", "State", "simulated", "told"]
