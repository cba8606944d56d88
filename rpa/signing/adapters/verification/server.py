"""The process whose children check documents."""

import base64
from datetime import datetime
from typing import Any

from asn1crypto import x509

from rpa.domain.signature import RevocationRule
from rpa.signing.adapters.forking.server import serve
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.anchors import Anchor, Period, Use
from rpa.signing.adapters.verification.check import CHECK_FAILED, Wishes, checked, unreadable
from rpa.signing.adapters.verification.given import ValidationData
from rpa.signing.adapters.verification.trusted import Authorities


def check(head: dict[str, Any], document: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the report on one document, as JSON."""
    roots, answers, lists = (
        tuple(base64.b64decode(one) for one in head[key])
        for key in ("roots", "ocsp_answers", "revocation_lists")
    )
    authorities = Authorities(
        [x509.Certificate.load(root) for root in roots],
        ValidationData(ocsp_answers=answers, revocation_lists=lists),
        anchors=[_anchor(one) for one in head["anchors"]],
        rule=RevocationRule(head["revocation"]),
    )
    wishes = Wishes(
        passwords=tuple(head["passwords"]),
        expect_form_filling=bool(head["expect_form_filling"]),
        with_evidence=bool(head["with_evidence"]),
    )
    at = datetime.fromisoformat(head["at"])
    try:
        report = checked(document, authorities, at=at, wishes=wishes)
    except MALFORMED:
        report = unreadable(document, at, CHECK_FAILED)
    return {}, report.model_dump_json().encode()


def _anchor(told: dict[str, Any]) -> Anchor:
    periods = [
        Period(datetime.fromisoformat(begins), datetime.fromisoformat(ends) if ends else None)
        for begins, ends in told["granted"]
    ]
    return Anchor(base64.b64decode(told["certificate"]), Use(told["use"]), tuple(periods))


if __name__ == "__main__":
    serve(check)
