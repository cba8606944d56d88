"""The transfer record of an archived case, composed, sealed and checked by the real tools."""

import hashlib
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pikepdf.pdfa
import pytest

from rpa.archive.zip_archive import ZipArchive, zipped
from rpa.documents.adapters.weasy_composer import WeasyComposer
from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRole
from rpa.domain.signature import SignatureLevel
from rpa.domain.transfer import TransferRecord
from rpa.intake.api import Delivery
from rpa.processes.folder import load_process
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.devpki import create_development_pki
from rpa.steps.advance import advance
from rpa.steps.receive import receive_delivery
from rpa.steps.toolbox import ArchiveSeal
from rpa.steps.verify import checked_package
from rpa.testing.archive import QuickSearchablePdf
from rpa.testing.clock import FrozenClock
from rpa.testing.legacy import EXAMPLES
from rpa.testing.signatures import credential
from rpa.testing.toolbox import FakeReader, fake_toolbox

RECORD = "record/transfer.pdf"


@pytest.fixture(scope="module")
def archived(tmp_path_factory):
    """A case archived with a sealed record: its toolbox and its package."""
    folder = tmp_path_factory.mktemp("archive")
    clock = FrozenClock()
    root = create_development_pki(folder / "pki", now=clock())
    process = load_process(EXAMPLES / "processes" / "avis-absence")
    values = dict.fromkeys(process.kinds, "x")
    tools = fake_toolbox(
        folder,
        process,
        clock,
        reader=FakeReader(process.process_id, values=values),
        archive=ZipArchive(QuickSearchablePdf(), lambda _source, _copy: 1.0),
        composer=WeasyComposer(),
        signer=PyHankoSigner(timestamp_url=None),
        validator=PyHankoValidator(trust_roots=[root]),
        credential=lambda name: credential(folder / "pki", name),
    )
    seal = ArchiveSeal("sceau", SignatureLevel.B_B)
    tools = replace(tools, transfer=replace(tools.transfer, seal=seal))
    (received,) = receive_delivery("fax", Delivery("a.tif", "a.tif", b"fax"), tools)
    case = advance(received.case.case_id, tools)
    assert case.state is CaseState.ARCHIVED, case.reason
    return tools, tools.store.get(case.document(DocumentRole.PACKAGE).digest)


def contents(package):
    with ZipFile(BytesIO(package)) as source:
        return {name: source.read(name) for name in source.namelist()}


def test_a_sealed_package_has_no_flaw(archived):
    tools, package = archived

    checked = checked_package(package, tools)

    assert checked.flaws == ()
    assert checked.sealed_by == "Organisme de démonstration – sceau"


def test_the_sealed_record_is_still_pdf_a_and_carries_itself(archived):
    _tools, package = archived

    with pikepdf.open(BytesIO(contents(package)[RECORD])) as pdf:
        found = pikepdf.pdfa.check(pdf, "3b").findings
        carried = pdf.attachments["transfer.json"].get_file().read_bytes()

    assert [finding for finding in found if finding.kind == "violation"] == []
    assert TransferRecord.model_validate_json(carried).seal == "sceau"


def test_a_file_exchanged_with_its_lists_is_not_in_the_record(archived):
    tools, package = archived
    files = contents(package)
    manifest = files["manifest.json"].decode()
    forged = rebuilt(files, "original/original.tif", b"forged", manifest)

    problems = problems_of(forged, tools)

    assert ("original/original.tif", "not-in-record") in problems


def test_a_record_changed_after_its_seal_is_told(archived):
    tools, package = archived
    files = contents(package)
    place = files[RECORD].index(b"endstream") - 40
    changed = files[RECORD][:place] + b"0000" + files[RECORD][place + 4 :]
    forged = rebuilt(files, RECORD, changed, files["manifest.json"].decode())

    problems = problems_of(forged, tools)

    assert (RECORD, "seal-broken") in problems


def test_a_record_that_carries_nothing_readable_is_told(archived):
    tools, package = archived
    files = contents(package)
    forged = rebuilt(files, RECORD, b"%PDF-1.7 nothing", files["manifest.json"].decode())

    assert (RECORD, "unreadable") in problems_of(forged, tools)


def problems_of(package, tools):
    return {(flaw.file, flaw.problem) for flaw in checked_package(package, tools).flaws}


def rebuilt(files, path, content, manifest):
    """Return the package with one file exchanged and every list made to agree, as forgers do."""
    old = hashlib.sha256(files[path]).hexdigest()
    new = hashlib.sha256(content).hexdigest()
    size_before = f'"sha256": "{old}",\n      "size": {len(files[path])}'
    size_after = f'"sha256": "{new}",\n      "size": {len(content)}'
    assert size_before in manifest
    lists = manifest.replace(size_before, size_after).encode()
    sums = files["manifest.sha256"].decode().replace(old, new)
    was = hashlib.sha256(files["manifest.json"]).hexdigest()
    sums = sums.replace(was, hashlib.sha256(lists).hexdigest())
    return zipped(
        {**files, path: content, "manifest.json": lists, "manifest.sha256": sums.encode()}
    )
