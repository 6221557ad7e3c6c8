"""Everything one simulator holds."""

from __future__ import annotations

from earful.networks.x.simulator.clock import Clock
from earful.networks.x.simulator.compliance import Job
from earful.networks.x.simulator.faults import Faults
from earful.networks.x.simulator.hub import Hub
from earful.networks.x.simulator.limits import Limits
from earful.networks.x.simulator.plan import Plan
from earful.networks.x.simulator.spend import Spend
from earful.networks.x.simulator.tokens import Tokens
from earful.networks.x.simulator.webhooks import Webhooks
from earful.networks.x.simulator.world import World


class State:
    """The world, its doors' keys, and who listens."""

    def __init__(self, plan: Plan, now: Clock) -> None:
        self.plan, self.now = plan, now
        self.service = ""
        self.world = World(plan, now)
        self.tokens = Tokens(now)
        self.limits = Limits(now)
        self.spend = Spend(now)
        self.faults = Faults()
        self.jobs: dict[str, Job] = {}
        self.webhooks = Webhooks(plan, now, self.tokens.app.consumer_secret)
        self.hub = Hub(self.world, self.spend, self.webhooks)
