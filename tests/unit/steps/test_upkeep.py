"""What is signed is looked after: lowered levels raised, archive timestamps renewed in time."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRole
from rpa.domain.errors import SignatureRefusedError, ToolUnavailableError
from rpa.domain.signature import SignatureLevel
from rpa.signing.api import SignedDocument, Upkeep
from rpa.steps.advance import advance
from rpa.steps.toolbox import ArchiveSeal
from rpa.steps.upkeep import find_signatures, look_after_signatures
from rpa.testing.toolbox import FakeSigner

YEAR = timedelta(days=365)


class LoweringSigner(FakeSigner):
    """Signs while no authority answers."""

    def sign(self, request):
        made = super().sign(request)
        return replace(made, level=SignatureLevel.B_B, shortfall="authority away")


@dataclass
class FakePreserver:
    """Writes a stamp that is due in ten years behind the document, or fails."""

    clock: object
    failures: list = field(default_factory=list)

    def raised(self, pdf, *, to):
        if self.failures:
            raise self.failures.pop(0)
        until = (self.clock() + 10 * YEAR).date().isoformat()
        return SignedDocument(pdf + f" {to} until {until}".encode(), level=to, wanted=to)

    def upkeep(self, pdf):
        if b" signed by " not in pdf:
            raise SignatureRefusedError("nothing signed")
        if b" until " not in pdf:
            return Upkeep(level=SignatureLevel.B_B, due=None, reason="")
        day = pdf.rsplit(b" ", 1)[1].decode()
        due = self.clock().replace(year=int(day[:4]))
        return Upkeep(level=SignatureLevel.B_LTA, due=due, reason="timestamp authority")


@pytest.fixture
def tools(world, clock):
    return world(
        {"signature": {"credential": "sceau", "level": "B-LTA"}},
        signer=LoweringSigner(),
        preserver=FakePreserver(clock),
    )


def archived(tools, deliver):
    case = advance(deliver(tools), tools)
    assert case.state is CaseState.ARCHIVED
    return case.case_id


def kinds(tools, case_id):
    return [entry.kind for entry in tools.register.history(case_id)]


def test_a_lowered_signature_is_raised_in_a_later_pass(tools, deliver):
    case_id = archived(tools, deliver)
    before = tools.register.get(case_id).document(DocumentRole.SIGNED)

    (done,) = look_after_signatures(tools)

    after = tools.register.get(case_id).document(DocumentRole.SIGNED)
    assert (done.code, done.document.level) == ("", SignatureLevel.B_LTA)
    assert tools.store.get(after.digest).startswith(tools.store.get(before.digest))
    assert kinds(tools, case_id)[-1] == "signature-raised"
    assert look_after_signatures(tools) == []
    assert list(tools.register.flaws()) == []


def test_an_archive_timestamp_is_renewed_when_it_is_due_and_not_sooner(tools, deliver, clock):
    case_id = archived(tools, deliver)
    look_after_signatures(tools)

    clock.pass_by(9 * YEAR.total_seconds())
    assert look_after_signatures(tools) == []
    clock.pass_by((YEAR + timedelta(days=5)).total_seconds())
    (done,) = look_after_signatures(tools)

    assert done.document.due > clock() + 9 * YEAR
    assert kinds(tools, case_id)[-1] == "signature-renewed"


def test_an_authority_that_is_away_is_asked_again_later(tools, deliver, clock):
    case_id = archived(tools, deliver)
    tools.preserver.failures.append(ToolUnavailableError("away", code="timestamp-authority"))

    (done,) = look_after_signatures(tools)

    assert done.code == "timestamp-authority"
    assert look_after_signatures(tools) == []
    clock.pass_by(3601)
    assert [one.code for one in look_after_signatures(tools)] == [""]
    assert kinds(tools, case_id).count("signature-raised") == 1


def test_one_that_cannot_be_preserved_does_not_stop_the_others(tools, deliver):
    for name in ("a.tif", "b.tif"):
        advance(deliver(tools, name.encode(), name), tools)
    tools.preserver.failures.append(SignatureRefusedError("broken", code="signature-broken"))

    assert sorted(one.code for one in look_after_signatures(tools)) == ["", "signature-broken"]


def test_a_case_that_somebody_holds_is_left_to_the_next_pass(tools, deliver):
    case_id = archived(tools, deliver)
    lease = tools.register.hold(case_id, owner="person:marie")

    (held,) = look_after_signatures(tools)
    tools.register.release(lease)

    assert held.code == "lost-lease"
    assert [one.code for one in look_after_signatures(tools)] == [""]


def test_the_seal_of_a_transfer_record_is_looked_after_too(tools, deliver):
    seal = ArchiveSeal("sceau", SignatureLevel.B_LTA)
    tools = replace(tools, transfer=replace(tools.transfer, seal=seal))
    case_id = archived(tools, deliver)

    done = look_after_signatures(tools)

    assert {one.document.role for one in done} == {DocumentRole.SIGNED, DocumentRole.TRANSFER}
    assert kinds(tools, case_id).count("signature-raised") == 2


def test_each_entry_is_looked_at_once(tools, deliver):
    archived(tools, deliver)

    assert (find_signatures(tools), find_signatures(tools)) == (1, 0)
