"""What the workers must agree on about a target: receipts, log-ins, failures, pace."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the columns of what is known when an intent is written."""
    op.add_column("intents", sa.Column("present", sa.Text()))
    op.add_column("intents", sa.Column("target", sa.Text()))
    op.create_table(
        "receipts",
        sa.Column("target", sa.Text(), primary_key=True),
        sa.Column("number", sa.Text(), primary_key=True),
        sa.Column("case_id", sa.String(40), sa.ForeignKey("cases.case_id"), nullable=False),
    )
    op.create_table(
        "logins",
        sa.Column("target", sa.Text(), primary_key=True),
        sa.Column("username", sa.Text(), primary_key=True),
        sa.Column("owner", sa.String(160)),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("until", sa.String(32)),
        sa.Column("refused", sa.String(64)),
    )
    op.create_table(
        "targets",
        sa.Column("target", sa.Text(), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("open_until", sa.String(32)),
        sa.Column("next_at", sa.String(32)),
    )


def downgrade() -> None:
    """Refuse: a register is not thrown away by a migration."""
    raise NotImplementedError
