"""What a certificate is worth: times of revocation, holds, chains, algorithms and purposes."""

from collections import Counter
from dataclasses import replace

import pytest

from rpa.domain.signature import Indication, SignatureLevel, Trust
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.adapters.verification import lists, paths, responses
from rpa.signing.adapters.verification.trusted import Authorities
from rpa.testing.trust_cases import (
    TRUE,
    Given,
    chain_is_good,
    says,
    signed_document,
    town,
    trust_anchor,
    with_store,
)
from rpa.testing.trust_pki import (
    DAY,
    NOW,
    TIME_STAMPING,
    Listing,
    Told,
    Wanted,
    a_list,
    again,
    made,
)

STAMPED = NOW - 10 * DAY
LISTS = ("list", "ocsp by the authority, by key", "ocsp by a responder")


def judged(pdf, given=None, *, at=NOW, roots=None):
    validator = PyHankoValidator(trust_roots=[])
    validator._authorities = Authorities(roots or [trust_anchor()])
    return validator.validate(with_store(pdf, given or Given()), at=at)


def answer(report):
    status = report.signatures[0]
    return status.trust, status.indication, status.sub_indication


def listed(holder, **told):
    """Return a true list that says something of a holder, by whoever issued it."""
    issuer = holder.issuer
    return Given(lists=[a_list(Told(holder, **told), Listing(issuer))])


@pytest.fixture(scope="module")
def stamped():
    return signed_document(town().signer, stamped_at=STAMPED)


@pytest.fixture(scope="module")
def plain():
    return signed_document(town().signer)


@pytest.mark.parametrize("kind", LISTS)
def test_a_signature_proved_before_the_revocation_passes(stamped, kind):
    told = replace(says("revoked"), revoked_at=STAMPED + 2 * DAY)

    report = judged(stamped, chain_is_good() + TRUE[kind](told))

    assert report.indication is Indication.TOTAL_PASSED
    assert report.signatures[0].proved_at == STAMPED


@pytest.mark.parametrize("kind", LISTS)
def test_a_signature_proved_after_the_revocation_fails(stamped, kind):
    told = replace(says("revoked"), revoked_at=STAMPED - 2 * DAY)

    report = judged(stamped, chain_is_good() + TRUE[kind](told))

    assert answer(report) == (Trust.REVOKED, Indication.TOTAL_FAILED, "REVOKED")


def test_a_key_known_to_be_stolen_earlier_was_not_the_signer_s_any_more(stamped):
    told = replace(
        says("revoked"),
        revoked_at=STAMPED + 2 * DAY,
        invalid_since=STAMPED - 2 * DAY,
        reason="key_compromise",
    )

    assert answer(judged(stamped, chain_is_good() + TRUE["list"](told)))[2] == "REVOKED"


@pytest.mark.parametrize(
    "reason",
    ["key_compromise", "superseded", "cessation_of_operation", "privilege_withdrawn", None],
)
def test_every_reason_revokes(plain, reason):
    told = replace(says("revoked"), reason=reason)

    assert answer(judged(plain, chain_is_good() + TRUE["list"](told)))[0] is Trust.REVOKED


def test_a_certificate_on_hold_waits_and_one_released_passes(plain):
    held = replace(says("revoked"), reason="certificate_hold", this_update=NOW - 5 * DAY)
    on_hold = chain_is_good() + TRUE["list"](held)

    assert answer(judged(plain, on_hold)) == (
        Trust.ON_HOLD,
        Indication.INDETERMINATE,
        "TRY_LATER",
    )
    released = on_hold + TRUE["list"](says("good"))
    assert judged(plain, released).indication is Indication.TOTAL_PASSED


def test_a_delta_releases_a_certificate_from_hold(plain):
    place = town()
    held = replace(says("revoked"), reason="certificate_hold", this_update=NOW - 5 * DAY)
    freed = replace(says("revoked"), reason="remove_from_crl")
    lists = [
        a_list(held, Listing(place.authority, number=5)),
        a_list(freed, Listing(place.authority, number=6, base=5)),
    ]

    report = judged(plain, chain_is_good() + Given(lists=lists))

    assert report.indication is Indication.TOTAL_PASSED


def test_a_revoked_authority_takes_its_signers_with_it(plain):
    place = town()
    gone = listed(place.authority, revoked_at=NOW - 30 * DAY)

    report = judged(plain, gone + TRUE["list"](says("good")))

    assert answer(report) == (Trust.REVOKED, Indication.INDETERMINATE, "REVOKED_CA_NO_POE")


