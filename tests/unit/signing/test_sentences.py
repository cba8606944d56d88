from datetime import UTC, datetime

import pytest

from rpa.domain.model import Digest
from rpa.domain.signature import (
    Change,
    ChangeKind,
    Coverage,
    Indication,
    Integrity,
    SignatureKind,
    SignatureStatus,
    Trust,
    ValidationReport,
)
from rpa.signing.sentences import sentence

AT = datetime(2026, 11, 24, 15, 12, tzinfo=UTC)


def status(**changes):
    facts = {
        "field": "Signature1",
        "signer": "Marie Tremblay",
        "integrity": Integrity.VALID,
        "trust": Trust.TRUSTED,
        "indication": Indication.TOTAL_PASSED,
        "coverage": Coverage.WHOLE_DOCUMENT,
        "level": None,
        "claimed_at": AT,
    }
    return SignatureStatus(**(facts | changes))


def report(*statuses, integrity=Integrity.VALID, indication=Indication.TOTAL_PASSED):
    return ValidationReport(
        document=Digest("0" * 64),
        checked_at=AT,
        integrity=integrity,
        indication=indication,
        signatures=statuses,
    )


def told(*statuses, language="en", **changes):
    return sentence(report(*statuses, **changes), language, zone=UTC)


def test_a_good_signature_is_told_with_its_name_and_time():
    assert told(status(proved_at=AT)) == (
        "Signed by Marie Tremblay on 2026-11-24 15:12 (proved by a timestamp); "
        "nothing has changed since."
    )


def test_it_is_told_in_french_too():
    assert told(status(), language="fr") == (
        "Signé par Marie Tremblay le 2026-11-24 15:12 (selon l’horloge du signataire); "
        "rien n’a changé depuis."
    )


def test_a_stranger_is_told_as_such():
    said = told(status(trust=Trust.UNKNOWN_ISSUER), indication=Indication.INDETERMINATE)

    assert said.startswith("Signed by somebody who gives the name Marie Tremblay")
    assert "no authority that is trusted here vouches for that name" in said


@pytest.mark.parametrize(
    ("trust", "words"),
    [
        (Trust.REVOKED, "was revoked"),
        (Trust.REVOCATION_UNKNOWN, "nothing says whether the certificate was revoked"),
        (Trust.ON_HOLD, "is suspended"),
        (Trust.WEAK, "can be forged"),
        (Trust.EXPIRED, "has expired"),
        (Trust.NOT_YET_VALID, "not valid yet"),
        (Trust.UNSUITABLE, "not made for signing"),
        (Trust.UNCHECKED, "could not be checked"),
    ],
)
def test_every_doubt_about_a_certificate_has_words(trust, words):
    assert words in told(status(trust=trust), indication=Indication.INDETERMINATE)


def test_what_passes_by_policy_alone_says_so_in_its_first_sentence():
    passed = report(status()).model_copy(update={"warnings": ("revocation-not-checked",)})

    said = sentence(passed, "en", zone=UTC)

    assert said.endswith("whether the certificate was revoked was not checked.")


def test_a_changed_document_is_never_told_as_whole():
    said = told(
        status(integrity=Integrity.MODIFIED),
        integrity=Integrity.MODIFIED,
        indication=Indication.TOTAL_FAILED,
    )

    assert "the document was changed afterwards" in said
    assert "nothing has changed" not in said


def test_a_broken_signature_proves_nothing():
    broken = status(integrity=Integrity.INVALID, trust=Trust.UNCHECKED)

    assert told(broken, integrity=Integrity.INVALID) == (
        "The signature in the name of Marie Tremblay is broken or forged: it proves nothing."
    )
    nameless = status(integrity=Integrity.INVALID, signer="")
    assert "broken or forged" in told(nameless, integrity=Integrity.INVALID)


def test_filled_fields_are_said():
    change = Change(kind=ChangeKind.FORM_VALUE, permitted=True, where="name")
    said = told(status(changes_after=(change,)), indication=Indication.INDETERMINATE)

    assert said.endswith("since then only fields of the form were filled in.")


def test_seals_timestamps_and_several_signers_are_told_apart():
    seal = status(kind=SignatureKind.SEAL, signer="Ville")
    stamp = status(kind=SignatureKind.TIMESTAMP, signer="Horloge")

    assert "Sealed by Ville" in told(seal, stamp)
    assert "Horloge" not in told(seal, stamp)
    assert told(stamp).startswith("Timestamped by Horloge")
    assert "Signed by Marie Tremblay" in told(seal, status())
    assert "and by 4 others" in told(*[status()] * 5)


def test_what_holds_no_signature_is_told_plainly():
    assert told(integrity=Integrity.UNSIGNED) == "This document bears no signature."
    assert told(integrity=Integrity.UNREADABLE).startswith("This file can't be read")
    unsure = told(status(), integrity=Integrity.INDETERMINATE)
    assert "nobody can say for certain" in unsure


def test_a_doubt_that_has_no_name_is_said_all_the_same():
    said = told(status(claimed_at=None), indication=Indication.INDETERMINATE)

    assert said == (
        "Signed by Marie Tremblay; nothing has changed since, but not every proof could be checked."
    )


def test_two_broken_signatures_are_named_together():
    both = [status(integrity=Integrity.INVALID, signer=name) for name in ("Ana", "Bo")]

    assert "Ana and Bo" in told(*both, integrity=Integrity.INVALID)
