"""What seals documents in bulk, in worker processes; opened from a home or without one."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from rpa.bootstrap.clock import clock
from rpa.bootstrap.credentials import credential_from_file, credential_named
from rpa.bootstrap.seal_plan import SealPlan
from rpa.bootstrap.signers import open_loose_signer, open_signer
from rpa.domain.signature import SignatureLevel
from rpa.settings import load_settings
from rpa.signing.api import Credential, SignedDocument, Signer, SigningRequest
from rpa.signing.bulk import SealTask, sealed


def open_sealer(plan: SealPlan) -> Callable[[SealTask], dict[str, Any]]:
    """Open what seals one document after the other, as the plan says.

    Raises:
        SetupError: A setting is wrong, or the credential is not there.
        ToolUnavailableError: A trusted certificate can't be read.
    """
    return partial(sealed, seal=_seal_at_home(plan) if plan.key is None else _seal_loose(plan))


def _seal_at_home(plan: SealPlan) -> Callable[[bytes], SignedDocument]:
    settings = load_settings(plan.home)
    signing = settings.signing
    plan = replace(plan, wait=plan.wait or signing.on_failure == "wait")
    if plan.timestamp_url or plan.roots:
        signing = signing.model_copy(
            update={
                "timestamp_url": plan.timestamp_url or signing.timestamp_url,
                "trust": plan.roots or signing.trust,
            }
        )
        settings = settings.model_copy(update={"signing": signing})
    return _seal(
        plan,
        open_signer(settings),
        credential_named(settings, plan.credential),
        level=_level(plan, signing.timestamp_url),
        location=settings.organization,
        zone=ZoneInfo(settings.timezone),
    )


def _seal_loose(plan: SealPlan) -> Callable[[bytes], SignedDocument]:
    assert plan.key is not None  # noqa: S101 - told apart by the caller
    return _seal(
        plan,
        open_loose_signer(timestamp_url=plan.timestamp_url, roots=plan.roots),
        credential_from_file(plan.key, plan.passphrase),
        level=_level(plan, plan.timestamp_url),
    )


def _level(plan: SealPlan, timestamp_url: str | None) -> SignatureLevel:
    return plan.level or (SignatureLevel.B_T if timestamp_url else SignatureLevel.B_B)


def _seal(
    plan: SealPlan,
    signer: Signer,
    credential: Credential,
    *,
    level: SignatureLevel,
    location: str = "",
    zone: ZoneInfo | None = None,
) -> Callable[[bytes], SignedDocument]:
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
