"""What seals documents in bulk; opened from a home or without one, before its workers fork."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rpa.bootstrap.clock import clock
from rpa.bootstrap.key_files import credential_from_file
from rpa.bootstrap.seal_plan import SealPlan
from rpa.bootstrap.signers import open_loose_signer
from rpa.domain.signature_level import SignatureLevel
from rpa.late import late
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.api import Credential, SignedDocument, SigningRequest
from rpa.signing.bulk import SealTask, sealed

if TYPE_CHECKING:
    from rpa.bootstrap.sealing_at_home import seal_at_home
else:  # a key file needs no settings
    seal_at_home = late("rpa.bootstrap.sealing_at_home", "seal_at_home")


def open_sealer(plan: SealPlan) -> Callable[[SealTask], dict[str, Any]]:
    """Open what seals one document after the other, as the plan says.

    Raises:
        SetupError: A setting is wrong, or the credential is not there.
        ToolUnavailableError: A trusted certificate can't be read, or the key can't be had.
    """
    return partial(sealed, seal=seal_at_home(plan) if plan.key is None else _seal_loose(plan))


def sealing(
    plan: SealPlan,
    signer: PyHankoSigner,
    credential: Credential,
    *,
    level: SignatureLevel,
    location: str = "",
    zone: ZoneInfo | None = None,
) -> Callable[[bytes], SignedDocument]:
    """Return what seals one document; what all of them need is loaded and opened here.

    Raises:
        ToolUnavailableError: The key can't be had.
    """
    signer.open(credential, level, drawn_in=plan.language if plan.visible else None)

    def seal(pdf: bytes) -> SignedDocument:
        request = SigningRequest(
            pdf=pdf,
            credential=credential,
            field="Signature1",
            level=level,
            reason=plan.reason,
            location=location,
            signed_at=clock().astimezone(zone),
            visible=plan.visible,
            language=plan.language,
            wait=plan.wait,
        )
        return signer.sign(request)

    return seal


def _seal_loose(plan: SealPlan) -> Callable[[bytes], SignedDocument]:
    assert plan.key is not None  # noqa: S101 - told apart by the caller
    return sealing(
        plan,
        open_loose_signer(timestamp_url=plan.timestamp_url, roots=plan.roots),
        credential_from_file(plan.key, plan.passphrase),
        level=plan.level_with(plan.timestamp_url),
    )
