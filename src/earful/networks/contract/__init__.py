"""What a network must be able to say and do: the contract every connector keeps.

A connector is a translator. It never sees the database and never sleeps on its own account:
clock, tokens, rate budget and cursor are handed in as `Ports`. What it can do is what it
implements: `Connector` is the least; `Streams`, `Polls`, `Sends`, `Settles`, `Looks` and `Shows`
are added as separate protocols and found with `isinstance`, and so is what only some networks know:
`Hears` (webhooks), `Reaches` (private messages), `Hides`, `Removes`, `Limited`, `Checks`,
`Searches` and `Revisits` of a connector; `Charges`, `Splits`, `Measures`, `Hosts`, `Authorizes`,
`Warns`, `AnswersThere`, `Invites` and `Welcomes` of a network.

Errors carry the decision (design law 8)::

    NetworkError
    +-- RetryLater(after)    nothing happened; try again after so many seconds
    +-- Rejected             will never work as it stands; tell the agent why
    +-- Reauthorize          the channel must be signed in again; hold it
    +-- Uncertain            it may or may not have happened; settle by looking, not by resending
"""

from __future__ import annotations

from earful.networks.contract.abilities import (
    Checks,
    Connector,
    Describes,
    Finding,
    Hides,
    Limited,
    Looks,
    Polls,
    Reach,
    Reaches,
    Removes,
    Revisits,
    Sends,
    Settles,
    Shows,
    Streams,
)
from earful.networks.contract.drafts import Draft, Original, Published, Receipt, Target, Upload
from earful.networks.contract.errors import (
    NetworkError,
    Reauthorize,
    Rejected,
    RetryLater,
    Uncertain,
)
from earful.networks.contract.hooks import Answer, Call, Hears
from earful.networks.contract.manifest import Field, Identity, Limits, Manifest, Step
from earful.networks.contract.networks import (
    AnswersThere,
    Authorizes,
    Grant,
    Hosts,
    Invites,
    Measures,
    Network,
    Sampled,
    Samples,
    Splits,
    Warns,
    Welcomes,
)
from earful.networks.contract.ports import (
    Board,
    Ports,
    RateBudget,
    Said,
    Spend,
    Tokens,
    Unmetered,
    unheard,
)
from earful.networks.contract.posts import (
    Attachment,
    Batch,
    Change,
    Deletion,
    Person,
    Post,
    Unreadable,
    Visibility,
    counted,
)
from earful.networks.contract.searching import Charges, Searches, Sought

__all__ = [
    "Answer",
    "AnswersThere",
    "Attachment",
    "Authorizes",
    "Batch",
    "Board",
    "Call",
    "Change",
    "Charges",
    "Checks",
    "Connector",
    "Deletion",
    "Describes",
    "Draft",
    "Field",
    "Finding",
    "Grant",
    "Hears",
    "Hides",
    "Hosts",
    "Identity",
    "Invites",
    "Limited",
    "Limits",
    "Looks",
    "Manifest",
    "Measures",
    "Network",
    "NetworkError",
    "Original",
    "Person",
    "Polls",
    "Ports",
    "Post",
    "Published",
    "RateBudget",
    "Reach",
    "Reaches",
    "Reauthorize",
    "Receipt",
    "Rejected",
    "Removes",
    "RetryLater",
    "Revisits",
    "Said",
    "Sampled",
    "Samples",
    "Searches",
    "Sends",
    "Settles",
    "Shows",
    "Sought",
    "Spend",
    "Splits",
    "Step",
    "Streams",
    "Target",
    "Tokens",
    "Uncertain",
    "Unmetered",
    "Unreadable",
    "Upload",
    "Visibility",
    "Warns",
    "Welcomes",
    "counted",
    "unheard",
]
