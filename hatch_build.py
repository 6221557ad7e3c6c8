"""Builds the agents' screen into the package, so that a wheel carries it."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ScreenBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs the screen's build before a wheel is packed; an editable install needs none."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the screen unless it stands already or the install is editable."""
