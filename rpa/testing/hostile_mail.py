"""E-mails that are broken or built to hurt whoever opens them."""

from collections.abc import Sequence
from email.message import EmailMessage

_HEADERS = (
    ("From", "expediteur@example.org"),
    ("To", "bureau@example.org"),
    ("Subject", "Formulaire"),
    ("Date", "Tue, 03 Mar 2026 09:00:00 -0500"),
)


def message(
    *attachments: tuple[str, str, bytes], text: str = "Voir la pièce jointe.", html: str = ""
) -> EmailMessage:
    """Return a message with attachments of name, media type and bytes."""
    mail = EmailMessage()
    for name, value in _HEADERS:
        mail[name] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for filename, kind, content in attachments:
        main, _slash, sub = kind.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=filename)
    return mail


def mail_bytes(*attachments: tuple[str, str, bytes], text: str = "Bonjour.") -> bytes:
    """Return a message as bytes, with a boundary that is the same each time."""
    mail = message(*attachments, text=text)
    if mail.is_multipart():
        mail.set_boundary("=-=rpa=-=")
    return mail.as_bytes()


def mail_nested(depth: int) -> bytes:
    """Return a message forwarded inside a message, so many times."""
    head = "".join(f"{name}: {value}\r\n" for name, value in _HEADERS)
    forwarded = f"{head}MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n"
    return (forwarded * depth + f"{head}\r\nfin\r\n").encode()


def mail_with_spoiled_base64(whole: bytes) -> bytes:
    """Return a message whose PDF attachment has half of its base64 lines spoiled."""
    lines = mail_bytes(("formulaire.pdf", "application/pdf", whole)).split(b"\n")
    start = next(at for at, line in enumerate(lines) if line.startswith(b"JVBER"))
    return b"\n".join([*lines[: start + 1], b"%%%%", *lines[start + 4 :]])


def mail_of_parts(count: int) -> bytes:
    """Return a message of so many empty parts."""
    head = "".join(f"{name}: {value}\r\n" for name, value in _HEADERS)
    parts: Sequence[str] = ["--b\r\nContent-Type: text/plain\r\n\r\n\r\n"] * count
    kind = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return f"{head}{kind}{''.join(parts)}--b--\r\n".encode()
