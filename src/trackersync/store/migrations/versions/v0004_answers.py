"""What a tracker said to a write, before it is read again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what was in flight before no answer is known, which is how it was."""
    op.add_column("in_flight", sa.Column("answered", sa.Boolean, nullable=False, server_default=sa.false()))
