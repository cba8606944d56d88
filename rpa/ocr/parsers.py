"""From the characters on a form to the canonical text of a field's kind.

A parser never guesses. Characters that engines mix up (O and 0, l and 1) are corrected where the
kind leaves one answer only, and every correction is on record.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from rpa.domain.kinds import AS_USUAL, DRAWN, FieldKind, Writing
from rpa.ocr.parsing.addresses import read_address
from rpa.ocr.parsing.days import read_date, read_time
from rpa.ocr.parsing.identifiers import IDENTIFIERS, read_account, read_identifier
from rpa.ocr.parsing.lookalikes import as_digits
from rpa.ocr.parsing.numbers import read_amount, read_integer, read_number, read_percent
from rpa.ocr.parsing.parsed import Change, Parsed, folded
from rpa.ocr.parsing.places import read_phone, read_postal_code, read_zip
from rpa.ocr.parsing.words import read_email, read_name, read_text

OFF: Final = frozenset(("off", "false", "non", "no", "0", ""))
ON: Final = frozenset(("on", "true", "oui", "yes", "1", "x"))

__all__ = ["Change", "Parsed", "as_digits", "folded", "parse"]


def parse(kind: FieldKind, text: str, *, from_pixels: bool, writing: Writing = AS_USUAL) -> Parsed:
    """Return the value of ``kind`` in ``text``, which must not be empty.

    ``from_pixels`` allows corrections of look-alikes; a text that somebody typed into a digital
    form is taken as it stands. ``writing`` says how the form wants values written.
    """
    return _PARSERS[kind](folded(text), writing, from_pixels=from_pixels)


def _drawn(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:  # noqa: ARG001
    return Parsed("false" if text.strip("/ ").casefold() in OFF else "true")


def _signature(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:
    told = _drawn(text, writing, from_pixels=from_pixels)
    is_said = told.value == "false" or text.strip("/ ").casefold() in ON
    return told if is_said else Parsed("true", "typed-signature")


def _identifier(kind: FieldKind, text: str, writing: Writing, *, from_pixels: bool) -> Parsed:  # noqa: ARG001
    return read_identifier(kind, text, from_pixels=from_pixels)


_PARSERS: Final[Mapping[FieldKind, Callable[..., Parsed]]] = {
    FieldKind.TEXT: read_text,
    FieldKind.NAME: read_name,
    FieldKind.ADDRESS: read_address,
    FieldKind.DATE: read_date,
    FieldKind.TIME: read_time,
    FieldKind.INTEGER: read_integer,
    FieldKind.NUMBER: read_number,
    FieldKind.PERCENT: read_percent,
    FieldKind.AMOUNT: read_amount,
    FieldKind.POSTAL_CODE: read_postal_code,
    FieldKind.ZIP: read_zip,
    FieldKind.PHONE: read_phone,
    FieldKind.EMAIL: read_email,
    FieldKind.ACCOUNT: read_account,
    **dict.fromkeys(DRAWN, _drawn),
    FieldKind.SIGNATURE: _signature,
    **{kind: partial(_identifier, kind) for kind in IDENTIFIERS},
}
