"""Networks as processes of their own, whose ledger is the truth. One file each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from earful.bench.ground import Ground
from earful.bench.peers.bluesky import bluesky
from earful.bench.peers.mailbox import mailbox
from earful.bench.peers.mastodon import mastodon
from earful.bench.peers.peer import Peer
from earful.bench.peers.rehearsal import rehearsal
from earful.bench.peers.x import x

PEERS: dict[str, Callable[[Ground], AbstractAsyncContextManager[Peer]]] = {
    "rehearsal": rehearsal,
    "x": x,
    "mastodon": mastodon,
    "email": mailbox,
    "bluesky": bluesky,
}
