"""What a delivery becomes on its way to the register: arrivals, whole, in parts, or set aside."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rpa.domain.batch import BatchRule
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.errors import DocumentRefusedError
from rpa.domain.model import Digest
from rpa.domain.pages import DocumentFacts, PageFacts, pixels_digest
from rpa.i18n import _
from rpa.intake.api import Delivery
from rpa.intake.batches import Part, parts_of, reading_order
from rpa.register.arrivals import Arrival
from rpa.steps.recognize import known_form
from rpa.steps.toolbox import ChannelFacts, Toolbox


@dataclass(frozen=True, slots=True)
class Incoming:
    """One document of a channel, and what it came in."""

    channel: str
    delivery: Delivery
    carried_by: tuple[DocumentRef, ...] = ()
    """What the document was taken out of, kept with it."""

    def facts(self, tools: Toolbox) -> ChannelFacts:
        """Return what is known of the channel."""
        return tools.channel_facts[self.channel]


def kept(
    delivery: Delivery, role: DocumentRole, media_type: MediaType, tools: Toolbox
) -> DocumentRef:
    """Store a delivery's bytes, and return them as a document."""
    return DocumentRef(
        role=role,
        digest=tools.store.put(delivery.content),
        media_type=media_type,
        name=delivery.name.rpartition(" › ")[2],
    )


def arrivals(incoming: Incoming, told: DocumentFacts, tools: Toolbox) -> list[Arrival]:
    """Return the whole document's arrival, or one for each part that its channel splits it into.

    Raises:
        DocumentRefusedError: It can't be split as the channel says.
    """
    parts = _parts(incoming, told, tools)
    original = kept(incoming.delivery, DocumentRole.ORIGINAL, told.media_type, tools)
    whole = _whole(incoming, told, original, tools)
    if parts[0].is_whole and len(parts) == 1:
        return [whole]
    if len(parts) == 1:
        return [_of_part(whole, parts[0])]
    return [
        _numbered(_of_part(whole, part), part, told.page_facts, number)
        for number, part in enumerate(parts, start=1)
    ]


def whole_arrival(incoming: Incoming, told: DocumentFacts, tools: Toolbox) -> Arrival:
    """Return the arrival of a delivery as it came, whatever is made of it."""
    original = kept(incoming.delivery, DocumentRole.ORIGINAL, told.media_type, tools)
    return _whole(incoming, told, original, tools)


def set_aside(incoming: Incoming, error: DocumentRefusedError, tools: Toolbox) -> Arrival:
    """Return the arrival of what can't be taken in, with its reason; its bytes are kept."""
    delivery = incoming.delivery
    held: tuple[DocumentRef, ...] = ()
    if delivery.content:
        held = (kept(delivery, DocumentRole.ORIGINAL, MediaType.UNKNOWN, tools),)
    return Arrival(
        channel=incoming.channel,
        source_id=delivery.source_id,
        name=delivery.name,
        digest=held[0].digest if held else _name_digest(incoming),
        pixels_digest=None,
        documents=held,
        process=None,
        reason=error.message,
        refused=error.reason,
        medium=incoming.facts(tools).kind.value,
        came_at=delivery.came_at,
    )


def _parts(incoming: Incoming, told: DocumentFacts, tools: Toolbox) -> Sequence[Part]:
    rule = incoming.facts(tools).batch
    if not rule.looks_at_sheets:
        return (Part(reading_order(told.pages, rule.duplex)),)
    content = incoming.delivery.content
    return parts_of(
        tools.decoder.sheets(content), rule, first_pages=_first_pages(content, rule, tools)
    )


def _first_pages(content: bytes, rule: BatchRule, tools: Toolbox) -> frozenset[int]:
    """Return the pages that begin a document by what is printed on them, if that matters."""
    if rule.split is None or not rule.split.looks_at_print:
        return frozenset()
    forms = [known_form(process) for process in tools.catalog]
    return tools.reader.first_pages(tools.decoder.pages(content), forms, rule.split)


def _whole(
    incoming: Incoming, told: DocumentFacts, original: DocumentRef, tools: Toolbox
) -> Arrival:
    known = incoming.facts(tools)
    return Arrival(
        channel=incoming.channel,
        source_id=incoming.delivery.source_id,
        name=incoming.delivery.name,
        digest=original.digest,
        pixels_digest=told.pixels_digest,
        documents=(*incoming.carried_by, original),
        process=known.process,
        reason=_("Waits to be read."),
        medium=known.kind.value,
        pages=told.pages,
        came_at=incoming.delivery.came_at,
    )


def _of_part(whole: Arrival, part: Part) -> Arrival:
    *carried_by, original = whole.documents
    chosen = original.model_copy(
        update={
            "pages": part.pages,
            "blank_pages": part.blank_pages,
            "separators": part.separators,
        }
    )
    return replace(whole, documents=(*carried_by, chosen), pages=len(part.pages))


def _numbered(arrival: Arrival, part: Part, pages: Sequence[PageFacts], number: int) -> Arrival:
    """Tell a part from the others of its document: by its pages, and by their pixels."""
    told = f"{arrival.digest}:{','.join(map(str, part.pages))}"
    chosen = [pages[page - 1] for page in part.pages] if pages else []
    return replace(
        arrival,
        source_id=f"{arrival.source_id}#part{number}",
        name=f"{arrival.name} [{number}]",
        digest=Digest(hashlib.sha256(told.encode()).hexdigest()),
        pixels_digest=pixels_digest(chosen),
    )


def _name_digest(incoming: Incoming) -> Digest:
    """Stand in for the digest of bytes that were never read: each such delivery is its own."""
    told = f"{incoming.channel}:{incoming.delivery.source_id}"
    return Digest(hashlib.sha256(told.encode()).hexdigest())
