"""What proves a certificate good at a time: its chain, and what its issuers said of it.

ETSI EN 319 142-1, clause 5.4.2: this is what levels B-LT and B-LTA put into the file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Lock
from typing import Any, Final

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import InsufficientRevinfoError, RevokedError

from rpa.domain.errors import SignatureRefusedError, ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.awaiting import awaited
from rpa.signing.adapters.issuers import issuers_of
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.naming import common_name
from rpa.signing.adapters.revocation import Answer, RevocationSource

CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""How far the clocks of two honest authorities may be apart."""
TIME_STAMPING: Final = "time_stamping"
_MAX_CHAIN: Final = 10

Told = Sequence[ocsp.OCSPResponse | crl.CertificateList]
"""What authorities said, as they signed it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything that shows a certificate good, checked."""

    certificates: tuple[x509.Certificate, ...]
    """The certificate and its issuers up to the root, which is left out; OCSP responders too."""
    ocsps: tuple[ocsp.OCSPResponse, ...]
    crls: tuple[crl.CertificateList, ...]
    good_from: datetime
    """The moment that it was checked for."""
    good_until: datetime
    """What was checked holds for later moments until then: next updates, and validity."""


class ProofKeeper:
    """Proves certificates against trusted roots, once until something runs out. Thread-safe."""

    def __init__(self, roots: Sequence[x509.Certificate], source: RevocationSource) -> None:
        """Keep the ends of all chains, and who is asked about revocation."""
        self.roots = tuple(roots)
        self._trusted = {root.sha256 for root in roots}
        self._source = source
        self._proofs: dict[tuple[bytes, str], Proof] = {}
        self._lock = Lock()

    def proof(
        self,
        certificate: x509.Certificate,
        others: Iterable[x509.Certificate],
        *,
        at: datetime,
        now: datetime | None = None,
        purpose: str = "",
    ) -> Proof:
        """Prove that ``certificate`` was good at the moment ``at``, for an extended key usage.

        Answers from later than ``at`` count for it (EN 319 102-1, 5.2.5: the later the better);
        ``now``, if it is another moment, says how fresh they must be.

        Raises:
            SignatureRefusedError: It is revoked, expired then, unsuitable, or leads to no root.
            ToolUnavailableError: An authority does not answer.
        """
        key = (certificate.sha256, purpose)
        with self._lock:
            kept = self._proofs.get(key)
        if kept is not None and kept.good_from <= at <= (now or at) < kept.good_until:
            return kept
        path = self._path(certificate, others)
        try:
            answers, found = self._answers(path, now or at, at=at)
            self._check(path, answers, at=at, purpose=purpose)
        except ToolUnavailableError:
            # What was kept may be spoiled; what is asked anew is not.
            answers, found = self._answers(path, None, at=at)
            self._check(path, answers, at=at, purpose=purpose)
        told = [answer.told for answer in answers]
        ends = [answer.good_until or at for answer in answers]
        proof = Proof(
            certificates=tuple({one.sha256: one for one in (*path[:-1], *found)}.values()),
            ocsps=tuple(_statuses(told)),
            crls=tuple(_lists(told)),
            good_from=at,
            good_until=min([*ends, *(one.not_valid_after for one in path)]),
        )
        with self._lock:
            self._proofs[key] = proof
        return proof

    def is_held(
        self,
        certificate: x509.Certificate,
        others: Iterable[x509.Certificate],
        told: Told,
        *,
        at: datetime,
        purpose: str = "",
    ) -> bool:
        """Say whether ``told`` and ``others`` alone prove ``certificate`` good at ``at``."""
        try:
            _validate(self._path(certificate, others), told, at=at, purpose=purpose)
        except (SignatureRefusedError, *MALFORMED):
            return False
        return True

    def _path(
        self, certificate: x509.Certificate, others: Iterable[x509.Certificate]
    ) -> tuple[x509.Certificate, ...]:
        """Return the certificate and its issuers, up to and with a trusted root."""
        path = (certificate, *issuers_of(certificate, [*others, *self.roots]))[:_MAX_CHAIN]
        for length, one in enumerate(path, start=1):
            if one.sha256 in self._trusted:
                return path[:length]
        raise SignatureRefusedError(
            _(
                "The certificate of {name} leads to none of the trusted roots. "
                "Add its root certificate to signing.trust, or ask for the level B-T.",
                name=common_name(certificate),
            ),
            code="chain-untrusted",
        )

    def _answers(
        self, path: Sequence[x509.Certificate], now: datetime | None, *, at: datetime
    ) -> tuple[list[Answer], list[x509.Certificate]]:
        answers: list[Answer] = []
        responders: list[x509.Certificate] = []
        wanted = list(pairwise(path))
        while wanted:
            certificate, issuer = wanted.pop(0)
            if certificate.ocsp_no_check_value is not None:
                continue
            answer = self._source.answer(certificate, issuer, now=now)
            if _is_revoked_after(answer, at):
                # A list says since when, and so that it was good before; OCSP says it is not good.
                answer = self._source.answer(certificate, issuer, now=now, by_list=True)
            answers.append(answer)
            for responder in _responders(answer):
                if responder.sha256 not in {one.sha256 for one in (*path, *responders)}:
                    responders.append(responder)
                    wanted.append((responder, issuer))
        return answers, responders

    def _check(
        self,
        path: Sequence[x509.Certificate],
        answers: Sequence[Answer],
        *,
        at: datetime,
        purpose: str,
    ) -> None:
        try:
            _validate(path, [answer.told for answer in answers], at=at, purpose=purpose)
        except RevokedError as exc:
            raise SignatureRefusedError(
                _(
                    "The certificate of {name}, or one above it, is revoked.",
                    name=common_name(path[0]),
                ),
                code="certificate-revoked",
            ) from exc
        except InsufficientRevinfoError as exc:
            raise ToolUnavailableError(
                _(
                    "The revocation services of {name} gave no answer that holds now.",
                    name=common_name(path[0]),
                ),
                code="revocation-service",
            ) from exc
        except MALFORMED as exc:
            raise SignatureRefusedError(
                _(
                    "The certificate of {name} is not good at {time} ({fault}): out of date, "
                    "or not for this use.",
                    name=common_name(path[0]),
                    time=f"{at:%Y-%m-%d %H:%M}",
                    fault=type(exc).__name__,
                ),
                code="certificate-unfit",
            ) from exc


