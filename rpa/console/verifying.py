"""Verification for anybody, without an account: a file in, a verdict out, nothing kept.

A signature's QR code leads to ``/v/…``. What is told there without the file depends on what the
address shows of whoever follows it. A document's digest can't be guessed: who has it has the
document, so they are told that it is registered here, and when it was signed. A request's number
can be counted up: by it nothing is told until the file itself is handed over.
"""

import hashlib
from typing import Any, Final

from starlette.responses import Response

from rpa.console.entrance import wait_words
from rpa.console.rendering import page
from rpa.console.visit import Visit
from rpa.console.web import Door
from rpa.console.words import (
    integrity_words,
    level_words,
    trust_words,
    verdict_class,
)
from rpa.domain.model import Digest
from rpa.domain.signature_request import SignatureRequest
from rpa.domain.verdict_places import place_words
from rpa.domain.verdict_words import (
    change_words,
    indication_words,
    kind_words,
    warning_words,
)
from rpa.i18n import _
from rpa.register.attempts import Allowance
from rpa.signing.sentences import sentence

BY_ADDRESS: Final = Allowance(free=20, most_s=120, forget_s=600)


def upload_form(visit: Visit) -> Response:
    """Show the form to hand a file over."""
    return _form(visit)


def verified(visit: Visit) -> Response:
    """Check the file and say what was found."""
    if visit.upload is None:
        return _form(visit, problems={"pdf": _("Choose a PDF.")}, status=422)
    wait = visit.desk.accounts.register.attempt(_whose(visit))
    if wait:
        return _form(visit, problems={"pdf": wait_words(wait)}, status=429)
    desk = visit.desk
    content = visit.upload.read()
    report = desk.validator.validate(content, at=desk.accounts.now())
    facts: dict[str, Any] = {
        "report": report,
        "name": visit.upload.name,
        "sentence": sentence(report, visit.language, zone=desk.timezone),
        "drawn": verdict_class(report.indication, report.integrity),
        "integrity": integrity_words(report.integrity),
        "registered": _registered(visit, Digest(hashlib.sha256(content).hexdigest())),
        "warnings": [warning_words(code) for code in report.warnings],
        "indication_words": indication_words,
        "trust_words": trust_words,
        "level_words": level_words,
        "kind_words": kind_words,
        "change_words": change_words,
        "place_words": place_words,
    }
    return page(visit, "verdict.html", **facts)


def looked_up(visit: Visit) -> Response:
    """Show what the register knows by a document's digest; by a number, the form alone."""
    reference = visit.named("reference").lower()
    is_digest = len(reference) == 64 and all(sign in "0123456789abcdef" for sign in reference)
    if not is_digest:
        return _form(visit)
    found = _registered(visit, Digest(reference))
    return _form(visit, digest=reference, found=found, status=200 if found else 404)


def _registered(visit: Visit, document: Digest) -> SignatureRequest | None:
    """Return the request whose newest revision this is; the page shows no name of it."""
    register = visit.desk.accounts.register
    number = register.request_of_document(document)
    return register.request(number) if number else None


def _whose(visit: Visit) -> dict[str, Allowance]:
    return {visit.desk.accounts.seal.mark(visit.address, use="verify"): BY_ADDRESS}


def _form(
    visit: Visit,
    *,
    digest: str = "",
    found: SignatureRequest | None = None,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    facts: dict[str, Any] = {"digest": digest, "found": found, "problems": problems or {}}
    most_mb = visit.desk.upload_bytes // 1_000_000
    return page(visit, "verify.html", status=status, most_mb=most_mb, **facts)


DOORS = (
    Door("/verifier", upload_form, is_public=True),
    Door("/verify", upload_form, is_public=True),
    Door("/verifier", verified, method="POST", is_public=True, takes_file=True),
    Door("/v/{reference}", looked_up, is_public=True),
)
