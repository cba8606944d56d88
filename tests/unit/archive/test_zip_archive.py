import hashlib
import json
from dataclasses import replace
from email.message import EmailMessage
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from rpa.archive.adapters.likeness import least_likeness
from rpa.archive.api import ArchiveFlaw, ArchivePart, ArchiveRequest
from rpa.archive.zip_archive import ZipArchive, zipped
from rpa.domain.document import DocumentRole, MediaType
from rpa.domain.errors import ToolUnavailableError
from rpa.testing.archive import QuickSearchablePdf, UnavailableSearchablePdf

REQUEST = ArchiveRequest(
    case_id="2026-000042",
    process_id="changement-adresse",
    process_name="Changement d’adresse",
    channel="fax",
    received_at="2026-11-24T08:00:00-05:00",
    archived_at="2026-11-24T10:12:00-05:00",
    destroy_after="2031-11-24",
    parts=(
        ArchivePart(DocumentRole.ORIGINAL, "telecopie-tremblay.tif", MediaType.TIFF, b"II*\0"),
        ArchivePart(DocumentRole.SCREEN, "ecran.png", MediaType.PNG, b"png 1"),
        ArchivePart(DocumentRole.SCREEN, "ecran.png", MediaType.PNG, b"png 2"),
        ArchivePart(DocumentRole.VALUES, "values.json", MediaType.JSON, b"{}"),
        ArchivePart(DocumentRole.SIGNED, "lettre.pdf", MediaType.PDF, b"%PDF signed"),
    ),
    history=({"seq": 1, "kind": "received", "hash": "ab"},),
    transfer={"process": "fax to TIFF", "guarantees": "SHA-256 on arrival"},
)


@pytest.fixture
def archive():
    return ZipArchive(QuickSearchablePdf(), least_likeness)


@pytest.fixture
def package(archive):
    copy = archive.copy_of(REQUEST.parts[0])
    return archive.package(replace(REQUEST, copy=copy))


def contents(package: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(package)) as source:
        return {name: source.read(name) for name in source.namelist()}


def test_a_package_holds_every_part_under_the_name_of_its_role(package):
    assert list(contents(package)) == [
        "evidence/screen-2.png",
        "evidence/screen.png",
        "evidence/values.json",
        "history.json",
        "manifest.json",
        "manifest.sha256",
        "original/original.tif",
        "outgoing/signed.pdf",
        "preservation/original.pdf",
        "transfer.json",
    ]


def test_no_file_name_tells_a_person(package):
    assert not [name for name in contents(package) if "tremblay" in name]


def test_the_manifest_says_until_when_to_keep_and_what_each_file_is(package):
    manifest = json.loads(contents(package)["manifest.json"])
    original = next(file for file in manifest["files"] if file["role"] == "original")

    assert manifest["retention"] == {"destroy_after": "2031-11-24"}
    assert manifest["process"] == {"id": "changement-adresse", "name": "Changement d’adresse"}
    assert original["source_name"] == "telecopie-tremblay.tif"
    assert original["size"] == 4


def test_the_transfer_record_goes_in_as_it_is_given(package):
    assert json.loads(contents(package)["transfer.json"]) == REQUEST.transfer


def test_what_will_be_in_the_package_is_listed_before_but_for_its_own_lists(archive, package):
    copy = archive.copy_of(REQUEST.parts[0])

    listed = archive.listed(replace(REQUEST, copy=copy))

    kept = contents(package)
    lists = {"manifest.json", "manifest.sha256", "transfer.json"}
    assert {file.path for file in listed} == set(kept) - lists
    assert all(hashlib.sha256(kept[file.path]).hexdigest() == file.sha256 for file in listed)


def test_the_same_request_gives_the_same_bytes(archive):
    assert archive.package(REQUEST) == archive.package(REQUEST)