def test_an_authority_of_which_nothing_is_known_leaves_its_signers_undecided(plain):
    report = judged(plain, TRUE["list"](says("good")))

    assert answer(report)[2] == "TRY_LATER"


def test_a_time_is_not_proved_by_an_authority_of_which_nothing_is_known():
    place = town()
    clock = made(Wanted("Horloge 2", kind="rsa", purposes=[TIME_STAMPING]), place.other)
    pdf = signed_document(place.signer, stamped_at=STAMPED, clock=clock)

    report = judged(pdf, chain_is_good() + TRUE["list"](says("good")))

    assert report.signatures[0].proved_at is None
    assert report.sub_indication == "TRY_LATER"
    known = listed(clock) + listed(place.other)
    assert judged(pdf, chain_is_good() + TRUE["list"](says("good")) + known).signatures[0].proved_at


def test_forged_data_lift_no_level(stamped):
    place = town()
    forged = Given(lists=[a_list(says("good"), Listing(place.impostor))])

    with_forged = judged(stamped, chain_is_good() + forged)
    with_true = judged(stamped, chain_is_good() + TRUE["list"](says("good")))

    assert with_forged.signatures[0].level is SignatureLevel.B_T
    assert with_true.signatures[0].level is SignatureLevel.B_LT


WEAK_CHAINS = {
    "a short signer's key": lambda: again(town().signer, kind="rsa1024", name="Court"),
    "a signer's certificate signed with MD5": lambda: made(
        replace(town().signer.wanted, digest="md5"),
        again(town().authority, kind="rsa", name="AC longue"),
    ),
    "a signer's certificate signed with SHA-1": lambda: again(town().signer, digest="sha1"),
    "a small curve": lambda: again(town().signer, kind="ec192", name="Petit"),
    "an authority's short key": lambda: made(
        town().signer.wanted, again(town().authority, kind="rsa1024", name="AC courte")
    ),
    "an authority signed with SHA-1": lambda: made(
        town().signer.wanted, again(town().authority, digest="sha1")
    ),
}


@pytest.mark.parametrize("kind", WEAK_CHAINS)
def test_a_chain_that_can_be_forged_proves_nothing(kind):
    signer = WEAK_CHAINS[kind]()

    report = judged(
        signed_document(signer), listed(signer) + listed(signer.issuer) + chain_is_good()
    )

    assert answer(report) == (
        Trust.WEAK,
        Indication.INDETERMINATE,
        "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
    )


def test_an_authority_s_weak_clock_proves_no_time():
    clock = again(town().clock, kind="rsa1024", name="Horloge courte")
    pdf = signed_document(town().signer, stamped_at=STAMPED, clock=clock)

    report = judged(pdf, chain_is_good() + TRUE["list"](says("good")))

    assert report.signatures[0].proved_at is None
    assert report.sub_indication == "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"


PURPOSES = {
    "none": ((), True),
    "any": (("2.5.29.37.0",), True),
    "e-mail": (("1.3.6.1.5.5.7.3.4",), True),
    "documents, ISO": (("1.3.6.1.5.5.7.3.36",), True),
    "documents, Adobe": (("1.2.840.113583.1.1.5",), True),
    "documents, Microsoft": (("1.3.6.1.4.1.311.10.3.12",), True),
    "web client and e-mail": (("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"), True),
    "web server": (("1.3.6.1.5.5.7.3.1",), False),
    "programs": (("1.3.6.1.5.5.7.3.3",), False),
    "timestamps": (("1.3.6.1.5.5.7.3.8",), False),
    "revocation answers": (("1.3.6.1.5.5.7.3.9",), False),
}


@pytest.mark.parametrize("kind", PURPOSES)
def test_a_certificate_signs_documents_only_if_it_is_for_them(kind):
    purposes, is_fit = PURPOSES[kind]
    signer = again(town().signer, purposes=purposes, serial=0)

    report = judged(signed_document(signer), chain_is_good() + listed(signer))

    assert (report.indication is Indication.TOTAL_PASSED) is is_fit
    if not is_fit:
        assert answer(report)[0] is Trust.UNSUITABLE
        assert "extended-key-usage" in report.warnings


@pytest.mark.parametrize("usage", [("key_encipherment",), ("key_agreement", "crl_sign")])
def test_a_key_that_is_not_for_signatures_makes_none(usage):
    signer = again(town().signer, usage=usage, serial=0)

    report = judged(signed_document(signer), chain_is_good() + listed(signer))

    assert answer(report)[0] is Trust.UNSUITABLE
    assert "key-usage" in report.warnings


