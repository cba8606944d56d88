"""The register's tables of signature requests, their signers, and the mail that tells of them."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from rpa.register.tables import metadata

signature_requests: Final = Table(
    "signature_requests",
    metadata,
    Column("request_id", String(40), primary_key=True),
    Column("case_id", String(40), ForeignKey("cases.case_id")),
    Column("state", String(24), nullable=False),
    Column("title", Text, nullable=False),
    Column("original", String(64), nullable=False),
    Column("current", String(64), nullable=False),
    Column("level", String(8), nullable=False),
    Column("language", String(2), nullable=False),
    Column("intent", Text, nullable=False),
    Column("terms", Text, nullable=False),
    Column("created_by", String(160), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("ended_at", String(32)),
    Column("reason", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index("signature_requests_by_state", "state", "request_id"),
    Index("signature_requests_by_case", "case_id"),
)

request_numbers: Final = Table(
    "request_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

signature_signers: Final = Table(
    "signature_signers",
    metadata,
    Column("request_id", String(40), ForeignKey("signature_requests.request_id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("stage", Integer, nullable=False),
    Column("person", String(80), nullable=False),
    Column("role", Text, nullable=False),
    Column("field", String(120), nullable=False),
    Column("deadline", String(32), nullable=False),
    Column("state", String(24), nullable=False),
    Column("asked_of", Text, nullable=False),
    Column("asked_at", String(32)),
    Column("reminders", Text, nullable=False),
    Column("opened", String(64)),
    Column("opened_at", String(32)),
    Column("signed_at", String(32)),
    Column("record", String(64)),
    Index("signature_signers_by_person", "person", "state"),
    Index("signature_signers_by_deadline", "deadline"),
)

notices: Final = Table(
    "notices",
    metadata,
    Column("message_id", String(120), primary_key=True),
    Column("request_id", String(40), ForeignKey("signature_requests.request_id"), nullable=False),
    Column("position", Integer),
    Column("kind", String(24), nullable=False),
    Column("recipient", String(80), nullable=False),
    Column("deadline", String(32)),
    Column("created_at", String(32), nullable=False),
    Column("not_before", String(32), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", String(24), nullable=False),
    Column("sent_at", String(32)),
    Column("failure", String(40), nullable=False),
    Index("notices_by_work", "state", "not_before"),
    Index("notices_by_request", "request_id", "created_at"),
)
