"""Revocation data: what is given is parsed once, and only what can be believed counts.

An answer or list counts for a certificate where it is about it, by its issuer's name and key and
its own serial number; where the issuer signed it, or somebody whom the issuer appointed; and where
its algorithms hold. Anything else is as if it were not there: it tells of no revocation, and of
none that did not happen. Data count whether or not the certificate says where to find any.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from asn1crypto import x509

from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.lists import RevocationList, may_speak_of
from rpa.signing.adapters.verification.moments import Moment
from rpa.signing.adapters.verification.purposes import needs_no_status
from rpa.signing.adapters.verification.responses import OcspAnswer
from rpa.signing.adapters.verification.statements import Revocation, Statement, concluded

Vouch = Callable[[x509.Certificate], bool]
"""Says whether a certificate leads to the root that the one in question leads to."""


def _no_vouch(_certificate: x509.Certificate) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question."""

    certificate: x509.Certificate
    issuer: x509.Certificate
    moment: Moment
    pool: Sequence[x509.Certificate]
    vouch: Vouch


class RevocationData:
    """Answers and lists of one document, or of a caller. Safe from several threads."""

    def __init__(
        self, answers: Iterable[OcspAnswer] = (), found: Iterable[RevocationList] = ()
    ) -> None:
        """Keep what was parsed."""
        self.answers = tuple(answers)
        self.lists = tuple(found)

    def joined(self, other: "RevocationData") -> "RevocationData":
        """Return both, without parsing anything again."""
        return RevocationData((*self.answers, *other.answers), (*self.lists, *other.lists))

    def status(
        self,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        moment: Moment,
        pool: Sequence[x509.Certificate] = (),
        *,
        vouch: Vouch = _no_vouch,
    ) -> Revocation:
        """Say whether a certificate was revoked at a moment.

        Args:
            certificate: The one in question.
            issuer: Who issued it.
            moment: When.
            pool: Certificates among which responders' and list issuers' are looked for.
            vouch: Says who else than the issuer may sign lists.
        """
        asked = _Asked(certificate, issuer, moment, pool, vouch)
        statements = [*self._told(asked), *self._listed(asked)]
        return concluded(statements, moment, certificate)

    def _told(self, asked: _Asked) -> Iterator[Statement]:
        """Yield what OCSP answers state."""
        for answer in self.answers:
            try:
                statements = list(answer.statements(asked.certificate, asked.issuer))
                if statements and self._is_believed(answer, asked):
                    yield from statements
            except MALFORMED:
                continue

    def _is_believed(self, answer: OcspAnswer, asked: _Asked) -> bool:
        return any(
            not answer.is_weak(signer, asked.moment) and not self._is_dismissed(signer, asked)
            for signer in answer.signers(asked.issuer, asked.pool)
        )

    def _is_dismissed(self, responder: x509.Certificate, asked: _Asked) -> bool:
        """Say whether the responder's own certificate was revoked (RFC 6960, 4.2.2.2.1).

        Lists alone are asked: an answer of the responder's own says nothing.
        """
        if responder.sha256 == asked.issuer.sha256 or needs_no_status(responder):
            return False
        listed = list(self._listed(replace(asked, certificate=responder)))
        said = concluded(listed, asked.moment, responder)
        return said in (Revocation.REVOKED, Revocation.ON_HOLD)

    def _listed(self, asked: _Asked) -> Iterator[Statement]:
        """Yield what revocation lists state, deltas to them included."""
        usable = [one for one in self.lists if self._is_usable(one, asked)]
        for found in usable:
            updates = [one for one in usable if found.is_updated_by(one)]
            for delta in (None, *updates):
                if (stated := _stated(found, delta, asked.certificate)) is not None:
                    yield stated

    def _is_usable(self, found: RevocationList, asked: _Asked) -> bool:
        try:
            return may_speak_of(found, asked.certificate) and any(
                found.is_signed_by(one) and not found.is_weak(one, asked.moment)
                for one in self._list_signers(found, asked)
            )
        except MALFORMED:
            return False

    @staticmethod
    def _list_signers(found: RevocationList, asked: _Asked) -> Iterator[x509.Certificate]:
        """Yield who may sign a list: the issuer, or one of the list's name under the same root."""
        yield asked.issuer
        for one in asked.pool:
            if one.subject == found.issuer and one.sha256 != asked.issuer.sha256:
                is_own = found.is_signed_by(one)  # before the dearer question
                if is_own and asked.vouch(one):
                    yield one


def _stated(
    found: RevocationList, delta: RevocationList | None, certificate: x509.Certificate
) -> Statement | None:
    try:
        if delta is None:
            return found.statement(certificate)
        return found.statement_with(delta, certificate)
    except MALFORMED:
        return None
