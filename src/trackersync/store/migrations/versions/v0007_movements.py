"""Where issues stood over the runs."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; where issues stood in earlier runs was not kept, and their history begins with the next."""
    op.create_table(
        "movement",
        sa.Column("tracker", sa.Text, primary_key=True),
        sa.Column("issue", sa.Text, primary_key=True),
        sa.Column("run", sa.Text, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("score", sa.Double),
        sa.Column("rank", sa.Integer),
        sa.Column("band", sa.Text),
        sa.Column("why", sa.Text, nullable=False),
    )
