"""What signing keeps: requests and their signers, people of the console, documents to look after."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""


def downgrade() -> None:
    """Refuse: a register is not thrown away by a migration."""
    raise NotImplementedError
