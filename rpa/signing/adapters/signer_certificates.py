"""Reads whose certificate a signature of a document bears."""

import hashlib
from io import BytesIO

from cryptography.x509 import load_der_x509_certificate
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
            der = signature.signer_cert.dump()
            subject = load_der_x509_certificate(der).subject.rfc4514_string()
            return SignerCertificate(subject, Digest(hashlib.sha256(der).hexdigest()))
    raise SignatureRefusedError(
        _("The field {field} holds no signature.", field=field), code="no-signature"
    )
