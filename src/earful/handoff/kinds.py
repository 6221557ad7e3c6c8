"""The kinds of desks there are: what each asks for, how it is opened, how its calls are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import httpx
import msgspec

from earful.handoff import chatwoot, salesforce, zammad, zendesk
from earful.handoff.chatwoot import Chatwoot
from earful.handoff.salesforce import Salesforce
from earful.handoff.ticket import OtherDesk
from earful.handoff.webhook import Webhook
from earful.handoff.zammad import Zammad
from earful.handoff.zendesk import Zendesk
from earful.kit.refusal import Refused
from earful.networks.contract import Field

Named = Callable[[Mapping[str, str], bytes, str], list[str]]


class Kind(msgspec.Struct, frozen=True):
    """One kind. `named` reads which tickets a call is about; None where the call itself tells.

    `signs` is whether its calls are signed; else the address it is given ends with the secret.
    """

    title: str
    fields: tuple[Field, ...]
    named: Named | None = None
    signs: bool = True


KINDS: Mapping[str, Kind] = {
    "zendesk": Kind(
        "Zendesk",
        (
            Field("email", "Email of the agent that files tickets"),
            Field("token", "API token", secret=True),
            Field("group", "Group's number", help="Empty: Zendesk decides"),
        ),
        zendesk.named,
    ),
    "zammad": Kind(
        "Zammad",
        (
            Field("token", "Access token", secret=True, help="With the right ticket.agent"),
            Field("group", "Group", default="Users"),
            Field("customer", "Customer's email", help="Under whom tickets are filed"),
        ),
        zammad.named,
    ),
    "chatwoot": Kind(
        "Chatwoot",
        (
            Field("token", "Access token", secret=True),
            Field("account", "Account's number", default="1"),
            Field("inbox", "Number of the API inbox"),
        ),
        chatwoot.named,
        signs=False,
    ),
    "salesforce": Kind(
        "Salesforce",
        (
            Field("client_id", "Connected app: consumer key"),
            Field("client_secret", "Connected app: consumer secret", secret=True),
            Field("external_id_field", "External id field", default="Earful_Id__c"),
        ),
        salesforce.named,
        signs=False,
    ),
    "webhook": Kind("Webhook", (Field("secret", "Secret that signs both ways", secret=True),)),
}


def values_of(kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """The fields of a kind, checked. Raises Refused in words."""
    known = {field.name: field for field in KINDS[kind].fields}
    if unknown := sorted(set(given) - set(known)):
        raise Refused("invalid", f"{KINDS[kind].title} has no field {', '.join(unknown)}.")
    values = {name: str(given.get(name) or field.default) for name, field in known.items()}
    optional = ("group",) if kind == "zendesk" else ()
    for name, value in values.items():
        if not value.strip() and name not in optional:
            raise Refused("invalid", f"{known[name].label} is missing.")
    numbers = {"zendesk": ("group",), "chatwoot": ("account", "inbox")}.get(kind, ())
    for name in numbers:
        if values[name] and not values[name].isdigit():
            raise Refused("invalid", f"{known[name].label} is not a number.")
    return values


def open_desk(
    kind: str, url: str, values: Mapping[str, str], client: httpx.AsyncClient, now: datetime
) -> OtherDesk:
    """The desk behind `client`, which must be a guarded one."""
    match kind:
        case "zendesk":
            return Zendesk(client, url, values)
        case "zammad":
            return Zammad(client, url, values)
        case "chatwoot":
            return Chatwoot(client, url, values)
        case "salesforce":
            return Salesforce(client, url, values)
    return Webhook(client, url, values, now)
