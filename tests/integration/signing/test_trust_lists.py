"""Trust lists from files: whose word they carry, for what, and when."""

import pytest
from lxml import etree

from rpa.bootstrap.verifying import Terms, verified
from rpa.domain.errors import ToolUnavailableError
from rpa.domain.signature import Indication, Trust
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.adapters.trust_lists import read_trust_list
from rpa.testing.trust_cases import (
    TRUE,
    chain_is_good,
    says,
    signed_document,
    town,
    with_store,
)
from rpa.testing.trust_lists import SPACE, Listed, a_trust_list, signed_list
from rpa.testing.trust_pki import DAY, NOW, Wanted, made

STAMPED = NOW - 10 * DAY


@pytest.fixture(scope="module")
def operator():
    return made(Wanted("Organe de contrôle"))


@pytest.fixture
def read(tmp_path, operator):
    def anchors(root, *, signer=operator, named=operator, change=None, now=NOW):
        content = signed_list(root, signer) if signer else _plain(root)
        file = tmp_path / "list.xml"
        file.write_bytes(change(content) if change else content)
        return read_trust_list(file, [named.certificate], now=now)

    return anchors


def _plain(root):
    return etree.tostring(root)


def judged(anchors, *, stamped=False):
    pdf = signed_document(town().signer, stamped_at=STAMPED if stamped else None)
    pdf = with_store(pdf, chain_is_good() + TRUE["list"](says("good")))
    return PyHankoValidator(trust_roots=[], anchors=anchors).validate(pdf, at=NOW)


def test_a_listed_authority_is_trusted(read):
    report = judged(read(a_trust_list([Listed(town().authority)])))

    assert report.indication is Indication.TOTAL_PASSED
    assert report.signatures[0].root == "AC"


def test_nobody_is_trusted_without():
    assert judged(()).signatures[0].trust is Trust.UNKNOWN_ISSUER


@pytest.mark.parametrize("kind", ["CA/PKC", "CA/QC"])
def test_an_authority_for_signers_gives_no_time(read, kind):
    place = town()
    signers = Listed(place.authority, kind)
    alone = judged(read(a_trust_list([signers, Listed(place.clock, kind)])), stamped=True)
    both = judged(read(a_trust_list([signers, Listed(place.clock, "TSA/QTST")])), stamped=True)

    assert alone.signatures[0].proved_at is None
    assert both.signatures[0].proved_at == STAMPED


def test_a_clock_s_service_issues_no_signers(read):
    report = judged(read(a_trust_list([Listed(town().authority, "TSA/QTST")])))

    assert report.signatures[0].trust is Trust.UNKNOWN_ISSUER


@pytest.mark.parametrize("kind", ["CRL", "Certstatus/OCSP", "unspecified", "Archiv"])
def test_other_services_are_left_out(read, kind):
    assert read(a_trust_list([Listed(town().authority, kind)])) == ()


def test_a_status_counts_at_the_time_that_is_proved(read):
    place = town()
    clock = Listed(place.clock, "TSA/QTST")
    withdrawn_since = [("withdrawn", STAMPED + DAY), ("granted", NOW - 900 * DAY)]
    withdrawn_before = [("withdrawn", STAMPED - DAY), ("granted", NOW - 900 * DAY)]

    def answer(statuses, *, stamped):
        services = [Listed(place.authority, statuses=statuses), clock]
        return judged(read(a_trust_list(services)), stamped=stamped).indication

    assert answer(withdrawn_since, stamped=True) is Indication.TOTAL_PASSED
    assert answer(withdrawn_since, stamped=False) is Indication.INDETERMINATE
    assert answer(withdrawn_before, stamped=True) is Indication.INDETERMINATE


@pytest.mark.parametrize(
    "status", ["withdrawn", "deprecatedatnationallevel", "supervisionceased", "whatever"]
)
def test_a_status_that_is_no_grant_trusts_nobody(read, status):
    statuses = [(status, NOW - 100 * DAY)]

    assert read(a_trust_list([Listed(town().authority, statuses=statuses)])) == ()


def test_a_list_is_used_only_as_its_operator_signed_it(read):
    lists = a_trust_list([Listed(town().authority)])
    stranger = made(Wanted("Quelqu'un"))

    def refused(**how):
        with pytest.raises(ToolUnavailableError) as caught:
            read(a_trust_list([Listed(town().authority)]), **how)
        return str(caught.value)

    assert read(lists)
    assert "signature" in refused(signer=None)
    assert "signature" in refused(signer=stranger)
    assert "signature" in refused(named=stranger)
    assert "signature" in refused(change=lambda xml: xml.replace(b"granted", b"Granted"))
    assert refused(change=lambda _xml: b"no XML")
    assert refused(change=lambda xml: b"<!DOCTYPE a>" + xml)
    assert refused(change=_wrapped)


def _wrapped(xml):
    """Return a list of one's own around the signed one."""
    other = xml.replace(b"</TrustServiceProviderList>", b"</TrustServiceProviderList>" + xml, 1)
    return other.replace(b"TSLSequenceNumber>1<", b"TSLSequenceNumber>2<", 1)


@pytest.mark.parametrize(
    ("times", "word"),
    [
        ({"following": NOW - DAY}, "out of date"),
        ({"following": None}, "closed"),
        ({"issued": NOW + DAY}, "issued"),
    ],
)
def test_a_list_counts_only_while_it_is_in_date(read, times, word):
    with pytest.raises(ToolUnavailableError) as caught:
        read(a_trust_list([Listed(town().authority)], **times))

    assert word in str(caught.value)


def test_a_list_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ToolUnavailableError):
        read_trust_list(tmp_path / "none.xml", [], now=NOW)


def test_the_namespace_is_the_standard_s():
    assert a_trust_list([]).tag == f"{{{SPACE}}}TrustServiceStatusList"


def test_a_contained_check_trusts_by_a_list_too(tmp_path, operator):
    services = a_trust_list([Listed(town().authority)], following=NOW + 9000 * DAY)
    (tmp_path / "list.xml").write_bytes(signed_list(services, operator))
    (tmp_path / "operator.der").write_bytes(operator.certificate.dump())
    pdf = with_store(signed_document(town().signer), chain_is_good() + TRUE["list"](says("good")))
    (tmp_path / "signed.pdf").write_bytes(pdf)
    terms = Terms(
        trust_lists=(tmp_path / "list.xml",), trust_list_signers=(tmp_path / "operator.der",)
    )

    (answer,) = verified([tmp_path / "signed.pdf"], at=NOW, terms=terms)

    assert answer.report.indication is Indication.TOTAL_PASSED
