"""Step 1, receive: what waits in a channel is stored, and becomes a case."""

import hashlib
from dataclasses import dataclass

from rpa.domain.case import Case
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.errors import DocumentRefusedError
from rpa.domain.model import Digest
from rpa.domain.pages import DocumentFacts
from rpa.i18n import _
from rpa.intake.api import Delivery
from rpa.register.arrivals import Arrival, Outcome
from rpa.steps.language import in_house_language
from rpa.steps.toolbox import Toolbox


@dataclass(frozen=True, slots=True)
class Received:
    """What came of one document of one delivery."""

    case: Case
    """The case that holds the document: for a duplicate, the earlier one."""
    name: str
    outcome: Outcome


def receive(channel_name: str, tools: Toolbox, *, most: int = 100) -> list[Received]:
    """Take in up to ``most`` deliveries of a channel.

    Each is stored before its case is written, and settled in the channel only after that: a worker
    that dies in between finds it again and changes nothing. A second run on a settled channel does
    nothing. What can't be taken in becomes a case that is set aside, with its reason.
    """
    channel = tools.channels[channel_name]
    taken: list[Received] = []
    for delivery in channel.deliveries():
        taken += receive_delivery(channel_name, delivery, tools)
        channel.settle(delivery)
        if len(taken) >= most:
            break
    return taken


@in_house_language
def receive_delivery(channel_name: str, delivery: Delivery, tools: Toolbox) -> list[Received]:
    """Store one delivery and open a case for each document in it."""
    if delivery.refused:
        return [
            _set_aside(
                channel_name, delivery, delivery.refused, code=delivery.refused_code, tools=tools
            )
        ]
    try:
        facts = tools.decoder.inspect(delivery.content)
    except DocumentRefusedError as error:
        refused = _set_aside(channel_name, delivery, error.message, code=error.reason, tools=tools)
        return [refused]
    if facts.media_type is MediaType.EML:
        return _from_message(channel_name, delivery, tools)
    return [_opened(channel_name, delivery, facts, (), tools)]


def _from_message(channel_name: str, delivery: Delivery, tools: Toolbox) -> list[Received]:
    message = DocumentRef(
        role=DocumentRole.MESSAGE,
        digest=tools.store.put(delivery.content),
        media_type=MediaType.EML,
        name=delivery.name,
    )
    try:
        attachments = tools.decoder.attachments(delivery.content)
    except DocumentRefusedError as error:
        refused = _set_aside(channel_name, delivery, error.message, code=error.reason, tools=tools)
        return [refused]
    if not attachments:
        why = _("The message carries no document that can be taken in.")
        return [_set_aside(channel_name, delivery, why, code="no-attachment", tools=tools)]
    found = []
    for number, attachment in enumerate(attachments, start=1):
        part = Delivery(
            source_id=f"{delivery.source_id}#{number}",
            name=f"{delivery.name} › {attachment.name}",
            content=attachment.content,
            came_at=delivery.came_at,
        )
        try:
            facts = tools.decoder.inspect(part.content)
        except DocumentRefusedError as error:
            found.append(
                _set_aside(channel_name, part, error.message, code=error.reason, tools=tools)
            )
            continue
        found.append(_opened(channel_name, part, facts, (message,), tools))
    return found


def _opened(
    channel_name: str,
    delivery: Delivery,
    facts: DocumentFacts,
    carried_by: tuple[DocumentRef, ...],
    tools: Toolbox,
) -> Received:
    known = tools.channel_facts[channel_name]
    original = _stored(delivery, facts.media_type, tools)
    arrival = Arrival(
        channel=channel_name,
        source_id=delivery.source_id,
        name=delivery.name,
        digest=original.digest,
        pixels_digest=facts.pixels_digest,
        documents=(*carried_by, original),
        process=known.process,
        reason=_("Waits to be read."),
        medium=known.kind.value,
        pages=facts.pages,
        came_at=delivery.came_at,
    )
    return _registered(arrival, tools)


def _set_aside(
    channel_name: str, delivery: Delivery, why: str, *, code: str, tools: Toolbox
) -> Received:
    held = (_stored(delivery, MediaType.UNKNOWN, tools),) if delivery.content else ()
    arrival = Arrival(
        channel=channel_name,
        source_id=delivery.source_id,
        name=delivery.name,
        digest=held[0].digest if held else _name_digest(channel_name, delivery),
        pixels_digest=None,
        documents=held,
        process=None,
        reason=why,
        refused=code,
        medium=tools.channel_facts[channel_name].kind.value,
        came_at=delivery.came_at,
    )
    return _registered(arrival, tools)


def _name_digest(channel_name: str, delivery: Delivery) -> Digest:
    """Stand in for the digest of bytes that were never read: each such delivery is its own."""
    return Digest(hashlib.sha256(f"{channel_name}:{delivery.source_id}".encode()).hexdigest())


def _stored(delivery: Delivery, media_type: MediaType, tools: Toolbox) -> DocumentRef:
    return DocumentRef(
        role=DocumentRole.ORIGINAL,
        digest=tools.store.put(delivery.content),
        media_type=media_type,
        name=delivery.name.rpartition(" › ")[2],
    )


def _registered(arrival: Arrival, tools: Toolbox) -> Received:
    case, outcome = tools.register.receive(arrival, actor=tools.actor)
    return Received(case=case, name=arrival.name, outcome=outcome)
