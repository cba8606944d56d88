"""What a field's own words ask of the signature in it.

ISO 32000-2, 12.7.5.5: locks (``/Lock``) and seed values (``/SV``) of signature fields.
"""

from typing import Any, Final

from pyhanko.sign.fields import (
    FieldMDPSpec,
    MDPPerm,
    SigSeedSubFilter,
    SigSeedValFlags,
    SigSeedValueSpec,
)
from pyhanko.sign.signers.cms_embedder import SigMDPSetup

from rpa.domain.errors import SignatureRefusedError
from rpa.i18n import _
from rpa.signing.api import SigningRequest

_NEVER_MET: Final = (
    SigSeedValFlags.LEGAL_ATTESTATION
    | SigSeedValFlags.APPEARANCE_FILTER
    | SigSeedValFlags.LOCK_DOCUMENT
)


def locks_of(field: Any, *, certify: bool, digest: str) -> SigMDPSetup:
    """Return what a signature in ``field`` locks: what the field says, and P=2 to certify."""
    lock = permission = None
    if "/Lock" in field:
        lock = FieldMDPSpec.from_pdf_object(field["/Lock"])
        if "/P" in field["/Lock"]:
            permission = MDPPerm(field["/Lock"]["/P"])
    if certify:
        permission = min(permission or MDPPerm.FILL_FORMS, MDPPerm.FILL_FORMS)
    return SigMDPSetup(
        md_algorithm=digest, certify=certify, field_lock=lock, docmdp_perms=permission
    )


def check_demands(field: Any, request: SigningRequest, digest: str) -> None:
    """Check that the signature can be what its field demands (seed values marked as required).

    Raises:
        SignatureRefusedError: It can't; names the demand.
    """
    if "/SV" not in field:
        return
    demand = _unmet(SigSeedValueSpec.from_pdf_object(field["/SV"]), request, digest)  # type: ignore[no-untyped-call]
    if demand:
        raise SignatureRefusedError(
            _(
                "The field {field} demands a signature of another kind ({demand}): nothing was "
                "changed. Sign in another field.",
                field=request.field,
                demand=demand,
            ),
            code="field-demands",
        )


def _unmet(asked: SigSeedValueSpec, request: SigningRequest, digest: str) -> str:
    flags = asked.flags
    demands = (
        (SigSeedValFlags.SUBFILTER, asked.subfilters, SigSeedSubFilter.PADES, "/SubFilter"),
        (SigSeedValFlags.DIGEST_METHOD, asked.digest_methods, digest, "/DigestMethod"),
        (SigSeedValFlags.REASONS, asked.reasons, request.reason, "/Reasons"),
    )
    for flag, allowed, ours, name in demands:
        if flags & flag and allowed and ours not in allowed:
            return name
    # Whoever demands certain certificates, attestations or locks must be asked by other means.
    if flags & _NEVER_MET or (asked.cert is not None and asked.cert.flags):
        return "/SV"
    return ""