def test_the_pdf_carried_by_an_email_is_what_is_preserved(archive):
    message = EmailMessage()
    message.set_content("Bonjour")
    message.add_attachment(b"%PDF form", maintype="application", subtype="pdf", filename="a.pdf")
    part = ArchivePart(DocumentRole.ORIGINAL, "a.eml", MediaType.EML, bytes(message))

    copy = archive.copy_of(part)

    assert copy.content.endswith(b"%PDF form")


def test_what_has_no_pages_is_not_copied(archive):
    mail = ArchivePart(DocumentRole.ORIGINAL, "a.eml", MediaType.EML, b"Subject: a\n\nBonjour")

    assert archive.copy_of(mail) is None


def test_a_converter_that_is_missing_is_told():
    archive = ZipArchive(UnavailableSearchablePdf(), least_likeness)
    with pytest.raises(ToolUnavailableError):
        archive.copy_of(REQUEST.parts[0])


def test_a_fresh_package_has_no_flaw(archive, package):
    assert archive.verify(package) == ()


def test_a_changed_file_is_named(archive, package):
    changed = zipped(contents(package) | {"outgoing/signed.pdf": b"%PDF forged"})

    assert archive.verify(changed) == (ArchiveFlaw("outgoing/signed.pdf", "changed"),)


def test_a_missing_file_is_named(archive, package):
    files = contents(package)
    del files["evidence/screen.png"]

    assert archive.verify(zipped(files)) == (ArchiveFlaw("evidence/screen.png", "missing"),)


def test_a_file_that_was_added_is_named(archive, package):
    added = zipped(contents(package) | {"evidence/extra.png": b"x"})

    assert archive.verify(added) == (ArchiveFlaw("evidence/extra.png", "not-listed"),)


def test_a_file_that_stands_twice_is_named(archive, package):
    target = BytesIO(package)
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        ZipFile(target, "a") as added,
    ):
        added.writestr("outgoing/signed.pdf", b"%PDF signed")

    flaws = archive.verify(target.getvalue())

    assert ArchiveFlaw("outgoing/signed.pdf", "not-listed") in flaws


def test_a_forged_manifest_disagrees_with_its_checksums(archive, package):
    files = contents(package)
    files["manifest.json"] = files["manifest.json"].replace(b"2031-11-24", b"2027-11-24")

    flaws = archive.verify(zipped(files))

    assert ArchiveFlaw("manifest.json", "changed") in flaws


@pytest.mark.parametrize("name", ["manifest.json", "manifest.sha256"])
def test_a_missing_list_is_named(archive, package, name):
    files = contents(package)
    del files[name]

    assert ArchiveFlaw(name, "missing") in archive.verify(zipped(files))


def test_a_manifest_that_is_no_manifest_is_unreadable(archive, package):
    files = contents(package) | {"manifest.json": b"[" * 100_000}

    assert archive.verify(zipped(files)) == (ArchiveFlaw("manifest.json", "unreadable"),)


def test_bytes_hidden_between_the_files_are_noticed(archive, package):
    assert archive.verify(b"hidden" + package) == (ArchiveFlaw("package", "changed"),)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all" * 9])
def test_damaged_bytes_are_unreadable(archive, content):
    assert archive.verify(content) == (ArchiveFlaw("package", "unreadable"),)


def test_a_package_cut_short_is_unreadable(archive, package):
    assert archive.verify(package[:-30]) == (ArchiveFlaw("package", "unreadable"),)


def test_a_flip_of_any_byte_is_noticed(archive, package):
    unnoticed = []
    for place in range(len(package)):
        changed = bytearray(package)
        changed[place] ^= 0x04
        if archive.verify(bytes(changed)) == ():
            unnoticed.append(place)

    assert unnoticed == []


def test_a_zip_bomb_is_not_unpacked(archive, package):
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as bomb:
        for name, content in contents(package).items():
            is_bomb = name == "evidence/screen.png"
            bomb.writestr(name, bytes(200_000_000) if is_bomb else content)

    flaws = archive.verify(target.getvalue())

    assert ArchiveFlaw("evidence/screen.png", "changed") in flaws
