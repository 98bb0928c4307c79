"""The Jira connector: the issues of one JQL selection, on Cloud or Data Center."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel

from trackersync.connector import Capabilities, Target
from trackersync_jira.settings import JiraSettings


class JiraConnector(Target):
    """Reads and writes the issues of one JQL selection; see `JiraSettings` for what can be configured."""

    kind: ClassVar[str] = "jira"
    Settings: ClassVar[type[BaseModel]] = JiraSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        reads=frozenset({"field", "label"}),
        labels=True,
        fields=True,
        priority=True,
        order="board",
        quiet=True,
        label_pattern=r"\S{1,255}",
    )
    settings: JiraSettings

    @classmethod
    def identify(cls, settings: JiraSettings) -> str:
        """`jira https://acme.atlassian.net board 12: project = CORE`."""
        board = "" if settings.board is None else f" board {settings.board}"
        return f"jira {settings.url}{board}: {settings.jql}"
