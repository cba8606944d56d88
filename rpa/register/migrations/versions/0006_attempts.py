"""How long attempts are remembered: those on an account longer than those from an address."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and look by it in place of the last attempt's time."""
    kept = sa.Column("kept_until", sa.String(32), nullable=False, server_default="")
    op.add_column("sign_in_attempts", kept)
    op.drop_index("sign_in_attempts_by_time", "sign_in_attempts")
    op.create_index("sign_in_attempts_by_end", "sign_in_attempts", ["kept_until"])


def downgrade() -> None:
    """Refuse: a register is not thrown away by a migration."""
    raise NotImplementedError
