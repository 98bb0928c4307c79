"""Where the next read of a tracker may go on from, and when one last looked at every issue."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; without a cursor the next read begins anew, which is always right."""
    op.add_column("snapshot", sa.Column("cursor", sa.Text))
    op.add_column("snapshot", sa.Column("whole_at", sa.DateTime(timezone=True)))
