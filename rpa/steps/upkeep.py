"""Keep signatures provable: raise levels that were lowered, renew archive timestamps in time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.errors import ApplicationError, LostLeaseError, RpaError
from rpa.domain.ledger import LedgerEntry
from rpa.domain.model import CaseId, Digest
from rpa.domain.signature import SignatureLevel
from rpa.domain.signature_request import RequestId
from rpa.domain.upkeep import KeptSignature
from rpa.register.register import Entry
from rpa.signing.api import SignedDocument
from rpa.steps.language import in_house_language
from rpa.steps.toolbox import Toolbox

RETRY: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=1)
HOPELESS: Final = timedelta(days=30)
"""A document that can't be looked after is tried again so much later: a person must look."""
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class LookedAfter:
    """What came of one document."""

    document: KeptSignature
    """As it stands now."""
    code: str = ""
    """The error's code, or empty: raised or renewed."""


@in_house_language
def look_after_signatures(tools: Toolbox, *, most: int = 200) -> list[LookedAfter]:
    """Find newly signed documents, then raise and renew up to ``most`` of those that are due.

    Each is written as an incremental update, stored, and put in the place of the one before in one
    transaction with its ledger entry (``signature-raised``, ``signature-renewed``). Killed in
    between, or run twice at once, it leaves at worst stored bytes that nothing names. One that
    fails never stops the others.
    """
    find_signatures(tools)
    due = tools.register.signatures_due(before=tools.now(), most=most)
    return [_looked_after(document, tools) for document in due]


def find_signatures(tools: Toolbox) -> int:
    """Put down what was signed since the last pass; returns how many documents were found."""
    count = 0
    while entries := tools.register.untold_signatures(most=BATCH):
        found = [document for entry in entries for document in _told(entry, tools)]
        tools.register.look_after(found, seen=entries[-1].seq)
        count += len(found)
    return count


def _told(entry: LedgerEntry, tools: Toolbox) -> Iterator[KeptSignature]:
    for role, digest, wanted in _named(entry):
        try:
            upkeep = tools.preserver.upkeep(tools.store.get(digest))
        except RpaError:
            # Purged, damaged or of a kind that no proof can be kept for: nothing to look after.
            continue
        if upkeep.level is None:
            continue
        yield KeptSignature(
            first=digest,
            digest=digest,
            role=role,
            case_id=_case(entry),
            request_id=_request(entry),
            wanted=wanted,
            level=upkeep.level,
            due=upkeep.due,
            cause=upkeep.reason,
            seq=entry.seq,
        )


def _named(entry: LedgerEntry) -> Iterator[tuple[DocumentRole, Digest, SignatureLevel]]:
    data = entry.data
    if entry.kind == "archived":
        if data.get("seal"):
            wanted = SignatureLevel(data.get("seal_wanted") or data["seal"])
            yield DocumentRole.TRANSFER, Digest(data["transfer"]), wanted
    elif "signed" in data and "level" in data:
        wanted = SignatureLevel(data.get("wanted") or data["level"])
        yield DocumentRole.SIGNED, Digest(data["signed"]), wanted


def _case(entry: LedgerEntry) -> CaseId | None:
    # A request's own entries stand under its number, where a case's stand under the case's.
    return None if str(entry.case_id) == entry.data.get("request") else entry.case_id


def _request(entry: LedgerEntry) -> RequestId | None:
    return RequestId(entry.data["request"]) if "request" in entry.data else None


def _looked_after(document: KeptSignature, tools: Toolbox) -> LookedAfter:
    wanted = max(document.wanted, document.level, key=list(SignatureLevel).index)
    try:
        made = tools.preserver.raised(tools.store.get(document.digest), to=wanted)
        return LookedAfter(_written(document, made, tools))
    except LostLeaseError as error:
        return LookedAfter(document, error.reason)  # somebody is at the case: the next pass
    except ApplicationError as error:
        longer = min(RETRY * 2**document.attempts, LONGEST)
        tools.register.put_off_signature(document, code=error.reason, until=tools.now() + longer)
        return LookedAfter(document, error.reason)
    except RpaError as error:
        tools.register.put_off_signature(document, code=error.reason, until=tools.now() + HOPELESS)
        return LookedAfter(document, error.reason)


def _written(document: KeptSignature, made: SignedDocument, tools: Toolbox) -> KeptSignature:
    digest = tools.store.put(made.pdf)
    upkeep = tools.preserver.upkeep(made.pdf)
    now = document.model_copy(
        update={
            "digest": digest,
            "level": upkeep.level or made.level,
            "due": upkeep.due,
            "cause": upkeep.reason,
            "failure": "",
            "attempts": 0,
            "not_before": None,
        }
    )
    kind = "signature-raised" if document.is_lowered else "signature-renewed"
    entry = Entry(
        kind,
        {
            "from": document.digest,
            "to": digest,
            "level": now.level.value,
            "due": now.due.isoformat() if now.due else "",
        },
    )
    _save(document, now, entry, tools)
    return now


def _save(was: KeptSignature, now: KeptSignature, entry: Entry, tools: Toolbox) -> None:
    if was.case_id is None:
        tools.register.renew_signature(was, now, entry, actor=tools.actor)
        return
    lease = tools.register.hold(was.case_id, owner=tools.actor)
    try:
        revision = DocumentRef(
            role=was.role,
            digest=now.digest,
            media_type=MediaType.PDF,
            name=next(d.name for d in reversed(lease.case.documents) if d.role is was.role),
        )
        tools.register.renew_signature(
            was, now, entry, actor=tools.actor, lease=lease, document=revision
        )
    finally:
        tools.register.release(lease)
