"""What a case says of its touchpoints when it ends."""

import pytest

from rpa.domain.channel import ChannelKind
from rpa.domain.paperless import Level, Medium, Touchpoint, level_of
from rpa.domain.reading import Method
from rpa.steps.advance import advance
from rpa.steps.toolbox import ChannelFacts
from rpa.testing.toolbox import FakeReader

VALUES = {"nom": "Tremblay", "montant": "12.50"}


def closed(tools, case_id):
    entry = tools.register.history(case_id)[-1]
    assert entry.kind == "closed"
    return entry.data


def media(data):
    return {Touchpoint(p): Medium(e["medium"]) for p, e in data["touchpoints"].items()}


@pytest.mark.parametrize(
    ("kind", "method", "medium", "level"),
    [
        (ChannelKind.FAX, Method.OCR, Medium.DIGITISED, Level.INSIDE),
        (ChannelKind.EMAIL, Method.OCR, Medium.DIGITISED, Level.INSIDE),
        (ChannelKind.EMAIL, Method.ACROFORM, Medium.NATIVE, Level.END_TO_END),
        (ChannelKind.SCAN, Method.TEXT_LAYER, Medium.DIGITISED, Level.INSIDE),
    ],
)
def test_paper_that_was_scanned_is_never_native(world, deliver, kind, method, medium, level):
    reader = FakeReader("demande", values=dict(VALUES), method=method)
    facts = {"fax": ChannelFacts(kind=kind, process=None)}
    tools = world(reader=reader, channel_facts=facts)
    case_id = deliver(tools)
    advance(case_id, tools)

    found = media(closed(tools, case_id))
    assert found[Touchpoint.INTAKE] is medium
    assert level_of(found) is level


def test_every_touchpoint_names_the_entry_that_proves_it(world, deliver):
    tools = world()
    case_id = deliver(tools)
    advance(case_id, tools)

    data = closed(tools, case_id)
    kinds = {f"entry:{e.seq}": e.kind for e in tools.register.history(case_id)}
    proofs = {point: entry["proof"] for point, entry in data["touchpoints"].items()}
    archive = proofs.pop("archive")
    assert {point: kinds[proof] for point, proof in proofs.items()} == {
        "intake": "recognized",
        "rekeying": "filed",
        "routing": "received",
        "signature": "signed",
        "output": "composed",
    }
    package = tools.register.get(case_id).documents[-1]
    assert archive == f"document:{package.digest}"


def test_a_touchpoint_declared_to_need_paper_counts_as_paper(world, deliver):
    tools = world({"paper_steps": ["signature"]})
    case_id = deliver(tools)
    advance(case_id, tools)

    found = media(closed(tools, case_id))
    assert found[Touchpoint.SIGNATURE] is Medium.PAPER
    assert level_of(found) is Level.PAPER


@pytest.mark.parametrize(
    ("output", "medium"),
    [("print", Medium.PAPER), ("none", Medium.NOT_APPLICABLE), ("electronic", Medium.NATIVE)],
)
def test_a_letter_that_is_printed_is_paper(world, deliver, output, medium):
    tools = world({"output": output})
    case_id = deliver(tools)
    advance(case_id, tools)

    assert media(closed(tools, case_id))[Touchpoint.OUTPUT] is medium


def test_stops_a_process_does_not_make_are_not_applicable(world, deliver):
    tools = world({"stops": ["decide", "archive"], "filing": None, "signature": None})
    case_id = deliver(tools)
    advance(case_id, tools)

    found = media(closed(tools, case_id))
    assert {p for p, m in found.items() if m is Medium.NOT_APPLICABLE} == {
        Touchpoint.REKEYING,
        Touchpoint.SIGNATURE,
        Touchpoint.OUTPUT,
    }
