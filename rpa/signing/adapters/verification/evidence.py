"""What a report on a signature refers to: its value, what it covers, and its certificates."""

import base64
import hashlib

from rpa.domain.signature import SignatureEvidence
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.candidates import Candidate
from rpa.signing.adapters.verification.mathematics import Mathematics
from rpa.signing.adapters.verification.paths import Path


def evidence_of(
    pdf: bytes, candidate: Candidate, found: Mathematics, path: Path
) -> SignatureEvidence:
    """Return what can be shown of a signature; ``path`` leads from the root down to its signer."""
    chain = path[::-1] or found.certificates[:1]
    return SignatureEvidence(
        signature_value=_written(_value(found)),
        signed_digest=_written(_digest(pdf, candidate)),
        sub_filter=candidate.sub_filter,
        byte_range=tuple(candidate.byte_range),
        chain=tuple(_written(one.dump()) for one in chain),
        is_anchored=bool(path),
    )


def _value(found: Mathematics) -> bytes:
    try:
        return bytes(found.info["signature"].native) if found.info is not None else b""
    except MALFORMED:
        return b""


def _digest(pdf: bytes, candidate: Candidate) -> bytes:
    """Return the digest of the bytes that the signature covers, or says it does."""
    made = hashlib.sha256()
    numbers = candidate.byte_range
    for start, length in zip(numbers[::2], numbers[1::2], strict=False):
        made.update(pdf[max(start, 0) : max(start, 0) + max(length, 0)])
    return made.digest()


def _written(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
