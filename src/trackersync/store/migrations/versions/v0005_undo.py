"""What a run can be undone by, and what an override is told and released by."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add table and columns; overrides keep their age, and are told with all else from the next plan on."""
    op.create_table(
        "band_before",
        sa.Column("tracker", sa.Text, primary_key=True),
        sa.Column("issue", sa.Text, primary_key=True),
        sa.Column("run", sa.Text, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("band", sa.Text),
    )
    op.create_index("band_before_by_run", "band_before", ["run"])
    for name in ("connector", "key", "wrote"):
        op.add_column("override", sa.Column(name, sa.Text))
    op.add_column("override", sa.Column("ledger_seq", _NUMBER))
    op.add_column("override", sa.Column("released_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE override SET ledger_seq = (SELECT max(ledger.seq) FROM ledger WHERE ledger.tracker = override.tracker"
        " AND ledger.issue = override.issue AND ledger.kind = override.kind AND ledger.name = override.name"
        " AND ledger.status IN ('applied', 'unchanged'))"
    )
