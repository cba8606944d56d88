"""What lifts a signature above B-B: timestamps, validation data, archive timestamps.

ETSI EN 319 142-1, clause 6.3: B-T has a trusted time, by a signature timestamp or a document
timestamp; B-LT has besides, in the document security store (clause 5.4.2), what proves its
certificates; B-LTA has a document timestamp over that.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation.dss import DocumentSecurityStore

from rpa.domain.errors import SignatureRefusedError
from rpa.domain.signature_level import LONG_TERM, SignatureLevel
from rpa.i18n import _
from rpa.signing.adapters.embedding import opened_again, timestamped, written
from rpa.signing.adapters.keys import SigningKey
from rpa.signing.adapters.proofs import TIME_STAMPING, Proof, ProofKeeper
from rpa.signing.adapters.tsa import facts_of
from rpa.signing.api import TimestampAuthority


class LevelMaker:
    """Brings documents to higher levels. Safe from several threads."""

    def __init__(self, authority: TimestampAuthority | None, proofs: ProofKeeper) -> None:
        """Keep who gives timestamps, and who proves certificates."""
        self._authority = authority
        self.proofs = proofs

    def stamp(self, digest: bytes) -> bytes:
        """Return a time-stamp token over a SHA-256 digest.

        Raises:
            ToolUnavailableError: The authority does not answer.
        """
        return self._named().stamp(digest)

    def proved(self, key: SigningKey, token: bytes) -> tuple[Proof, ...]:
        """Prove the certificates of a key and of the timestamp over its signature.

        Raises:
            SignatureRefusedError, ToolUnavailableError: As :meth:`ProofKeeper.proof`.
        """
        stamp = facts_of(token)
        return (
            self.proofs.proof(key.certificate, key.chain, at=stamp.time),
            self.stamp_proved(token, now=stamp.time),
        )

    def stamp_proved(self, token: bytes, *, now: datetime) -> Proof:
        """Prove the certificate of a timestamp; raises as :meth:`ProofKeeper.proof`."""
        stamp = facts_of(token)
        return self.proofs.proof(
            stamp.certificate, stamp.others, at=stamp.time, now=now, purpose=TIME_STAMPING
        )

    def with_proofs(
        self, pdf: bytes, proofs: Iterable[Proof], *, password: str | None = None
    ) -> bytes:
        """Return the document with its validation data, one update more (B-LT)."""
        writer = opened_again(pdf, password)
        store(writer, proofs)
        return written(writer)

    def archived(
        self, pdf: bytes, proofs: Iterable[Proof], *, password: str | None = None
    ) -> bytes:
        """Return the document with its validation data and a timestamp over all (B-LTA).

        Raises:
            ToolUnavailableError: The authority does not answer.
        """
        writer = opened_again(pdf, password)
        store(writer, proofs)
        return timestamped(writer, self.stamp)

    def check(self, level: SignatureLevel, *, has_roots: bool) -> None:
        """Check that ``level`` can be reached at all.

        Raises:
            SignatureRefusedError: Something that it needs is not set.
        """
        if level is not SignatureLevel.B_B:
            self._named()
        if level in LONG_TERM and not has_roots:
            raise SignatureRefusedError(
                _(
                    "The signature level {level} needs trusted root certificates and none is set. "
                    "Set them, or ask for the level B-T.",
                    level=level,
                ),
                code="level-needs-trust",
            )

    def _named(self) -> TimestampAuthority:
        if self._authority is None:
            raise SignatureRefusedError(
                _(
                    "Signature levels above B-B need a time-stamping authority and none is set. "
                    "Set its address, or ask for the level B-B."
                ),
                code="level-needs-timestamp",
            )
        return self._authority


def store(writer: IncrementalPdfFileWriter, proofs: Iterable[Proof]) -> None:
    """Put validation data into the document security store, what is there already once.

    No VRI is written: it is optional (clause 5.4.2.3), and programs do not agree on the bytes that
    its keys are digests of.
    """
    found: Sequence[Proof] = list(proofs)
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[certificate for proof in found for certificate in proof.certificates],
        ocsps=[answer for proof in found for answer in proof.ocsps],
        crls=[answer for proof in found for answer in proof.crls],
    )
