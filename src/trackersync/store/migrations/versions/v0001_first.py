"""Snapshots, runs and their ledger, standings and overrides."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the first tables."""
    _create_snapshots()
    _create_runs()
    _create_ledger()
    _create_memory_of_the_last_run()
    _create_in_flight()


def _create_snapshots() -> None:
    op.create_table(
        "snapshot",
        sa.Column("tracker", sa.Text, primary_key=True),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "issue",
        sa.Column("tracker", sa.Text, primary_key=True),
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )


def _create_runs() -> None:
    op.create_table(
        "run",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("plan_digest", sa.Text, nullable=False),
        sa.Column("allowed", sa.Text, nullable=False),
        sa.Column("finished_at", _INSTANT),
        sa.Column("status", sa.Text),
    )


def _create_ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("run", sa.Text, sa.ForeignKey("run.id"), nullable=False),
        sa.Column("tracker", sa.Text, nullable=False),
        sa.Column("issue", sa.Text, nullable=False),
        sa.Column("connector", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
    )
    op.create_index("ledger_by_target", "ledger", ["tracker", "issue", "kind", "name", "status", "seq"])
    op.create_index("ledger_by_run", "ledger", ["run", "status"])


def _create_memory_of_the_last_run() -> None:
    op.create_table(
        "standing",
        sa.Column("tracker", sa.Text, primary_key=True),
        sa.Column("issue", sa.Text, primary_key=True),
        sa.Column("connector", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("band", sa.Text, nullable=False),
        sa.Column("run", sa.Text, sa.ForeignKey("run.id"), nullable=False),
    )
    op.create_table(
        "override",
        sa.Column("tracker", sa.Text, primary_key=True),
        sa.Column("issue", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("first_seen", _INSTANT, nullable=False),
    )
    op.create_table(
        "own_write",
        sa.Column("tracker", sa.Text, primary_key=True),
        sa.Column("issue", sa.Text, primary_key=True),
        sa.Column("connector", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.Column("active_at", _INSTANT, nullable=False),
    )


def _create_in_flight() -> None:
    op.create_table(
        "in_flight",
        sa.Column("run", sa.Text, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("tracker", sa.Text, primary_key=True),
        sa.Column("issue", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("connector", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
    )
