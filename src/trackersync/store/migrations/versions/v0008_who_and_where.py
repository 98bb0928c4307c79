"""Who had a run done, what was delivered, what could not be read; where issues stood, so that a year is soon read."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, of which nobody knows for earlier runs; number the runs of movements, and keep these by issue.

    The points that a score was made of were not kept before.
    """
    op.add_column("run", sa.Column("applied_by", sa.Text))
    op.create_table(
        "done_issue",
        sa.Column("tracker", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "failed_read",
        sa.Column("tracker", sa.Text, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text, nullable=False),
    )
    op.rename_table("movement", "movement_before")
    op.create_table(
        "movement",
        sa.Column("tracker", sa.Text, primary_key=True),
        sa.Column("issue", sa.Text, primary_key=True),
        sa.Column("run_seq", sa.Integer, sa.ForeignKey("run.seq"), primary_key=True, autoincrement=False),
        sa.Column("score", sa.Double),
        sa.Column("rank", sa.Integer),
        sa.Column("band", sa.Text),
        sa.Column("points", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO movement SELECT tracker, issue, run.seq, score, rank, band, '[]'"
        " FROM movement_before JOIN run ON run.id = movement_before.run"
    )
    op.drop_table("movement_before")
