"""Where a read may go on from, and what was found out about the site, so that it need not be asked again."""

from __future__ import annotations

from typing import Self

import msgspec

from trackersync.errors import UnsupportedError
from trackersync.transport.shapes import decoder
from trackersync_jira.mapping import Reading


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """What one read leaves for the next."""

    since: int
    """Milliseconds since the epoch, by Jira's clock."""
    projects: list[str]
    """The keys of the projects of which issues were selected."""
    server: dict[str, str]
    reading: Reading
    """The ids of the fields that are asked for."""

    def __str__(self) -> str:
        return msgspec.json.encode(self, order="sorted").decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """The cursor again; `UnsupportedError` for what another version left."""
        try:
            return decoder(cls).decode(text)
        except msgspec.MsgspecError as error:
            raise UnsupportedError("this cursor is of another version; all is read anew") from error
