"""The register's tables. Times are ISO 8601 text in UTC, so that they sort and hash as written."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata: Final = MetaData()
_SEQ: Final = BigInteger().with_variant(Integer, "sqlite")

cases: Final = Table(
    "cases",
    metadata,
    Column("case_id", String(40), primary_key=True),
    Column("process", String(80)),
    Column("state", String(24), nullable=False),
    Column("reason", Text, nullable=False),
    Column("channel", String(80), nullable=False),
    Column("received_at", String(32), nullable=False),
    Column("changed_at", String(32), nullable=False),
    Column("documents", Text, nullable=False),
    Column("suspended_from", String(24)),
    Column("version", Integer, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("not_before", String(32), nullable=False, default=""),
    Column("lease_owner", String(120)),
    Column("lease_fence", Integer, nullable=False, default=0),
    Column("lease_until", String(32)),
    Column("last_seq", _SEQ, nullable=False),
    Index("cases_by_work", "state", "not_before", "received_at"),
    Index("cases_by_change", "changed_at"),
    Index("cases_by_process", "process", "state"),
)

case_numbers: Final = Table(
    "case_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("delivery_id", _SEQ, primary_key=True, autoincrement=True),
    Column("channel", String(80), nullable=False),
    Column("source_id", String(400), nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("pixels_digest", String(64)),
    Column("at", String(32), nullable=False),
    Column("case_id", String(40), ForeignKey("cases.case_id"), nullable=False),
    Column("is_duplicate", Integer, nullable=False),
    UniqueConstraint("channel", "source_id", name="one_delivery_once"),
    Index("deliveries_by_digest", "digest"),
    Index("deliveries_by_pixels", "pixels_digest"),
    Index("deliveries_by_time", "at"),
)

settlings: Final = Table(
    "settlings",
    metadata,
    Column("channel", String(80), primary_key=True),
    Column("source_id", String(400), primary_key=True),
    Column("owner", String(120), nullable=False),
    Column("quiet_at", String(32), nullable=False),
    Column("until", String(32), nullable=False),
)

intents: Final = Table(
    "intents",
    metadata,
    Column("intent_id", _SEQ, primary_key=True, autoincrement=True),
    Column("case_id", String(40), ForeignKey("cases.case_id"), nullable=False),
    Column("key", String(200), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("opened_at", String(32), nullable=False),
    Column("screen", String(64)),
    Column("closed_at", String(32)),
    Column("outcome", String(24)),
    Column("receipt", Text),
    Column("present", Text),
    Column("target", Text),
    Index("intents_by_case", "case_id"),
)

receipts: Final = Table(
    "receipts",
    metadata,
    Column("target", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("case_id", String(40), ForeignKey("cases.case_id"), nullable=False),
)

logins: Final = Table(
    "logins",
    metadata,
    Column("target", Text, primary_key=True),
    Column("username", Text, primary_key=True),
    Column("owner", String(160)),
    Column("fence", Integer, nullable=False),
    Column("until", String(32)),
    Column("refused", String(64)),
    Column("accepted", String(64)),
)

targets: Final = Table(
    "targets",
    metadata,
    Column("target", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("open_until", String(32)),
    Column("next_at", String(32)),
)

review_items: Final = Table(
    "review_items",
    metadata,
    Column("item_id", _SEQ, primary_key=True, autoincrement=True),
    Column("case_id", String(40), ForeignKey("cases.case_id"), nullable=False),
    Column("field", String(120), nullable=False),
    Column("problem", String(120), nullable=False),
    Column("asked_at", String(32), nullable=False),
    Column("settled_at", String(32)),
    Column("settled_by", String(120)),
    Index("review_items_by_case", "case_id"),
    Index("review_items_open", "settled_at", "asked_at"),
)

kept_signatures: Final = Table(
    "kept_signatures",
    metadata,
    Column("first", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("role", String(24), nullable=False),
    Column("case_id", String(40), ForeignKey("cases.case_id")),
    Column("request_id", String(40)),
    Column("wanted", String(8), nullable=False),
    Column("level", String(8), nullable=False),
    Column("is_lowered", Integer, nullable=False),
    Column("due", String(32)),
    Column("cause", Text, nullable=False),
    Column("seq", _SEQ, nullable=False),
    Column("failure", String(40), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", String(32), nullable=False),
    Index("kept_signatures_by_due", "due"),
    Index("kept_signatures_by_work", "is_lowered", "not_before"),
)

cursors: Final = Table(
    "cursors",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("seq", _SEQ, nullable=False),
)

ledger: Final = Table(
    "ledger",
    metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("case_id", String(40)),
    Column("actor", String(160), nullable=False),
    Column("data", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ledger_by_kind", "kind", "at"),
    Index("ledger_by_case", "case_id", "seq"),
)

people: Final = Table(
    "people",
    metadata,
    Column("person_id", String(80), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("roles", Text, nullable=False),
    Column("credential", Text, nullable=False),
    Column("is_active", Integer, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("password_hash", Text),
    Column("totp", Text),
    Column("totp_step", Integer, nullable=False),
)

one_time_secrets: Final = Table(
    "one_time_secrets",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", String(80), ForeignKey("people.person_id"), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("until", String(32)),
    Column("used_at", String(32)),
    Index("one_time_secrets_by_person", "person_id", "kind"),
)

sessions: Final = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", String(80), ForeignKey("people.person_id"), nullable=False),
    Column("proofs", Text, nullable=False),
    Column("opened_at", String(32), nullable=False),
    Column("seen_at", String(32), nullable=False),
    Column("until", String(32), nullable=False),
    Index("sessions_by_person", "person_id"),
    Index("sessions_by_end", "until"),
)

session_documents: Final = Table(
    "session_documents",
    metadata,
    Column("session", String(64), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
)

sign_in_attempts: Final = Table(
    "sign_in_attempts",
    metadata,
    Column("whose", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", String(32), nullable=False),
    Column("free_at", String(32), nullable=False),
    Column("kept_until", String(32), nullable=False, server_default=""),
    Index("sign_in_attempts_by_end", "kept_until"),
)
