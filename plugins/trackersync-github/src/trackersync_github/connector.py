"""The GitHub connector: issues of one repository, and the Projects v2 board beside it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel

from trackersync.connector import Capabilities, Target
from trackersync_github.settings import GitHubSettings


class GitHubConnector(Target):
    """Reads and writes one repository's issues; see `GitHubSettings` for what can be configured."""

    kind: ClassVar[str] = "github"
    Settings: ClassVar[type[BaseModel]] = GitHubSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        reads=frozenset({"label", "project_field", "issue_field"}),
        labels=True,
        project_fields=True,
        order="project",
        label_pattern=r"\S(.{0,48}\S)?",
    )
    settings: GitHubSettings

    @classmethod
    def identify(cls, settings: GitHubSettings) -> str:
        """`github https://api.github.com acme/web project acme/7`."""
        project = "" if settings.project is None else f" project {settings.project}"
        return f"github {settings.url} {settings.repository}{project}"
