"""Who had a run done."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of earlier runs nobody knows."""
    op.add_column("run", sa.Column("applied_by", sa.Text))