def test_an_authority_signs_no_documents():
    usage = ("digital_signature", "key_cert_sign", "crl_sign")
    signer = again(town().authority, usage=usage, name="AC qui signe")

    report = judged(signed_document(signer), listed(signer))

    assert answer(report)[0] is Trust.UNSUITABLE
    assert "signer-is-authority" in report.warnings


@pytest.mark.parametrize(
    "number", ["1.3.6.1.5.5.7.48.1.5", "0.4.0.194121.2.1"], ids=["no check", "short term"]
)
def test_a_certificate_that_needs_no_check_passes_without_and_says_so(number):
    signer = again(town().signer, extensions=[(number, False, b"\x05\x00")], serial=0)

    report = judged(signed_document(signer), chain_is_good())

    assert report.indication is Indication.TOTAL_PASSED
    assert "revocation-not-needed" in report.warnings
    gone = listed(signer, revoked_at=NOW - 30 * DAY)
    assert answer(judged(signed_document(signer), chain_is_good() + gone))[0] is Trust.REVOKED


def test_what_is_said_once_a_certificate_ran_out_clears_it_no_more():
    signer = again(town().signer, ends=NOW - 20 * DAY, serial=0)
    pdf = signed_document(signer, stamped_at=NOW - 40 * DAY)
    later = listed(signer, this_update=NOW - DAY)
    sooner = listed(signer, this_update=NOW - 39 * DAY)

    assert answer(judged(pdf, chain_is_good() + later))[2] == "TRY_LATER"
    assert judged(pdf, chain_is_good() + sooner).indication is Indication.TOTAL_PASSED


def test_an_expired_certificate_that_was_revoked_is_revoked():
    signer = again(town().signer, ends=NOW - 20 * DAY, serial=0)
    gone = listed(signer, revoked_at=NOW - 30 * DAY, this_update=NOW - 25 * DAY)

    assert answer(judged(signed_document(signer), chain_is_good() + gone))[0] is Trust.REVOKED
    assert answer(judged(signed_document(signer), chain_is_good()))[2] == "OUT_OF_BOUNDS_NO_POE"


def test_validation_data_are_parsed_once_however_many_signatures_ask(monkeypatch):
    place = town()
    second = again(place.signer, name="Deuxième", serial=0)
    third = again(place.signer, name="Troisième", serial=0)
    pdf = signed_document(place.signer, stamped_at=STAMPED)
    for number, signer in enumerate((second, third), start=2):
        pdf = signed_document(signer, stamped_at=STAMPED, pdf=pdf, field=f"Signature{number}")
    given = chain_is_good() + TRUE["list"](says("good")) + TRUE["ocsp by a responder"](says("good"))
    parsed, checked = Counter(), Counter()
    for module, counted in ((lists, "list"), (responses, "answer")):
        original = module.parsed
        monkeypatch.setattr(module, "parsed", _counting(original, parsed, counted))
    path = paths.async_validate_path
    monkeypatch.setattr(paths, "async_validate_path", _counting(path, checked, "path"))

    report = judged(pdf, given)

    assert [one.indication for one in report.signatures] == [Indication.TOTAL_PASSED] * 3
    assert parsed == {"list": 2, "answer": 1}
    assert checked["path"] == 4  # three signers and one clock


def _counting(called, counter, name):
    def counted(*args, **kwargs):
        counter[name] += 1
        return called(*args, **kwargs)

    return counted


def test_nobody_buries_the_true_chain_under_certificates_of_the_same_name(plain):
    usage = ("key_cert_sign", "crl_sign")
    false = [
        made(Wanted(name, key=f"faux {name} {number}", usage=usage, is_authority=True))
        for name in ("AC", "Racine")
        for number in range(20)
    ]
    good = chain_is_good() + TRUE["list"](says("good"))

    buried = judged(plain, Given(certificates=false) + good)

    assert buried.indication is Indication.TOTAL_PASSED


def test_certificates_that_vouch_for_each_other_take_no_time():
    usage = ("key_cert_sign", "crl_sign")
    ring = [
        made(Wanted("Cercle", key=f"cercle {n}", usage=usage, is_authority=True)) for n in range(12)
    ]
    crossed = [made(replace(one.wanted, serial=0), other) for one in ring for other in ring]
    signer = made(Wanted("Membre"), ring[0])

    report = judged(signed_document(signer), Given(certificates=[*ring, *crossed]))

    assert answer(report)[0] is Trust.UNKNOWN_ISSUER
