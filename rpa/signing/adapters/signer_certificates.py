"""Reads whose certificate a signature of a document bears."""

import hashlib
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader

from rpa.domain.errors import SignatureRefusedError
from rpa.domain.model import Digest
from rpa.i18n import _
from rpa.signing.api import SignerCertificate


def signer_certificate(pdf: bytes, field: str) -> SignerCertificate:
    """Return the certificate of the signature in ``field``, of a document that was just validated.

    Raises:
        SignatureRefusedError: There is no signature in the field.
    """
    reader = PdfFileReader(BytesIO(pdf), strict=False)
    for signature in reader.embedded_signatures:
        if signature.field_name == field and signature.signer_cert is not None:
            certificate = signature.signer_cert
            digest = hashlib.sha256(certificate.dump()).hexdigest()
            return SignerCertificate(certificate.subject.rfc4514_string(), Digest(digest))
    raise SignatureRefusedError(
        _("The field {field} holds no signature.", field=field), code="no-signature"
    )
