"""A file tracker's section of the configuration file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Word = Literal[
    "id",
    "title",
    "body",
    "type",
    "state",
    "labels",
    "priority",
    "assignee",
    "milestone",
    "components",
    "created",
    "updated",
    "due",
    "estimate",
    "votes",
    "url",
]
"""What a column can mean besides a field of the team's own."""


class FileSettings(BaseModel):
    """One backlog: a file, or all files of a folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Text = Field(
        description="A .csv, .xlsx or .md file, or a folder of such files; relative to the folder of this file."
    )
    columns: dict[Word, Text] = Field(
        default={}, description="The headings of columns that are not headed by the usual word, by that word."
    )
    done: tuple[Text, ...] = Field(
        default=(), description="States that mean done, besides done, closed, resolved and the like."
    )
    sheet: Text | None = Field(default=None, description="The sheet of a workbook with the backlog; else the first.")
    _folder: Path = PrivateAttr(default=Path())

    def model_post_init(self, context: Any, /) -> None:
        """Take note of the folder of the team's file, which a relative path is taken from."""
        if context:
            self._folder = context["folder"]

    @property
    def location(self) -> Path:
        """Where the backlog is, from the working directory."""
        return self._folder / self.path
