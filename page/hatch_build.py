"""Builds the report's script into the wheel, so that who installs it needs no Node."""

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageBuildHook(BuildHookInterface):
    """Runs npm for a wheel to be given away; an editable install finds what `make page` made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Called by hatchling before it collects the files."""
        if version == "editable":
            return
        page = Path(self.root) / "page"
        for command in (["npm", "ci", "--ignore-scripts"], ["npm", "run", "build"]):
            subprocess.run(command, cwd=page, check=True)  # noqa: S603 - the commands are these
