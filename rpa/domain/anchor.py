"""An anchor: the ledger's length and head, timestamped and kept outside the database."""

from pydantic import AwareDatetime

from rpa.domain.model import Digest, Value


class Anchor(Value):
    """What a timestamp authority saw of the ledger (RFC 3161)."""

    count: int
    head: Digest
    at: AwareDatetime
    token: str
    """The time-stamp token over ``<count>:<head>``, DER in Base64."""

    def stamped_text(self) -> bytes:
        """Return the bytes whose SHA-256 the token covers."""
        return f"{self.count}:{self.head}".encode()
