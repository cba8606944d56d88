"""Validation data as they are given, in DER: by a document's store, a signature, or a caller."""

from typing import NamedTuple


class ValidationData(NamedTuple):
    """Certificates and revocation data, in DER."""

    certificates: tuple[bytes, ...] = ()
    ocsp_answers: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
