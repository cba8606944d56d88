"""Signatures and timestamps put into a PDF as incremental updates, by pyHanko's lowest door."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp

from rpa.signing.adapters.cms_building import TIMESTAMP_ROOM
from rpa.signing.adapters.opening import UpdateWriter
from rpa.signing.adapters.refusing import refused

STAMP_DIGEST: Final = "sha256"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a signature goes."""

    field: str
    digest: str
    """The digest over the byte range, by name."""
    new_field: SigFieldSpec | None = None
    """How the field is made where it is not there yet."""


def opened_again(pdf: bytes, password: str | None = None) -> UpdateWriter:
    """Open a document that was opened well before, for one more update.

    Raises:
        SignatureRefusedError: It is encrypted, and the password does not open it.
    """
    writer = UpdateWriter(pdf, strict=False)
    if writer.prev.encrypted:
        found = writer.encrypt(password or "")
        if found.status is AuthStatus.FAILED:
            raise refused("pdf-encrypted")
    return writer


def embedded(
    writer: IncrementalPdfFileWriter,
    slot: Slot,
    setup: Callable[[Any], SigObjSetup],
    made: Callable[[bytes], bytes],
) -> bytes:
    """Write the document with a signature in it, and return it.

    ``setup`` is given the field's dictionary and describes the signature; ``made`` is given the
    digest of the byte range and returns the DER to put in its middle.
    """
    if writer.output_version < (2, 0):
        # PAdES' own structures are declared as an extension (ETSI EN 319 142-1, clause 5.1).
        writer.register_extension(ESIC_EXTENSION_1)
    steps = PdfCMSEmbedder(new_field_spec=slot.new_field).write_cms(slot.field, writer)
    reference = next(steps)
    steps.send(setup(reference.get_object()))
    prepared, output = steps.send(SigIOSetup(md_algorithm=slot.digest))
    steps.send(made(prepared.document_digest))
    content: bytes = output.getvalue()
    return content


def timestamped(writer: IncrementalPdfFileWriter, stamp: Callable[[bytes], bytes]) -> bytes:
    """Write the document with a document timestamp over all of it (``ETSI.RFC3161``).

    ETSI EN 319 142-1, clause 5.4.3. ``stamp`` returns a token over a SHA-256 digest.
    """
    names = {name for name, _value, _ref in enumerate_sig_fields(writer)}
    number = next(n for n in range(1, len(names) + 2) if f"Timestamp{n}" not in names)
    field = f"Timestamp{number}"
    slot = Slot(field, STAMP_DIGEST, SigFieldSpec(field))
    placeholder = DocumentTimestamp(2 * TIMESTAMP_ROOM)  # type: ignore[no-untyped-call]
    return embedded(writer, slot, lambda _field: SigObjSetup(placeholder), stamp)


def written(writer: IncrementalPdfFileWriter) -> bytes:
    """Return what ``writer`` makes of the document."""
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    return output.getvalue()


def sha256(content: bytes) -> bytes:
    """Return the digest that timestamps are over."""
    return hashlib.sha256(content).digest()