def _validate(path: Sequence[x509.Certificate], told: Told, *, at: datetime, purpose: str) -> None:
    context = ValidationContext(
        trust_roots=[path[-1]],
        other_certs=list(path[1:-1]),
        moment=at,
        allow_fetching=False,
        ocsps=_statuses(told),
        crls=_lists(told),
        revocation_mode="require",
        retroactive_revinfo=True,
        time_tolerance=CLOCKS_DIFFER,
    )
    validator: Any = CertificateValidator(path[0], validation_context=context)
    usage = {purpose} if purpose else None
    awaited(validator.async_validate_usage(key_usage=set(), extended_key_usage=usage))


def _statuses(told: Told) -> list[ocsp.OCSPResponse]:
    return [one for one in told if isinstance(one, ocsp.OCSPResponse)]


def _lists(told: Told) -> list[crl.CertificateList]:
    return [one for one in told if isinstance(one, crl.CertificateList)]


def _is_revoked_after(answer: Answer, at: datetime) -> bool:
    if not isinstance(answer.told, ocsp.OCSPResponse):
        return False
    responses = answer.told.basic_ocsp_response["tbs_response_data"]["responses"]
    revoked = [one["cert_status"] for one in responses if one["cert_status"].name == "revoked"]
    return any(status.chosen["revocation_time"].native > at for status in revoked)


def _responders(answer: Answer) -> list[x509.Certificate]:
    if not isinstance(answer.told, ocsp.OCSPResponse):
        return []
    found = answer.told.basic_ocsp_response["certs"]
    return list(found) if found else []
