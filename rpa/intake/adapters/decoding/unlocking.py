"""A PDF locked with a password, opened with one that the organisation knows."""

import io

import pikepdf

from rpa.intake.adapters.decoding.pdf_source import BROKEN_OBJECT
from rpa.intake.adapters.decoding.program import Answer, Work
from rpa.intake.adapters.decoding.refusal import DAMAGED, Refusal


def unlock_pdf(work: Work) -> Answer:
    """Return the document without its lock, opened with one of the passwords given.

    The same document and password give the same bytes.

    Raises:
        Refusal: No password fits (``encrypted``), or the document is damaged.
    """
    for password in work.arguments["passwords"]:
        try:
            with pikepdf.open(io.BytesIO(work.content), password=password) as pdf:
                out = io.BytesIO()
                pdf.save(out, encryption=False, deterministic_id=True)
                return Answer(pieces=iter((out.getvalue(),)))
        except pikepdf.PasswordError:
            continue
        except BROKEN_OBJECT as problem:
            raise Refusal(DAMAGED) from problem
    raise Refusal("encrypted")
