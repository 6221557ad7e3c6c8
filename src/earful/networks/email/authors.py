"""Whose the mails are that a new one refers to: asked of the mailbox only where it is in doubt."""

from __future__ import annotations

from earful.networks.email.imap import Imap, No
from earful.networks.email.names import Us, is_ours
from earful.networks.email.translate import (
    Authors,
    Mail,
    author_key,
    head_of,
    parents_of,
)

_REMEMBERED = 5_000
_ASKED = 2


class Authorship:
    """Knows the authors of mails that were heard of late, and looks others up."""

    def __init__(self, imap: Imap, us: Us, folder: str, sent: str) -> None:
        self._imap, self._us, self._folder, self._sent = imap, us, folder, sent
        self._known: dict[str, str] = {}

    async def of(self, mail: Mail) -> Authors:
        """The authors of the mails that `mail` answers, as far as they can be told."""
        headers = head_of(mail.raw)
        author = author_key(headers, own=mail.own)
        for identifier in headers.ids("message-id"):
            self._keep(identifier, author)
        near = parents_of(headers)
        if any(is_ours(each, self._us) for each in near):
            return {each: self._known[each] for each in near if each in self._known}
        for identifier in near[:_ASKED]:
            if identifier not in self._known:
                self._keep(identifier, await self._look(identifier, mail.folder) or author)
        return {each: self._known[each] for each in near if each in self._known}

    def _keep(self, identifier: str, author: str) -> None:
        while len(self._known) >= _REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[identifier] = author

    async def _look(self, identifier: str, open_folder: str) -> str:
        """The author by the mailbox; empty when it has no such mail."""
        folders = [open_folder, *({self._folder, self._sent} - {open_folder, ""})]
        try:
            for folder in folders:
                if folder != open_folder:
                    await self._imap.examine(folder)
                for uid in await self._imap.with_id(identifier):
                    for found in await self._imap.fetch(str(uid), "UID BODY.PEEK[HEADER]"):
                        headers = head_of(found.data or b"")
                        if identifier in headers.ids("message-id"):
                            return author_key(headers, own=folder == self._sent)
        except No:
            return ""
        finally:
            if len(folders) > 1:
                await self._imap.examine(open_folder)
        return ""
