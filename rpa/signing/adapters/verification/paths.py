"""The ways from a certificate to a trusted root, each checked as RFC 5280, 6.1 asks.

Dates, algorithms and revocation are not asked here: a way is found and checked as of a time at
which all its certificates were valid together, so that of a certificate that has run out it can
still be told whose it was, and that it was revoked.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from asn1crypto import x509
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    AcceptAllAlgorithms,
    CertRevTrustPolicy,
)
from pyhanko_certvalidator.registry import CertificateRegistry, PathBuilder, SimpleTrustManager
from pyhanko_certvalidator.validate import async_validate_path

from rpa.signing.adapters.awaiting import awaited
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.signed_objects import AuthoritySignatures, is_signed_by

Path = tuple[x509.Certificate, ...]
"""From the root down to the certificate in question."""
_MOST: Final = 16
"""Ways that are looked at: cross certificates make few, a hostile file makes many."""


class Paths:
    """Finds ways to roots among the certificates of one document."""

    def __init__(self, roots: Sequence[x509.Certificate], pool: Iterable[x509.Certificate]) -> None:
        """Keep the roots, and what may lead to them."""
        self._trust: Any = SimpleTrustManager.build(trust_roots=list(roots))
        self._roots = {one.sha256 for one in roots}
        self._named: dict[str, list[x509.Certificate]] = {}
        for one in {one.sha256: one for one in (*roots, *pool)}.values():
            self._named.setdefault(one.subject.hashable, []).append(one)
        self._issuers: dict[bytes, list[x509.Certificate]] = {}

    def of(self, certificate: x509.Certificate, at: datetime) -> Iterator[Path | Exception]:
        """Yield each way to a root that holds, and the fault of each that does not.

        Raises:
            MALFORMED: The certificate can't be read far enough.
        """
        registry: Any = CertificateRegistry.build(self._leading(certificate))
        for path in awaited(self._found(certificate, registry)):
            chain = tuple(path.iter_certs(include_root=True))
            try:
                awaited(async_validate_path(self._context(chain, registry, at), path))
            except MALFORMED as fault:
                yield fault
            else:
                yield chain

    def _leading(self, certificate: x509.Certificate) -> list[x509.Certificate]:
        """Return the certificates above one that lead to a root, by their signatures.

        Whatever else bears an authority's name is left out here, so that nobody can bury the true
        way under false ones.
        """
        above: dict[bytes, x509.Certificate] = {}
        below: dict[bytes, set[bytes]] = {}
        waiting = [certificate]
        while waiting:
            one = waiting.pop()
            for issuer in self._issuers_of(one):
                below.setdefault(issuer.sha256, set()).add(one.sha256)
                if issuer.sha256 not in above:
                    above[issuer.sha256] = issuer
                    waiting.append(issuer)
        leading = set(above) & self._roots
        reached = list(leading)
        while reached:
            fresh = below.get(reached.pop(), set()) - leading
            leading |= fresh
            reached += fresh
        return [one for key, one in above.items() if key in leading]

    def _issuers_of(self, certificate: x509.Certificate) -> list[x509.Certificate]:
        key = certificate.sha256
        if key not in self._issuers:
            self._issuers[key] = [
                one
                for one in self._named.get(certificate.issuer.hashable, ())
                if one.sha256 != key and _is_issued(certificate, one)
            ]
        return self._issuers[key]

    async def _found(self, certificate: x509.Certificate, registry: Any) -> list[Any]:
        builder = PathBuilder(trust_manager=self._trust, registry=registry)
        found: list[Any] = []
        ways: Any = builder.async_build_paths_lazy(certificate)
        try:
            async for path in ways:
                found.append(path)
                if len(found) == _MOST:
                    break
        except PathBuildingError:
            return found
        finally:
            await ways.cancel()
        return found

    def _context(self, chain: Path, registry: Any, at: datetime) -> ValidationContext:
        return ValidationContext(
            trust_manager=self._trust,
            certificate_registry=registry,
            moment=_common(chain, at),
            allow_fetching=False,
            revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
            algorithm_usage_policy=AcceptAllAlgorithms(),
            signature_validator=AuthoritySignatures(),
        )


def _is_issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    return is_signed_by(
        issuer.public_key,
        certificate["tbs_certificate"].dump(),
        certificate["signature_value"].native,
        certificate["signature_algorithm"],
    )


def _common(chain: Path, at: datetime) -> datetime:
    """Return the time nearest to ``at`` at which all but the root were valid together."""
    below = chain[1:] or chain
    begins = max(one.not_valid_before for one in below)
    ends = min(one.not_valid_after for one in below)
    return min(max(at, begins), ends) if begins <= ends else at
