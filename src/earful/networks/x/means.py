"""What the parts of one channel work with, made once."""

from __future__ import annotations

from earful.networks.contract import Ports
from earful.networks.x.api import Api
from earful.networks.x.inbox import Inbox
from earful.networks.x.notices import Notices
from earful.networks.x.people import People
from earful.networks.x.pictures import Pictures
from earful.networks.x.session import Session
from earful.networks.x.spending import Spending
from earful.networks.x.walking import Walker
from earful.networks.x.where import Where


class Means:
    """One account's session, purse, memory of people, and ways to ask."""

    def __init__(self, place: Where, ports: Ports) -> None:
        self.place, self.ports = place, ports
        self.api = Api(place.api, ports, place.answer_within)
        self.carrier = Api(place.upload, ports, place.answer_within)
        self.session = Session(place, self.api, ports)
        self.spending = Spending(ports, place.cap, own_app=place.own_app)
        self.people = People(self.session, self.spending, place.names)
        self.pictures = Pictures(self.session, self.spending, ports, place.names)
        self.notices = Notices(ports)
        self.walker = Walker(self.session, self.spending, ports, place.names)
        self.inbox = Inbox(self.session, self.spending, ports, place.names)

    async def close(self) -> None:
        """Let go of connections."""
        await self.api.close()
        await self.carrier.close()
        await self.session.close()
