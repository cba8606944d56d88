"""How the check of a PDF is printed: a short block for a person, one line of JSON for programs."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.padding import Padding

from rpa.bootstrap.verifying import Answer
from rpa.cli.terminal import console
from rpa.domain.signature import (
    Change,
    Indication,
    Integrity,
    SignatureStatus,
    Trust,
    ValidationReport,
)
from rpa.domain.verdict_places import place_words
from rpa.domain.verdict_words import change_words, indication_words, kind_words, warning_words
from rpa.i18n import Language, _
from rpa.signing.sentences import sentence


def print_record(answer: Answer, language: Language) -> None:
    """Print one line of JSON about one file."""
    sys.stdout.write(json.dumps(record(answer, language), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def record(answer: Answer, language: Language) -> dict[str, Any]:
    """Return what is known of one file, in plain data with stable keys."""
    if answer.report is None:
        error = answer.error
        return {
            "file": str(answer.path),
            "error": error.reason if error else "rpa",
            "message": error.message if error else "",
        }
    report = answer.report
    return {
        "file": str(answer.path),
        "integrity": report.integrity.value,
        "verdict": report.indication.value,
        "sub_indication": report.sub_indication,
        "sentence": sentence(report, language),
        "signatures": [_signature(status) for status in report.signatures],
        "revisions": [one.model_dump(mode="json") for one in report.revisions],
        "warnings": list(report.warnings),
        "checked_at": report.checked_at.isoformat(),
        "sha256": report.document,
    }


def _signature(status: SignatureStatus) -> dict[str, Any]:
    return {
        "field": status.field,
        "kind": status.kind.value,
        "signer": status.signer,
        "issuer": status.issuer,
        "root": status.root,
        "integrity": status.integrity.value,
        "trust": status.trust.value,
        "verdict": status.indication.value,
        "sub_indication": status.sub_indication,
        "coverage": status.coverage.value,
        "revision": status.revision,
        "level": status.level.value if status.level else None,
        "permission": status.permission,
        "claimed_at": status.claimed_at.isoformat() if status.claimed_at else None,
        "proved_at": status.proved_at.isoformat() if status.proved_at else None,
        "changes_after": [change.model_dump(mode="json") for change in status.changes_after],
    }


def print_answer(path: Path, report: ValidationReport, language: Language) -> None:
    """Print a block for a person: verdict, sentence, then each signature."""
    color = {Indication.TOTAL_PASSED: "green", Indication.TOTAL_FAILED: "red"}
    verdict = (
        f"[bold {color.get(report.indication, 'yellow')}]{indication_words(report.indication)}[/]"
    )
    reason = f" ({escape(report.sub_indication)})" if report.sub_indication else ""
    console.print(f"[bold]{escape(path.name)}[/]: {verdict}{reason}", highlight=False)
    _print(sentence(report, language), 2)
    for status in report.signatures:
        _print(_headline(status), 2)
        for line in _details(status):
            _print(line, 4)
    for warning in report.warnings:
        _print(_("Note: {what}", what=warning_words(warning)), 2)
    console.print()


def _print(text: str, indent: int) -> None:
    console.print(Padding(escape(text), (0, 0, 0, indent), expand=False), highlight=False)


def _headline(status: SignatureStatus) -> str:
    name = status.signer or _("nobody named")
    level = f", {status.level.value}" if status.level else ""
    return f"{status.field}: {kind_words(status.kind)}{level}, {name}"


def _details(status: SignatureStatus) -> Iterator[str]:
    reason = f" ({status.sub_indication})" if status.sub_indication else ""
    yield _(
        "integrity: {integrity}; trust: {trust}; {verdict}",
        integrity=_integrity(status.integrity),
        trust=_trust(status.trust),
        verdict=indication_words(status.indication) + reason,
    )
    if status.root:
        yield _("root: {root}", root=status.root)
    if status.proved_at is not None:
        yield _("existed at {time}, by a trusted timestamp", time=_time(status.proved_at))
    elif status.claimed_at is not None:
        yield _("time claimed: {time}", time=_time(status.claimed_at))
    if status.changes_after:
        yield _("after it: {changes}", changes="; ".join(_changes(status.changes_after)))


def _changes(changes: Sequence[Change]) -> list[str]:
    told = []
    for change in changes[:8]:
        where = f" ({place_words(change.where)})" if change.where else ""
        told.append(
            change_words(change.kind) + where + ("" if change.permitted else _(" (forbidden)"))
        )
    if len(changes) > 8:
        told.append(_("and {count} more", count=len(changes) - 8))
    return told


def _time(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")


def _integrity(integrity: Integrity) -> str:
    return {
        Integrity.VALID: _("whole"),
        Integrity.INDETERMINATE: _("uncertain"),
        Integrity.MODIFIED: _("changed after signing"),
        Integrity.INVALID: _("broken or forged"),
        Integrity.UNSIGNED: _("unsigned"),
        Integrity.UNREADABLE: _("unreadable"),
    }[integrity]


def _trust(trust: Trust) -> str:
    return {
        Trust.TRUSTED: _("trusted"),
        Trust.UNKNOWN_ISSUER: _("unknown issuer"),
        Trust.REVOCATION_UNKNOWN: _("revocation not known"),
        Trust.REVOKED: _("revoked"),
        Trust.ON_HOLD: _("suspended"),
        Trust.EXPIRED: _("expired"),
        Trust.NOT_YET_VALID: _("not yet valid"),
        Trust.UNSUITABLE: _("not for signing"),
        Trust.WEAK: _("weak"),
        Trust.UNCHECKED: _("not checked"),
    }[trust]
