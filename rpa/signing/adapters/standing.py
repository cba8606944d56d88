"""Where a signed document stands: the level of its signatures, and what proves them still lacks.

Told from the structure and from the document's own validation data; whether signatures verify is
the validator's to say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from rpa.domain.errors import SignatureRefusedError
from rpa.domain.signature import SignatureLevel
from rpa.i18n import _
from rpa.signing.adapters.embedding import opened_again
from rpa.signing.adapters.issuers import issuers_of
from rpa.signing.adapters.proofs import TIME_STAMPING, ProofKeeper, Told
from rpa.signing.adapters.tsa import TokenFacts, signed_facts

_LEVELS: Final = list(SignatureLevel)


@dataclass(frozen=True, slots=True)
class Need:
    """A certificate whose proof is wanted."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    time: datetime
    """The moment to prove it for."""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A document timestamp."""

    time: datetime
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a document has, and what it lacks."""

    level: SignatureLevel
    """The lowest of its signatures."""
    needs: tuple[Need, ...]
    """Certificates that the document does not prove yet; empty for those without a time."""
    last_stamp: Stamp | None


class _Reading:
    """One document, read once."""

    def __init__(self, pdf: bytes, proofs: ProofKeeper) -> None:
        self.reader = opened_again(pdf).prev
        self.proofs = proofs
        self.signatures = list(self.reader.embedded_regular_signatures)
        found = sorted(self.reader.embedded_timestamp_signatures, key=_end)
        self.stamps = [(stamp, signed_facts(stamp.signed_data)) for stamp in found]
        self.now = self._store(self.reader)
        self.then = (
            self._store(self.reader.get_historical_resolver(found[-1].signed_revision))
            if found
            else _Store()
        )

    def _store(self, handler: Any) -> "_Store":
        try:
            found = DocumentSecurityStore.read_dss(handler)
        except NoDSSFoundError:
            return _Store()
        told: list[Any] = [
            ocsp.OCSPResponse.load(_data(ref, DecodePurpose.OCSP_RESPONSE)) for ref in found.ocsps
        ]
        told += [crl.CertificateList.load(_data(ref, DecodePurpose.CRL)) for ref in found.crls]
        return _Store(tuple(found.load_certs()), tuple(told))

    def level(self, signature: EmbeddedPdfSignature) -> SignatureLevel:
        needs = list(self.needs_of(signature))
        if not needs:
            return SignatureLevel.B_B
        if not all(self._holds(self.now, need) for need in needs):
            return SignatureLevel.B_T
        # The archive timestamp must be over the proofs, and over the signature.
        is_later = bool(self.stamps) and _end(self.stamps[-1][0]) > _end(signature)
        is_archived = is_later and all(self._holds(self.then, need) for need in needs)
        return SignatureLevel.B_LTA if is_archived else SignatureLevel.B_LT

    def needs_of(self, signature: EmbeddedPdfSignature) -> Iterator[Need]:
        """Yield what proves a signature; nothing where no trusted time is known."""
        own = next(extract_tst_data_iter(signature.signer_info, signed=False), None)
        later = [facts for stamp, facts in self.stamps if _end(stamp) > _end(signature)]
        facts = signed_facts(own) if own is not None else later[0] if later else None
        if facts is None:
            return
        others = tuple(signature.other_embedded_certs)
        yield Need(signature.signer_cert, others, facts.time)
        yield _stamp_need(facts)

    def needs(self) -> Iterator[Need]:
        for signature in self.signatures:
            yield from self.needs_of(signature)
        yield from (_stamp_need(facts) for _stamp, facts in self.stamps)

    def lacks(self, need: Need) -> bool:
        return not self._holds(self.now, need)

    def _holds(self, store: "_Store", need: Need) -> bool:
        return self.proofs.is_held(
            need.certificate,
            (*need.others, *store.certificates),
            store.told,
            at=need.time,
            purpose=need.purpose,
        )


@dataclass(frozen=True, slots=True)
class _Store:
    certificates: tuple[x509.Certificate, ...] = ()
    told: Told = ()


def standing_of(pdf: bytes, proofs: ProofKeeper) -> Standing:
    """Read where a document stands.

    Raises:
        SignatureRefusedError: It is not signed.
    """
    found = _Reading(pdf, proofs)
    if not found.signatures and not found.stamps:
        raise SignatureRefusedError(
            _("The document holds no signature."), code="nothing-to-preserve"
        )
    levels = [found.level(signature) for signature in found.signatures]
    last = found.stamps[-1][1] if found.stamps else None
    return Standing(
        level=min(levels, key=_LEVELS.index, default=SignatureLevel.B_T),
        needs=_once(need for need in found.needs() if found.lacks(need)),
        last_stamp=_stamp(last, found) if last else None,
    )


def _once(needs: Iterator[Need]) -> tuple[Need, ...]:
    return tuple({(need.certificate.sha256, need.time): need for need in needs}.values())


def _stamp(facts: TokenFacts, found: _Reading) -> Stamp:
    pool: Sequence[x509.Certificate] = (*facts.others, *found.now.certificates)
    return Stamp(
        facts.time,
        facts.certificate,
        issuers_of(facts.certificate, [*pool, *found.proofs.roots]),
    )


def _stamp_need(facts: TokenFacts) -> Need:
    return Need(facts.certificate, facts.others, facts.time, TIME_STAMPING)


def _end(signature: EmbeddedPdfSignature) -> int:
    _start, _length, after, rest = signature.byte_range
    return int(after) + int(rest)


def _data(ref: Any, purpose: DecodePurpose) -> bytes:
    content: bytes = ref.get_object().read_data(purpose)
    return content
