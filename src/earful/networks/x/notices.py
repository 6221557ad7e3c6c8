"""What a channel's people should know while it goes on working, put into one line of words."""

from __future__ import annotations

from earful.networks.contract import Ports


class Notices:
    """Words by what they are about; told only when they change."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._words: dict[str, str] = {}
        self._told: str | None = None  # what a run before this one said is taken away, too

    async def say(self, about: str, words: str) -> None:
        """Say it; empty words take it away."""
        if words:
            self._words[about] = words
        else:
            self._words.pop(about, None)
        told = " ".join(self._words[each] for each in sorted(self._words))
        if told != self._told:
            self._told = told
            await self._ports.tell(told)
