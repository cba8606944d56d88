"""A transfer record in words: what a person reads, section by section."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from rpa.documents.api import RecordSection
from rpa.domain.transfer import Fate, QualityCheck, SourcePage, TransferRecord
from rpa.i18n import _


def record_sections(record: TransferRecord, zone: ZoneInfo) -> tuple[RecordSection, ...]:
    """Return the record's sections in the current language, times in ``zone``."""
    return (
        RecordSection(_("Document given up"), tuple(_source_rows(record, zone))),
        RecordSection(_("Pages"), tuple(_page_rows(record))),
        RecordSection(_("Process and software"), tuple(_software_rows(record))),
        RecordSection(_("Copy that is kept"), tuple(_result_rows(record, zone))),
        RecordSection(_("Quality check"), tuple(_check_row(check) for check in record.checks)),
        RecordSection(_("Retention and destruction"), tuple(_rule_rows(record))),
        RecordSection(_("Digests (SHA-256)"), tuple((f.path, f.sha256) for f in record.files)),
    )


def _source_rows(record: TransferRecord, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    source = record.source
    yield _("Process"), f"{record.process_name} ({record.process})"
    yield _("Medium"), _medium(source.medium)
    yield _("Channel"), f"{source.channel} ({source.channel_kind})"
    yield _("Device"), source.device or _("not said")
    yield _("Format"), source.media_type
    yield _("Received"), _time(source.received_at, zone)
    yield _("Size"), _("{count} bytes", count=source.size_bytes)
    yield "SHA-256", source.sha256
    for digest in source.carriers:
        yield _("Taken out of"), digest


def _page_rows(record: TransferRecord) -> Iterator[tuple[str, str]]:
    source = record.source
    used, kept = len(source.used_pages), record.result.pages if record.result else 0
    yield _("In the file"), str(len(source.pages) or used)
    yield _("Of this case"), str(used)
    yield _("In the copy"), str(kept)
    if source.blank_pages:
        yield _("Set aside as blank"), ", ".join(map(str, source.blank_pages))
    if source.separators:
        yield _("Separator sheets"), ", ".join(map(str, source.separators))
    for page in source.pages:
        if page.number in source.used_pages:
            yield _("Page {number}", number=page.number), _page(page)


def _software_rows(record: TransferRecord) -> Iterator[tuple[str, str]]:
    for program in record.software:
        settings = ", ".join(f"{name}: {value}" for name, value in program.settings)
        told = f"{program.name} {program.version}"
        yield _purpose(program.purpose), f"{told} ({settings})" if settings else told


def _result_rows(record: TransferRecord, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    result = record.result
    if result is None:
        yield _("Copy"), _("none: the original has no pages to copy, and is kept as it came")
        return
    yield _("File"), result.path
    yield _("Format"), result.format
    yield _("Made"), _time(result.made_at, zone)
    yield _("Size"), _("{count} bytes", count=result.size_bytes)
    yield "SHA-256", result.sha256


def _rule_rows(record: TransferRecord) -> Iterator[tuple[str, str]]:
    yield _("Retention rule"), record.retention_rule or _("not said")
    yield _("Package kept until"), record.destroy_after.isoformat()
    rule = record.rule
    if rule is None:
        yield _("Paper"), _("to be kept: the process declares no written rules")
        return
    yield _("Procedure"), rule.procedure
    approved = _("{office}, {date}", office=rule.approved_by, date=rule.approved_on.isoformat())
    yield _("Approved by"), approved
    yield _("Paper"), _fate(rule.paper)
    if record.paper_until is not None:
        yield _("Kept until"), record.paper_until.isoformat()
        yield _("Method"), rule.method
        held = _("no: a check failed; look at the paper first")
        yield _("May be destroyed"), _("yes, after that day") if record.may_destroy else held


def _check_row(check: QualityCheck) -> tuple[str, str]:
    outcome = {True: _("passed"), False: _("failed"), None: _("does not apply")}[check.passed]
    return _check_name(check.what), f"{outcome} ({check.figure})" if check.figure else outcome


def _check_name(what: str) -> str:
    names = {
        "page-count": _("As many pages in the copy as came in"),
        "same-picture": _("Each page of the copy looks like the page that came in"),
        "line-errors": _("The line spoiled little of the fax"),
        "seen-by-a-person": _("A person saw the pages"),
    }
    return names.get(what, what)


def _purpose(purpose: str) -> str:
    names = {
        "framework": _("Framework"),
        "decoding": _("Opening the file"),
        "recognition": _("Reading"),
        "searchable-copy": _("Making the copy"),
        "seal": _("Sealing"),
    }
    return names.get(purpose, purpose)


def _medium(medium: str) -> str:
    names = {"paper": _("paper"), "electronic": _("electronic"), "unknown": _("not known")}
    return names[medium]


def _fate(fate: Fate) -> str:
    names = {
        Fate.KEEP: _("kept"),
        Fate.RETURN: _("sent back"),
        Fate.DESTROY: _("destroyed"),
    }
    return names[fate]


def _page(page: SourcePage) -> str:
    size = f"{page.width} × {page.height} px"
    if page.dpi_x and page.dpi_y:
        size += f", {page.dpi_x:.0f} × {page.dpi_y:.0f} dpi"
    return f"{size}, SHA-256 {page.sha256}" if page.sha256 else size


def _time(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(sep=" ", timespec="seconds")
