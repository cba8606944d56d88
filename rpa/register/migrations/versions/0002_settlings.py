"""Who settles which delivery in its channel now."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "settlings",
        sa.Column("channel", sa.String(80), primary_key=True),
        sa.Column("source_id", sa.String(400), primary_key=True),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("quiet_at", sa.String(32), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
    )


def downgrade() -> None:
    """Refuse: a register is not thrown away by a migration."""
    raise NotImplementedError
