"""The body of an issue apart from the rest, which is all that scoring reads."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROWS = 500
_ISSUE = sa.table(
    "issue",
    sa.column("tracker", sa.Text),
    sa.column("generation", sa.Integer),
    sa.column("id", sa.Text),
    sa.column("payload", sa.LargeBinary),
    sa.column("body", sa.LargeBinary),
)
_KEY = (_ISSUE.c.tracker, _ISSUE.c.generation, _ISSUE.c.id)


def upgrade() -> None:
    """Add the column and move into it what the payloads hold of it."""
    op.add_column("issue", sa.Column("body", sa.LargeBinary))
    connection = op.get_bind()
    at = [column == sa.bindparam(f"at_{column.name}") for column in _KEY]
    update = sa.update(_ISSUE).where(*at).values(payload=sa.bindparam("head"), body=sa.bindparam("text"))
    for rows in _batches(connection):
        connection.execute(update, [_moved(*row) for row in rows])


def _batches(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    """All rows by their key, some at a time, since a cursor must not read what is changed under it."""
    query = sa.select(*_KEY, _ISSUE.c.payload).order_by(*_KEY).limit(_ROWS)
    rows = connection.execute(query).all()
    while rows:
        yield rows
        last = sa.tuple_(*(sa.literal(part) for part in rows[-1][: len(_KEY)]))
        rows = connection.execute(query.where(sa.tuple_(*_KEY) > last)).all()


def _moved(tracker: str, generation: int, id_: str, payload: bytes) -> dict[str, Any]:
    head, text = _parted(payload)
    return {"at_tracker": tracker, "at_generation": generation, "at_id": id_, "head": head, "text": text}


def _parted(payload: bytes) -> tuple[bytes, bytes | None]:
    try:
        issue = json.loads(payload)
    except ValueError:
        return payload, None  # damaged: whoever reads it says so, and how to repair it
    body = issue.pop("body", "")
    return json.dumps(issue, ensure_ascii=False, separators=(",", ":")).encode(), body.encode() or None
