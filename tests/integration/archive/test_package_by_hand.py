import subprocess
from io import BytesIO
from zipfile import ZipFile

from rpa.archive.adapters.likeness import least_likeness
from rpa.archive.api import ArchivePart, ArchiveRequest
from rpa.archive.zip_archive import ZipArchive
from rpa.domain.document import DocumentRole, MediaType
from rpa.testing.archive import QuickSearchablePdf


def test_a_package_can_be_checked_with_common_programs(tmp_path):
    request = ArchiveRequest(
        case_id="2026-000042",
        process_id="changement-adresse",
        process_name="Changement d’adresse",
        channel="fax",
        received_at="2026-11-24T08:00:00-05:00",
        archived_at="2026-11-24T10:12:00-05:00",
        destroy_after="2031-11-24",
        parts=(ArchivePart(DocumentRole.ORIGINAL, "a.pdf", MediaType.PDF, b"%PDF original"),),
        history=(),
    )
    with ZipFile(
        BytesIO(ZipArchive(QuickSearchablePdf(), least_likeness).package(request))
    ) as source:
        source.extractall(tmp_path)

    run = subprocess.run(
        ["sha256sum", "--check", "--strict", "manifest.sha256"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert run.stdout.count(": OK") == 4
