"""The report of TS 119 102-2: its shape is that of the standard's schema, its word is ours.

The schema itself is not shipped here. Classes generated from it (by pyHanko's maker) know each
element's names, order and number, which attributes it has, and of which type its text is.
"""

import types
import typing
from xml.etree import ElementTree as ET

import pytest
from pyhanko.generated.etsi import ts_11910202
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

from rpa.domain.signature import RevocationRule
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.adapters.verification.check import Wishes
from rpa.signing.adapters.verification.trusted import Authorities
from rpa.signing.etsi_report import VR, etsi_report
from rpa.testing import signed_samples as samples
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
from rpa.testing.trust_pki import DAY, NOW

IN_ANY_ORDER = (ts_11910202.SignatureAttributesType,)
CHOSEN = frozenset({f"{{{VR}}}SignersDocumentRepresentation"})
"""Either this or a digest: the schema has a choice there, which the classes know nothing of."""


def judged(pdf, given=None, **wishes):
    validator = PyHankoValidator(trust_roots=[])
    validator._authorities = Authorities([trust_anchor()])
    validator._wishes = Wishes(with_evidence=True, **wishes)
    return validator.validate(with_store(pdf, given or Given()), at=NOW)


def documents():
    place = town()
    good = chain_is_good() + TRUE["list"](says("good"))
    gone = chain_is_good() + TRUE["list"](says("revoked"))
    signed = signed_document(place.signer)
    once = samples.signed(samples.whole_pdf())
    changed = samples.updated(once, {samples.CONTENTS: samples.stream(b"q Q")})
    return {
        "passed": judged(signed, good),
        "proved": judged(signed_document(place.signer, stamped_at=NOW - DAY), good),
        "revoked": judged(signed, gone),
        "not known": judged(signed),
        "of strangers": judged(
            samples.signed(samples.signed(samples.whole_pdf()), samples.Hand("Second"))
        ),
        "stamped alone": judged(samples.stamped(samples.whole_pdf())),
        "changed": judged(changed),
        "unsigned": judged(samples.whole_pdf()),
        "unreadable": judged(b"%PDF-"),
        "named oddly": judged(samples.signed(samples.whole_pdf(), samples.Hand("a<&>"))),
    }


@pytest.fixture(scope="module")
def reports():
    return {
        name: (report, etsi_report(report, rule=RevocationRule.REQUIRED))
        for name, report in documents().items()
    }


def hints(kind):
    names = {**vars(ts_11910202), **vars(__import__(kind.__module__, fromlist=["_"]))}
    return typing.get_type_hints(kind, names)


def inner(hint):
    """Return the class that an element's content is of, and whether it may stand often."""
    if typing.get_origin(hint) is tuple:
        return inner(typing.get_args(hint)[0])[0], True
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return inner(next(one for one in typing.get_args(hint) if one is not type(None)))
    return hint, False


def conform(element, kind):
    """Check an element against a class of the schema, and all below it."""
    if not hasattr(kind, "__dataclass_fields__"):
        assert not len(element), element.tag
        return
    fields = list(kind.__dataclass_fields__.values())
    typed = hints(kind)
    known = {
        f"{{{one.metadata['namespace']}}}{one.metadata.get('name', one.name)}": (place, one)
        for place, one in enumerate(fields)
        if one.metadata.get("type") == "Element"
    }
    attributes = {
        one.metadata.get("name", one.name): one
        for one in fields
        if one.metadata.get("type") == "Attribute"
    }
    assert set(element.attrib) <= set(attributes), element.tag
    wanted = {name for name, one in attributes.items() if one.metadata.get("required")}
    assert wanted <= set(element.attrib), element.tag
    places = [known[child.tag][0] for child in element]
    assert places == sorted(places) or kind in IN_ANY_ORDER, element.tag
    for tag, (_place, one) in known.items():
        content, is_many = inner(typed[one.name])
        found = element.findall(tag)
        least = one.metadata.get("min_occurs", 1 if one.metadata.get("required") else 0)
        assert len(found) >= least or tag in CHOSEN, tag
        assert is_many or len(found) <= 1 or kind in IN_ANY_ORDER, tag
        for child in found:
            conform(child, content)


NAMES = sorted(
    {
        "passed",
        "proved",
        "revoked",
        "not known",
        "of strangers",
        "stamped alone",
        "changed",
        "unsigned",
        "unreadable",
        "named oddly",
    }
)


@pytest.mark.parametrize("name", NAMES)
def test_a_report_has_the_shape_that_the_schema_demands(reports, name):
    _report, xml = reports[name]
    config = ParserConfig(
        fail_on_unknown_properties=True,
        fail_on_unknown_attributes=True,
        fail_on_converter_warnings=True,
    )

    read = XmlParser(config=config).from_bytes(xml, ts_11910202.ValidationReport)

    assert read.signature_validation_report
    root = ET.fromstring(xml)  # noqa: S314 - our own
    conform(root, ts_11910202.ValidationReport)
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    references = {one.get("VOReference") for one in root.iter() if one.get("VOReference")}
    assert references <= set(ids)


def test_the_checker_sees_what_the_schema_forbids(reports):
    root = ET.fromstring(reports["passed"][1])  # noqa: S314 - our own
    one = root[0]
    one.append(one[0])

    with pytest.raises(AssertionError):
        conform(root, ts_11910202.ValidationReport)


@pytest.mark.parametrize("name", ["passed", "proved", "revoked", "not known", "changed"])
def test_a_report_says_what_we_say(reports, name):
    report, xml = reports[name]
    root = ET.fromstring(xml)  # noqa: S314 - our own

    said = [one.text for one in root.iter(f"{{{VR}}}MainIndication")]

    assert said == [f"urn:etsi:019102:mainindication:{report.indication.value}"]
    reasons = [one.text.rpartition(":")[2] for one in root.iter(f"{{{VR}}}SubIndication")]
    wanted = {"revoked": ["REVOKED_NO_POE"], "not known": ["TRY_LATER"]}
    assert reasons == wanted.get(name, reasons)
    if name == "proved":
        best = root.find(f".//{{{VR}}}BestSignatureTime/{{{VR}}}POETime")
        assert best.text == "2026-11-23T15:12:00Z"


def test_every_sub_indication_is_one_of_the_standard_s(reports):
    for _report, xml in reports.values():
        root = ET.fromstring(xml)  # noqa: S314 - our own
        for one in root.iter(f"{{{VR}}}SubIndication"):
            assert not one.text.endswith(("MODIFIED_AFTER_SIGNING", "NOT_TRUSTED"))
