"""Documents of a case: what each is for, and where its bytes are."""

from enum import StrEnum

from rpa.domain.model import Digest, Value


class MediaType(StrEnum):
    """The media types the framework takes in or makes, told by content, not by name."""

    PDF = "application/pdf"
    TIFF = "image/tiff"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    BMP = "image/bmp"
    JPEG2000 = "image/jp2"
    GIF = "image/gif"
    EML = "message/rfc822"
    JSON = "application/json"
    HTML = "text/html"
    ZIP = "application/zip"
    UNKNOWN = "application/octet-stream"


class DocumentRole(StrEnum):
    """What a document is to its case."""

    ORIGINAL = "original"
    """The bytes as they came; never changed."""
    MESSAGE = "message"
    """The e-mail that carried the original, as it came."""
    AS_RECEIVED = "as-received"
    """What the original was taken out of: a locked PDF, or one side of a pile, as it came."""
    READING = "reading"
    """A :class:`~rpa.domain.reading.Reading` as JSON, as the machine read it."""
    VALUES = "values"
    """The approved values as JSON: what is filed."""
    SCREEN = "screen"
    """The legacy application's page just before the commit (PNG)."""
    RECEIPT = "receipt"
    """The legacy application's page after the commit (PNG)."""
    EVIDENCE = "evidence"
    """What else a bot kept of its work in the legacy application: record, failure, download."""
    LETTER = "letter"
    """The outgoing PDF before it is signed."""
    SIGNED = "signed"
    """The signed PDF."""
    VALIDATION = "validation"
    """The validation report of the signed PDF (JSON)."""
    TRANSFER = "transfer"
    """The transfer record (PDF, sealed)."""
    SIGNING_RECORD = "signing-record"
    """A :class:`~rpa.domain.signature_request.SigningRecord` as JSON: who signed, how surely."""
    PACKAGE = "package"
    """The archive package (ZIP)."""


class DocumentRef(Value):
    """A document of a case: its role and the digest under which the store holds it."""

    role: DocumentRole
    digest: Digest
    media_type: MediaType
    name: str
    """A safe file name, without folders."""
    pages: tuple[int, ...] = ()
    """The pages that are this case's, from 1, in reading order; none where it is all of it."""
    blank_pages: tuple[int, ...] = ()
    """Pages set aside as blank: kept in the document, not read."""
    separators: tuple[int, ...] = ()
    """Separator sheets before this case's pages: kept in the document, not read."""
