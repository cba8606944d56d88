"""What a validation report says, as one sentence for a person who knows nothing of signatures."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from rpa.domain.signature import (
    Indication,
    Integrity,
    SignatureKind,
    SignatureStatus,
    Trust,
    ValidationReport,
)
from rpa.i18n import Language, _, speaking


def sentence(report: ValidationReport, language: Language, *, zone: tzinfo | None = None) -> str:
    """Return one sentence in ``language``: who signed, when, whether it can be relied on.

    Times are told in ``zone``, else in the machine's own. Neither a value nor a text of the
    document is in it; names are those that certificates bear.
    """
    with speaking(language):
        return _sentence(report, zone)


def _sentence(report: ValidationReport, zone: tzinfo | None) -> str:
    if report.integrity is Integrity.UNSIGNED:
        return _("This document bears no signature.")
    if report.integrity is Integrity.UNREADABLE:
        return _("This file can't be read, so nothing can be said of its signatures.")
    if report.integrity is Integrity.INVALID:
        return _broken(report)
    if report.integrity is Integrity.MODIFIED:
        return _(
            "{signed}, but the document was changed afterwards: what it shows is not what was "
            "signed.",
            signed=_signed(_people(report), zone),
        )
    if report.integrity is Integrity.INDETERMINATE:
        return _(
            "{signed}, but nobody can say for certain that the document is still the one signed.",
            signed=_signed(_people(report), zone),
        )
    return _whole(report, zone)


def _broken(report: ValidationReport) -> str:
    broken = [one for one in report.signatures if one.integrity is Integrity.INVALID]
    names = _listed([one.signer for one in broken if one.signer])
    if not names:
        return _("A signature of this document is broken or forged: it proves nothing.")
    return _(
        "The signature in the name of {names} is broken or forged: it proves nothing.", names=names
    )


def _whole(report: ValidationReport, zone: tzinfo | None) -> str:
    people = _people(report)
    said = _signed(people, zone)
    if report.changed_values:
        since = _("since then only fields of the form were filled in")
    else:
        since = _("nothing has changed since")
    doubts = [doubt for one in people if (doubt := _doubt(one))]
    if doubts:
        return _("{signed}; {since}, but {doubt}.", signed=said, since=since, doubt=doubts[0])
    is_passed = report.indication is Indication.TOTAL_PASSED
    if is_passed and "revocation-not-checked" in report.warnings:
        return _(
            "{signed}; {since}; whether the certificate was revoked was not checked.",
            signed=said,
            since=since,
        )
    if is_passed or report.changed_values:
        return _("{signed}; {since}.", signed=said, since=since)
    return _("{signed}; {since}, but not every proof could be checked.", signed=said, since=since)


def _people(report: ValidationReport) -> tuple[SignatureStatus, ...]:
    """Return the signatures of people and organisations; those of authorities where none is."""
    people = [one for one in report.signatures if one.kind is not SignatureKind.TIMESTAMP]
    return tuple(people) or report.signatures


def _signed(statuses: Sequence[SignatureStatus], zone: tzinfo | None) -> str:
    first, *others = [_one_signed(status, zone) for status in statuses]
    if not others:
        return first
    if len(others) > 3:
        return _("{first}, and by {count} others", first=first, count=len(others))
    return "; ".join([first, *others])


def _one_signed(status: SignatureStatus, zone: tzinfo | None) -> str:
    name = status.signer or _("somebody without a name")
    when = _when(status, zone)
    if status.kind is SignatureKind.TIMESTAMP:
        return _("Timestamped by {name}{when}", name=name, when=when)
    if status.kind is SignatureKind.SEAL:
        return _("Sealed by {name}{when}", name=name, when=when)
    if status.trust is Trust.UNKNOWN_ISSUER:
        return _("Signed by somebody who gives the name {name}{when}", name=name, when=when)
    return _("Signed by {name}{when}", name=name, when=when)


def _when(status: SignatureStatus, zone: tzinfo | None) -> str:
    if status.proved_at is not None:
        return _(" on {time} (proved by a timestamp)", time=_time(status.proved_at, zone))
    if status.claimed_at is not None:
        return _(" on {time} (by the signer's own clock)", time=_time(status.claimed_at, zone))
    return ""


def _time(moment: datetime, zone: tzinfo | None) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _doubt(status: SignatureStatus) -> str:
    doubts = {
        Trust.UNKNOWN_ISSUER: _("no authority that is trusted here vouches for that name"),
        Trust.REVOCATION_UNKNOWN: _("nothing says whether the certificate was revoked"),
        Trust.REVOKED: _("the certificate was revoked"),
        Trust.ON_HOLD: _("the certificate is suspended"),
        Trust.EXPIRED: _("the certificate has expired and nothing proves that it was used in time"),
        Trust.NOT_YET_VALID: _("the certificate was not valid yet"),
        Trust.UNSUITABLE: _("the certificate is not made for signing"),
        Trust.WEAK: _("a key or an algorithm behind the certificate can be forged"),
        Trust.UNCHECKED: _("who signed could not be checked"),
    }
    return doubts.get(status.trust, "")


def _listed(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    if len(unique) < 2:
        return "".join(unique)
    return _("{names} and {last}", names=", ".join(unique[:-1]), last=unique[-1])
