"""What a document, or whoever asks, holds to judge certificates by: each part parsed once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from asn1crypto import x509

from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification import lists, responses
from rpa.signing.adapters.verification.given import ValidationData
from rpa.signing.adapters.verification.lists import RevocationList
from rpa.signing.adapters.verification.responses import OcspAnswer
from rpa.signing.adapters.verification.revocation_data import RevocationData

_Parsed = TypeVar("_Parsed")
_MOST: Final = 10_000
"""Parts that are kept; what a document brings beyond them is parsed but not remembered."""


@dataclass(frozen=True)
class Holdings:
    """Certificates and revocation data, parsed."""

    certificates: tuple[x509.Certificate, ...] = ()
    revocation: RevocationData = field(default_factory=RevocationData)

    def joined(self, other: "Holdings") -> "Holdings":
        """Return both together."""
        certificates = {one.sha256: one for one in (*self.certificates, *other.certificates)}
        revocation = self.revocation.joined(other.revocation)
        return Holdings(tuple(certificates.values()), revocation)


class Shelf:
    """Parses validation data, and every part of it once, in however many stores it stands."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._certificates: dict[bytes, x509.Certificate | None] = {}
        self._answers: dict[bytes, OcspAnswer | None] = {}
        self._lists: dict[bytes, RevocationList | None] = {}

    def holdings(self, known: ValidationData) -> Holdings:
        """Return what can be read of validation data."""
        answers = _each(known.ocsp_answers, self._answers, responses.parsed)
        found = _each(known.revocation_lists, self._lists, lists.parsed)
        certificates = _each(known.certificates, self._certificates, readable)
        return Holdings(tuple(certificates), RevocationData(answers, found))


def readable(content: bytes) -> x509.Certificate | None:
    """Return a certificate whose parts that chains are built by can be read; None if they can't.

    Odd extensions are left as they are.
    """
    try:
        found = x509.Certificate.load(content)
        _read: Any = found.subject.native, found.issuer.native, found.public_key.native
        _read = found.not_valid_before, found.not_valid_after
    except MALFORMED:
        return None
    return found


def _each(
    contents: Iterable[bytes],
    known: dict[bytes, _Parsed | None],
    parse: Callable[[bytes], _Parsed | None],
) -> Sequence[_Parsed]:
    found = []
    for content in contents:
        if content in known:
            one = known[content]
        else:
            one = parse(content)
            if len(known) < _MOST:
                known[content] = one
        if one is not None:
            found.append(one)
    return found
