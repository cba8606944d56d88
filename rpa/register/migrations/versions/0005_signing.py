"""What signing keeps: requests and signers, people of the console, documents to look after."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _people()
    _sessions()
    _requests()
    _signers()
    _notices()
    _kept_signatures()


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("person_id", sa.String(80), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("totp", sa.Text()),
        sa.Column("totp_step", sa.Integer(), nullable=False),
    )
    op.create_table(
        "one_time_secrets",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("person_id", sa.String(80), sa.ForeignKey("people.person_id"), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("until", sa.String(32)),
        sa.Column("used_at", sa.String(32)),
    )
    op.create_index("one_time_secrets_by_person", "one_time_secrets", ["person_id", "kind"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("person_id", sa.String(80), sa.ForeignKey("people.person_id"), nullable=False),
        sa.Column("proofs", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
    )
    op.create_index("sessions_by_person", "sessions", ["person_id"])
    op.create_index("sessions_by_end", "sessions", ["until"])
    op.create_table(
        "session_documents",
        sa.Column("session", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("whose", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.String(32), nullable=False),
        sa.Column("free_at", sa.String(32), nullable=False),
    )
    op.create_index("sign_in_attempts_by_time", "sign_in_attempts", ["last_at"])


def _requests() -> None:
    op.create_table(
        "signature_requests",
        sa.Column("request_id", sa.String(40), primary_key=True),
        sa.Column("case_id", sa.String(40), sa.ForeignKey("cases.case_id")),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("original", sa.String(64), nullable=False),
        sa.Column("current", sa.String(64), nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(160), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("signature_requests_by_state", "signature_requests", ["state", "request_id"])
    op.create_index("signature_requests_by_case", "signature_requests", ["case_id"])
    op.create_table(
        "request_numbers",
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )


def _request_id(*, primary_key: bool = False) -> sa.Column[str]:
    request = sa.ForeignKey("signature_requests.request_id")
    return sa.Column("request_id", sa.String(40), request, primary_key=primary_key, nullable=False)


def _signers() -> None:
    op.create_table(
        "signature_signers",
        _request_id(primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(80), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("field", sa.String(120), nullable=False),
        sa.Column("deadline", sa.String(32), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("asked_of", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.String(32)),
        sa.Column("reminders", sa.Text(), nullable=False),
        sa.Column("opened", sa.String(64)),
        sa.Column("opened_at", sa.String(32)),
        sa.Column("signed_at", sa.String(32)),
        sa.Column("record", sa.String(64)),
    )
    op.create_index("signature_signers_by_person", "signature_signers", ["person", "state"])
    op.create_index("signature_signers_by_deadline", "signature_signers", ["deadline"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("message_id", sa.String(120), primary_key=True),
        _request_id(),
        sa.Column("position", sa.Integer()),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("recipient", sa.String(80), nullable=False),
        sa.Column("deadline", sa.String(32)),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("not_before", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("sent_at", sa.String(32)),
        sa.Column("failure", sa.String(40), nullable=False),
    )
    op.create_index("notices_by_work", "notices", ["state", "not_before"])
    op.create_index("notices_by_request", "notices", ["request_id", "created_at"])


def _kept_signatures() -> None:
    seq = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "kept_signatures",
        sa.Column("first", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("case_id", sa.String(40), sa.ForeignKey("cases.case_id")),
        sa.Column("request_id", sa.String(40)),
        sa.Column("wanted", sa.String(8), nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("is_lowered", sa.Integer(), nullable=False),
        sa.Column("due", sa.String(32)),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("seq", seq, nullable=False),
        sa.Column("failure", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.String(32), nullable=False),
    )
    op.create_table(
        "cursors",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("seq", seq, nullable=False),
    )
    op.create_index("kept_signatures_by_due", "kept_signatures", ["due"])
    op.create_index("kept_signatures_by_work", "kept_signatures", ["is_lowered", "not_before"])


def downgrade() -> None:
    """Refuse: a register is not thrown away by a migration."""
    raise NotImplementedError
