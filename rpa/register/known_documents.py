"""Which signature request a document is of, for whoever holds the document."""

from sqlalchemy import select

from rpa.domain.model import Digest
from rpa.domain.signature_request import RequestId
from rpa.register.database import Database
from rpa.register.request_tables import signature_requests


class DocumentRegister:
    """The register's part that knows documents by their digests."""

    _database: Database

    def request_of_document(self, document: Digest) -> RequestId | None:
        """Return the request whose newest revision this is, or None."""
        query = select(signature_requests.c.request_id).where(
            signature_requests.c.current == document
        )
        with self._database.reading() as connection:
            found = connection.execute(query.limit(1)).scalar_one_or_none()
        return RequestId(found) if found else None
