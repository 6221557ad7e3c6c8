"""What can be wrong with a request about accounts, in words for the person who made it.

::

    AccountError            .slug is the problem's type in the API, str() its detail
    +-- Invalid             a field can't be used as it stands
    +-- Taken               somebody has this e-mail address or handle already
    +-- LastOwner           the workspace would be left without an owner
    +-- NotAllowed          the role does not give this right
    +-- NoSuchAgent         nobody of that id in this workspace
    +-- AlreadySetUp        the first owner exists
    +-- TooMany             a workspace, or a person, has no room for another
"""

from __future__ import annotations


class AccountError(ValueError):
    """The base; never raised itself."""

    slug = "invalid"


class Invalid(AccountError):
    """A field can't be used; `field` names it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


class Taken(Invalid):
    """An e-mail address or handle that somebody else has."""

    slug = "taken"


class LastOwner(AccountError):
    """A workspace always keeps one owner who can sign in."""

    slug = "last-owner"


class NotAllowed(AccountError):
    """The role does not give this right."""

    slug = "forbidden"


class NoSuchAgent(AccountError):
    """Nobody of that id in this workspace."""

    slug = "not-found"


class AlreadySetUp(AccountError):
    """Setup happens once."""

    slug = "already-set-up"


class TooMany(AccountError):
    """There is no room for another; the words say how many there may be."""

    slug = "too-many"
