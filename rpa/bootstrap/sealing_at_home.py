"""What seals documents in bulk with a home's settings."""

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from rpa.bootstrap.credentials import credential_named
from rpa.bootstrap.seal_plan import SealPlan
from rpa.bootstrap.sealing import sealing
from rpa.bootstrap.signers import open_signer
from rpa.settings import load_settings
from rpa.signing.api import SignedDocument


def seal_at_home(plan: SealPlan) -> Callable[[bytes], SignedDocument]:
    """Return what seals one document with a credential of the home.

    Raises:
        SetupError: A setting is wrong, or the credential is not there.
        ToolUnavailableError: A trusted certificate can't be read, or the key can't be had.
    """
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
    return sealing(
        plan,
        open_signer(settings),
        credential_named(settings, plan.credential),
        level=plan.level_with(signing.timestamp_url),
        location=settings.organization,
        zone=ZoneInfo(settings.timezone),
    )
