"""The tables of the store; `migrations` builds them, and a test holds the two equal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from trackersync.model import Value
from trackersync.store import payload


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept and returned in UTC whatever the database makes of time zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """In UTC, since SQLite drops the zone."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """In UTC again: PostgreSQL answers in the zone of the session."""
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], datetime | None] | None:
        """SQLite answers with text without a zone, which is read in one step: there can be tens of thousands."""
        return _aware if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _aware(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class Prose(TypeDecorator[str]):
    """Text in a tracker's words: what no database takes (NUL, half a surrogate pair) is replaced."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The text as UTF-8 without NUL."""
        return None if value is None else payload.storable(value).replace("\0", "\N{REPLACEMENT CHARACTER}")


class JsonValue(TypeDecorator[Value]):
    """What a target holds, as JSON text; None is the JSON `null`, so that the column is never NULL."""

    impl = sa.Text
    cache_ok = True
    should_evaluate_none = True

    def process_bind_param(self, value: Value, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        """JSON."""
        return payload.encode_value(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Value:  # noqa: ARG002 - SQLAlchemy's signature
        """The value, lists as tuples."""
        return payload.decode_value(value or "null")


class Points(TypeDecorator[tuple[tuple[str, float], ...]]):
    """What a score was made of, as JSON text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[tuple[str, float], ...] | None, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        """JSON."""
        return payload.encode_points(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[tuple[str, float], ...]:  # noqa: ARG002 - SQLAlchemy's signature
        """Names and points again."""
        return payload.decode_points(value or "[]")


metadata = sa.MetaData()

SNAPSHOT = sa.Table(
    "snapshot",
    metadata,
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("identity", sa.Text, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("taken_at", Instant, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("cursor", sa.Text),
    sa.Column("whole_at", Instant),
)
"""The generation of issues that counts, one row a tracker: replacing a snapshot is changing this number."""

ISSUE = sa.Table(
    "issue",
    metadata,
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("body", sa.LargeBinary),
)
"""An issue without its body as JSON, and the body, NULL where there is none: it is most of the bytes, and behind."""

DONE_ISSUE = sa.Table(
    "done_issue",
    metadata,
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("closed_at", Instant, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
)
"""Issues that were done when they left a selection of open ones, without their bodies."""

FAILED_READ = sa.Table(
    "failed_read",
    metadata,
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("error", Prose, nullable=False),
)
"""Why the last read of a tracker did not come to its end; absent where it did."""

RUN = sa.Table(
    "run",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("plan_digest", sa.Text, nullable=False),
    sa.Column("allowed", JsonValue, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("status", sa.Text),
    sa.Column("applied_by", Prose),
)

LEDGER = sa.Table(
    "ledger",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("run", sa.Text, sa.ForeignKey("run.id"), nullable=False),
    sa.Column("tracker", sa.Text, nullable=False),
    sa.Column("issue", sa.Text, nullable=False),
    sa.Column("connector", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("before", JsonValue, nullable=False),
    sa.Column("after", JsonValue, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("detail", Prose, nullable=False),
    sa.Column("reason", Prose, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ledger_by_target", "tracker", "issue", "kind", "name", "status", "seq"),
    sa.Index("ledger_by_run", "run", "status"),
)
"""Only ever added to."""

STANDING = sa.Table(
    "standing",
    metadata,
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("issue", sa.Text, primary_key=True),
    sa.Column("connector", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("score", sa.Double, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("band", sa.Text, nullable=False),
    sa.Column("run", sa.Text, sa.ForeignKey("run.id"), nullable=False),
)

BAND_BEFORE = sa.Table(
    "band_before",
    metadata,
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("issue", sa.Text, primary_key=True),
    sa.Column("run", sa.Text, sa.ForeignKey("run.id"), primary_key=True),
    sa.Column("band", sa.Text),
    sa.Index("band_before_by_run", "run"),
)
"""The bands that a run changed, as they were before it; NULL for an issue that was not in the list."""

MOVEMENT = sa.Table(
    "movement",
    metadata,
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("issue", sa.Text, primary_key=True),
    sa.Column("run_seq", sa.Integer, sa.ForeignKey("run.seq"), primary_key=True, autoincrement=False),
    sa.Column("score", sa.Double),
    sa.Column("rank", sa.Integer),
    sa.Column("band", sa.Text),
    sa.Column("points", Points, nullable=False),
    sqlite_with_rowid=False,
)
"""Where issues stood in the list of a run, those alone that stood elsewhere before; NULL: not in the list any more.

There can be thousands a night, so that they are kept short, and an issue's side by side.
"""

OVERRIDE = sa.Table(
    "override",
    metadata,
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("issue", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("found", JsonValue, nullable=False),
    sa.Column("first_seen", Instant, nullable=False),
    sa.Column("connector", sa.Text),
    sa.Column("key", sa.Text),
    sa.Column("wrote", JsonValue),
    sa.Column("ledger_seq", sa.BigInteger().with_variant(sa.Integer, "sqlite")),
    sa.Column("released_at", Instant),
)
"""Human values as last found. `ledger_seq` is our write that each overrides: once we wrote again it is over."""

OWN_WRITE = sa.Table(
    "own_write",
    metadata,
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("issue", sa.Text, primary_key=True),
    sa.Column("connector", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("active_at", Instant, nullable=False),
)
"""How to recognise our own last write to an issue when it comes back as updated."""

IN_FLIGHT = sa.Table(
    "in_flight",
    metadata,
    sa.Column("run", sa.Text, sa.ForeignKey("run.id"), primary_key=True),
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("issue", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("connector", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("before", JsonValue, nullable=False),
    sa.Column("after", JsonValue, nullable=False),
    sa.Column("reason", Prose, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("answered", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""What was about to be written and of which nobody knows yet whether it was."""

REQUESTS = sa.Table(
    "request_count",
    metadata,
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("at", Instant, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
"""How many requests were sent to a tracker in a stretch of time that began then; only of trackers with a budget."""
