"""What notices say, in the language that is spoken: plain text, and HTML that says the same.

A notice names its reader and the document's title (unless the organisation keeps titles to itself),
nobody else and no reason: those stand in the console, behind a log-in.
"""

import html
from dataclasses import dataclass
from datetime import UTC, datetime

from rpa.domain.moment_words import deadline_words
from rpa.domain.notice import NoticeKind
from rpa.i18n import Language, _


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What one notice is about."""

    kind: NoticeKind
    language: Language
    recipient: str
    organization: str
    request_id: str
    title: str
    """Empty where titles are not told."""
    deadline: datetime | None
    link: str
    now: datetime
    """When it is written, in the organisation's time zone: days are counted from then, there."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One mail's words."""

    subject: str
    plain: str
    html: str


def worded(facts: NoticeFacts) -> Wording:
    """Return the words of a notice, in the language that is spoken."""
    subject, told = _told(facts)
    title = _("“{title}”", title=facts.title) if facts.title else ""
    named = _("Document: {title}", title=title) if title else ""
    number = _("Request: {request}", request=facts.request_id)
    lines = [line for line in (told, named, number, _by_when(facts)) if line]
    hello = _("Hello {name},", name=facts.recipient)
    farewell = _(
        "This mail was written by the signing service of {organization}. The document itself is "
        "never sent by mail, and no password is ever asked for by mail.",
        organization=facts.organization,
    )
    about = f"{subject}: {facts.title}" if facts.title else subject
    return Wording(
        subject=f"{about} ({facts.request_id})",
        plain=_plain(hello, lines, facts.link, farewell),
        html=_html(hello, lines, facts, farewell),
    )


def _told(facts: NoticeFacts) -> tuple[str, str]:
    words = {
        NoticeKind.ASKED: (
            _("A document to sign"),
            _("A document waits for your signature."),
        ),
        NoticeKind.REMINDER: (
            _("Reminder: a document to sign"),
            _("A document still waits for your signature."),
        ),
        NoticeKind.DELEGATED: (
            _("Signature delegated"),
            _("A signature was delegated to another person, who is now asked to sign."),
        ),
        NoticeKind.DECLINED: (
            _("Signature declined"),
            _("A signer declined to sign. The request has ended; the reason is in the console."),
        ),
        NoticeKind.EXPIRED: (
            _("Deadline passed"),
            _("A deadline passed before everybody had signed. The request has ended."),
        ),
        NoticeKind.CANCELLED: (
            _("Signature request taken back"),
            _("The request was taken back. Nobody needs to sign any more."),
        ),
        NoticeKind.COMPLETED: (
            _("Document signed"),
            _("Everybody has signed the document."),
        ),
    }
    return words[facts.kind]


def _by_when(facts: NoticeFacts) -> str:
    if facts.deadline is None:
        return ""
    zone = facts.now.tzinfo or UTC
    return _("Deadline: {when}", when=deadline_words(facts.deadline, now=facts.now, zone=zone))


def _plain(hello: str, lines: list[str], link: str, farewell: str) -> str:
    told = "\n".join(lines)
    parts = [hello, told, link, "--\n" + farewell]
    return "\n\n".join(part for part in parts if part) + "\n"


def _html(hello: str, lines: list[str], facts: NoticeFacts, farewell: str) -> str:
    paragraphs = "".join(f"<p>{html.escape(line)}</p>\n" for line in (hello, *lines))
    link = html.escape(facts.link)
    shown = html.escape(_("Open the request"))
    way = f'<p><a href="{link}">{shown}</a><br>{link}</p>\n' if link else ""
    return (
        f'<!doctype html>\n<html lang="{facts.language}">\n<head><meta charset="utf-8">'
        f"<title>{html.escape(facts.request_id)}</title></head>\n<body>\n"
        f"{paragraphs}{way}<hr>\n<p><small>{html.escape(farewell)}</small></p>\n</body>\n</html>\n"
    )
