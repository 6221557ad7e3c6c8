"""What may stand in the fields of a person."""

from __future__ import annotations

from earful.accounts.errors import Invalid
from earful.accounts.roles import ROLES, Role
from earful.kit.text import one_line, storable


def clean_name(name: str) -> str:
    """A name on one line. Raises Invalid."""
    clean = one_line(storable(name, 1000), 100)
    if not clean:
        raise Invalid("name", "Write a name.")
    return clean


def clean_role(role: str) -> Role:
    """`role` as one of ROLES. Raises Invalid."""
    for known in ROLES:
        if role == known:
            return known
    raise Invalid("role", f"The role is one of {', '.join(ROLES)}.")


def clean_handle(handle: str) -> str:
    """A handle without @, or "" for none given. Raises Invalid."""
    clean = handle.strip().removeprefix("@").lower()
    if clean and not (len(clean) <= 40 and clean.replace("-", "").replace("_", "").isalnum()):
        raise Invalid("handle", "A handle is up to 40 letters, digits, - and _.")
    return clean


def clean_initials(initials: str) -> str:
    """Initials, or "" for none given. Raises Invalid."""
    clean = initials.strip().removeprefix("^").upper()
    if clean and not (len(clean) <= 4 and clean.isalnum()):
        raise Invalid("initials", "Initials are up to 4 letters or digits, such as AB.")
    return clean
