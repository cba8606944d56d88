"""The first schema: cases, deliveries, intents, review items and the append-only ledger."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SEQ: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")

SQLITE_GUARD: Final = """
create trigger ledger_no_{verb} before {verb} on ledger
begin select raise(abort, 'the ledger is append-only'); end
"""
POSTGRESQL_GUARD: Final = (
    """
create function ledger_is_append_only() returns trigger language plpgsql as
$$ begin raise exception 'the ledger is append-only'; end $$
""",
    """
create trigger ledger_no_change before update or delete on ledger
for each row execute function ledger_is_append_only()
""",
    """
create trigger ledger_no_truncate before truncate on ledger
for each statement execute function ledger_is_append_only()
""",
)


def upgrade() -> None:
    """Make the tables, their indexes and the ledger's guards."""
    _cases()
    _around_cases()
    _ledger()


def downgrade() -> None:
    """Refuse: a register is not thrown away by a migration."""
    raise NotImplementedError


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(40), primary_key=True),
        sa.Column("process", sa.String(80)),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("received_at", sa.String(32), nullable=False),
        sa.Column("changed_at", sa.String(32), nullable=False),
        sa.Column("documents", sa.Text, nullable=False),
        sa.Column("suspended_from", sa.String(24)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("not_before", sa.String(32), nullable=False),
        sa.Column("lease_owner", sa.String(120)),
        sa.Column("lease_fence", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.String(32)),
        sa.Column("last_seq", SEQ, nullable=False),
    )
    op.create_index("cases_by_work", "cases", ["state", "not_before", "received_at"])
    op.create_index("cases_by_change", "cases", ["changed_at"])
    op.create_index("cases_by_process", "cases", ["process", "state"])
    op.create_table(
        "case_numbers",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )


def _around_cases() -> None:
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", SEQ, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("source_id", sa.String(400), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("pixels_digest", sa.String(64)),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(40), sa.ForeignKey("cases.case_id"), nullable=False),
        sa.Column("is_duplicate", sa.Integer, nullable=False),
        sa.UniqueConstraint("channel", "source_id", name="one_delivery_once"),
    )
    op.create_index("deliveries_by_digest", "deliveries", ["digest"])
    op.create_index("deliveries_by_pixels", "deliveries", ["pixels_digest"])
    op.create_index("deliveries_by_time", "deliveries", ["at"])
    op.create_table(
        "intents",
        sa.Column("intent_id", SEQ, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.String(40), sa.ForeignKey("cases.case_id"), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.String(32), nullable=False),
        sa.Column("screen", sa.String(64)),
        sa.Column("closed_at", sa.String(32)),
        sa.Column("outcome", sa.String(24)),
        sa.Column("receipt", sa.Text),
    )
    op.create_index("intents_by_case", "intents", ["case_id"])
    op.create_table(
        "review_items",
        sa.Column("item_id", SEQ, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.String(40), sa.ForeignKey("cases.case_id"), nullable=False),
        sa.Column("field", sa.String(120), nullable=False),
        sa.Column("problem", sa.String(120), nullable=False),
        sa.Column("asked_at", sa.String(32), nullable=False),
        sa.Column("settled_at", sa.String(32)),
        sa.Column("settled_by", sa.String(120)),
    )
    op.create_index("review_items_by_case", "review_items", ["case_id"])
    op.create_index("review_items_open", "review_items", ["settled_at", "asked_at"])


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("seq", SEQ, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("case_id", sa.String(40)),
        sa.Column("actor", sa.String(160), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ledger_by_kind", "ledger", ["kind", "at"])
    op.create_index("ledger_by_case", "ledger", ["case_id", "seq"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(SQLITE_GUARD.format(verb=verb))
    else:
        for statement in POSTGRESQL_GUARD:
            op.execute(statement)
