"""Times and validation data that a signature carries in itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from asn1crypto import cms, core, x509

from rpa.domain.signature import Integrity
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.constraints import end_of_digest, end_of_signer_info
from rpa.signing.adapters.verification.given import ValidationData
from rpa.signing.adapters.verification.mathematics import Mathematics, stamped

_DATE: Final = re.compile(
    r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([+\-Z])(\d\d)?'?(\d\d)?'?)?"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A timestamp over a signature's value (``signature-time-stamp``, CAdES)."""

    time: datetime
    is_intact: bool
    """Whether it verifies and is about this signature."""
    is_malformed: bool
    """Whether it contradicts itself, whatever it is about."""
    certificate: x509.Certificate | None
    certificates: tuple[x509.Certificate, ...]
    end: datetime | None = None
    """The last day of the weakest algorithm that it was made with."""


def stamps_of(one: Mathematics) -> Iterator[Stamp]:
    """Yield the timestamps over a signature's value."""
    for token in _tokens(one):
        found = stamped(token, _value(one))
        if found.token is not None:
            yield Stamp(
                time=found.token["gen_time"].native,
                is_intact=found.integrity is Integrity.VALID,
                is_malformed=found.sub_indication == "FORMAT_FAILURE",
                certificate=found.signer,
                certificates=found.certificates,
                end=end_of_stamp(found),
            )
        else:
            yield Stamp(
                time=datetime.max.replace(tzinfo=UTC),
                is_intact=False,
                is_malformed=True,
                certificate=None,
                certificates=(),
            )


def end_of_stamp(found: Mathematics) -> datetime | None:
    """Return the last day of the weakest algorithm of a timestamp; None where all hold."""
    if found.token is None or found.signer is None:
        return None
    imprint = found.token["message_imprint"]["hash_algorithm"]["algorithm"].native
    ends = (end_of_signer_info(found.info, found.signer), end_of_digest(imprint))
    return min((end for end in ends if end is not None), default=None)


def claimed_time(one: Mathematics, written: object) -> datetime | None:
    """Return when the signer says it was: the signed attribute, else the dictionary's ``/M``."""
    for name, attribute in _attributes(one, "signed_attrs"):
        if name == "signing_time":
            try:
                found = attribute["values"][0].native
            except MALFORMED:
                return None
            return found if isinstance(found, datetime) else None
    return _date(written) if isinstance(written, bytes) else None


def embedded_data(one: Mathematics) -> ValidationData:
    """Return the revocation data in a signature: Adobe's attribute, and the CMS's own list."""
    answers: list[bytes] = []
    lists: list[bytes] = []
    certificates = [certificate.dump() for certificate in one.certificates]
    for name, attribute in _attributes(one, "signed_attrs"):
        if name == "adobe_revocation_info_archival":
            try:
                value = attribute["values"][0]
                answers += [answer.dump() for answer in value["ocsp"] or ()]
                lists += [found.dump() for found in value["crl"] or ()]
            except MALFORMED:
                continue
    try:
        for choice in (one.signed["crls"] or ()) if one.signed is not None else ():
            if choice.name == "certificate_list":
                lists.append(choice.chosen.dump())
    except MALFORMED:
        pass
    for token in _tokens(one):
        certificates += _dumped(token)
    return ValidationData(tuple(certificates), tuple(answers), tuple(lists))


def _value(one: Mathematics) -> bytes:
    try:
        return bytes(one.info["signature"].native)
    except MALFORMED:
        return b""


def _tokens(one: Mathematics) -> list[cms.SignedData]:
    found = []
    for name, attribute in _attributes(one, "unsigned_attrs"):
        try:
            if name == "signature_time_stamp_token":
                found += [value["content"] for value in attribute["values"]]
        except MALFORMED:
            continue
    return found


def _dumped(token: cms.SignedData) -> list[bytes]:
    try:
        return [choice.chosen.dump() for choice in token["certificates"] or ()]
    except MALFORMED:
        return []


def _attributes(one: Mathematics, kind: str) -> list[tuple[str, Any]]:
    """Return the attributes of a kind with their names; malformed ones are left out."""
    try:
        held = () if one.info is None else one.info[kind]
        count = 0 if isinstance(held, core.Void) else len(held)
    except MALFORMED:
        return []
    named = []
    for index in range(count):
        try:
            named.append((str(held[index]["type"].native), held[index]))
        except MALFORMED:
            continue
    return named


def _date(written: bytes) -> datetime | None:
    found = _DATE.match(written.decode("latin-1"))
    if found is None:
        return None
    year, *rest = (int(part) if part else None for part in found.groups()[:6])
    sign, hours, minutes = found.groups()[6:]
    zone = timezone(timedelta(hours=int(hours or 0), minutes=int(minutes or 0)))
    if sign == "-":
        zone = timezone(-timedelta(hours=int(hours or 0), minutes=int(minutes or 0)))
    month, day, hour, minute, second = rest
    try:
        return datetime(
            year or 1, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=zone
        )
    except ValueError:
        return None
