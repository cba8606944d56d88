"""Signature requests: several persons sign one document, in order, in parallel, or a mix.

``asking`` is for whoever asks, ``signing`` for the signer, ``passes`` for what time brings about.
"""

from rpa.steps.signature_requests.asking import (
    cancel,
    create_request,
    open_requests,
    remind,
    request,
)
from rpa.steps.signature_requests.draft import RequestDraft, SignerDraft, plain_intent
from rpa.steps.signature_requests.passes import expire_due, remind_due, send_notices, tend
from rpa.steps.signature_requests.signing import (
    decline_requested,
    delegate,
    document_to_sign,
    sign_requested,
)

__all__ = [
    "RequestDraft",
    "SignerDraft",
    "cancel",
    "create_request",
    "decline_requested",
    "delegate",
    "document_to_sign",
    "expire_due",
    "open_requests",
    "plain_intent",
    "remind",
    "remind_due",
    "request",
    "send_notices",
    "sign_requested",
    "tend",
]
