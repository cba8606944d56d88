"""What a transfer record's document carries: the record itself, for programs."""

from io import BytesIO
from typing import Final

import pikepdf
from pydantic import ValidationError

from rpa.domain.transfer import TransferRecord

CARRIED: Final = "transfer.json"
MAX_BYTES: Final = 16_000_000


def carried_record(document: bytes) -> TransferRecord | None:
    """Return the record that a PDF carries; None where it carries none that can be read."""
    try:
        with pikepdf.open(BytesIO(document)) as pdf:
            stream = pdf.attachments[CARRIED].get_file()
            if stream.size > MAX_BYTES:
                return None
            return TransferRecord.model_validate_json(stream.read_bytes())
    except (pikepdf.PdfError, KeyError, ValidationError, ValueError, TypeError, RuntimeError):
        return None
