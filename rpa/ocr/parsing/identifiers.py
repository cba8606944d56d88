"""Numbers that a public body or a bank gave: a mask, a make, and for most a check digit."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from stdnum import iban
from stdnum.fr import nir, siret
from stdnum.us import ein, itin, ssn

from rpa.domain.kinds import FieldKind, Writing
from rpa.ocr import quebec
from rpa.ocr.checks import passes_luhn
from rpa.ocr.parsing.lookalikes import fits, likeliest, meant, usual
from rpa.ocr.parsing.parsed import Parsed, changes_between

SEPARATORS: Final = re.compile(r"[\s.\-_/·]")
BARS: Final = re.compile(r"[|¦]")
BN_PROGRAMMES: Final = frozenset(("RC", "RD", "RE", "RG", "RM", "RN", "RP", "RR", "RT", "RZ"))
"""As programs list them after the Canada Revenue Agency's guide RC2."""


def _always(text: str) -> bool:  # noqa: ARG001 - a number of which the mask says all
    return True


@dataclass(frozen=True, slots=True)
class Identifier:
    """How the numbers of one kind are made."""

    problem: str
    """Code of a text that is no such number."""
    masks: tuple[str, ...]
    """``9`` a digit, ``A`` a capital letter, ``X`` either."""
    is_sound: Callable[[str], bool] = _always
    """Whether a text that fits the mask is made as it must be."""
    passes: Callable[[str], bool] | None = None
    """Whether its check digit is right; None where it has none, or none that is known."""
    is_certain: bool = True
    """False where the way its check digit is made is not published: it can raise a doubt only."""
    covered: int = 99
    """How many signs the check digit covers, from the first: a longer number is not proven."""
    shape: Callable[[str], str] = str
    """The canonical text."""


def read_identifier(kind: FieldKind, text: str, *, from_pixels: bool) -> Parsed:
    """Return a number of ``kind``; a reading is corrected only where one number can be meant."""
    made = IDENTIFIERS[kind]
    as_read = SEPARATORS.sub("", text)
    plain = as_read.upper()
    if _is_made_so(plain, made) and (made.passes is None or made.passes(plain)):
        return Parsed(made.shape(plain), is_proven=_proves(plain, made))
    if not from_pixels:
        return _typed(plain, made)
    return _corrected(as_read, made)


def _is_made_so(text: str, made: Identifier) -> bool:
    return any(fits(text, mask) for mask in made.masks) and made.is_sound(text)


def _typed(plain: str, made: Identifier) -> Parsed:
    if not _is_made_so(plain, made):
        return Parsed(None, made.problem)
    return Parsed(None, "checksum") if made.is_certain else Parsed(made.shape(plain))


def _corrected(plain: str, made: Identifier) -> Parsed:
    for signs in dict.fromkeys((BARS.sub("", plain), plain)):
        sound = meant(signs, made.masks, made.is_sound)
        passing = (
            meant(signs, made.masks, lambda text: made.is_sound(text) and _passes(text, made))
            if made.passes
            else ()
        )
        if len(passing) == 1:
            is_likeliest = likeliest(signs, passing[0])
            return _found(signs, passing[0], made, is_likeliest=is_likeliest)
        if made.passes is None and sound:
            return _found(signs, sound[0], made, is_likeliest=usual(signs, sound[0]))
        if sound and not made.is_certain:
            return _found(signs, sound[0], made, is_likeliest=False)
        if sound:
            return Parsed(None, "checksum")
    return Parsed(None, made.problem)


def _passes(text: str, made: Identifier) -> bool:
    return made.passes is not None and bool(made.passes(text))


def _proves(text: str, made: Identifier) -> bool:
    return made.passes is not None and len(text) <= made.covered


def _found(signs: str, text: str, made: Identifier, *, is_likeliest: bool) -> Parsed:
    changes = changes_between(signs.upper(), text)
    is_proven = is_likeliest and _proves(text, made)
    value = made.shape(text)
    return Parsed(value, "", changes, is_doubtful=not is_likeliest, is_proven=is_proven)


def _is_bn(text: str) -> bool:
    return len(text) == 9 or text[9:11] in BN_PROGRAMMES


def _is_taxpayer(text: str) -> bool:
    dashed = _ssn_shape(text)
    return bool(ssn.is_valid(dashed) or itin.is_valid(dashed))


def _ssn_shape(text: str) -> str:
    return f"{text[:3]}-{text[3:5]}-{text[5:]}"


def _ein_shape(text: str) -> str:
    return f"{text[:2]}-{text[2:]}"


def _is_nir(text: str) -> bool:
    return text[5:7].isdigit() or text[5:7] in {"2A", "2B"}


IDENTIFIERS: Final[Mapping[FieldKind, Identifier]] = {
    FieldKind.SIN: Identifier("not-a-sin", ("9" * 9,), passes=passes_luhn),
    FieldKind.NAM: Identifier(
        "not-a-nam", ("AAAA99999999",), quebec.is_nam, quebec.passes_nam, is_certain=False
    ),
    FieldKind.NEQ: Identifier("not-a-neq", ("9" * 10,), quebec.is_neq, quebec.passes_neq),
    FieldKind.PERMANENT_CODE: Identifier(
        "not-a-permanent-code", ("AAAA99999999",), quebec.is_permanent_code
    ),
    # Of the SAAQ's licences only the mask is sure; no source was found for what the digits mean.
    FieldKind.DRIVER_LICENCE: Identifier("not-a-driver-licence", ("A999999999999",)),
    FieldKind.BN: Identifier(
        "not-a-bn",
        ("9" * 9, "999999999AA9999"),
        _is_bn,
        lambda text: passes_luhn(text[:9]),
        covered=9,
    ),
    FieldKind.IBAN: Identifier(
        "not-an-iban",
        tuple("AA99" + "X" * length for length in range(11, 31)),
        passes=lambda text: bool(iban.is_valid(text)),
    ),
    FieldKind.SSN: Identifier("not-an-ssn", ("9" * 9,), _is_taxpayer, shape=_ssn_shape),
    FieldKind.EIN: Identifier(
        "not-an-ein", ("9" * 9,), lambda text: bool(ein.is_valid(text)), shape=_ein_shape
    ),
    FieldKind.NIR: Identifier(
        "not-a-nir", ("99999XX99999999",), _is_nir, lambda text: bool(nir.is_valid(text))
    ),
    FieldKind.SIREN: Identifier("not-a-siren", ("9" * 9,), passes=passes_luhn),
    FieldKind.SIRET: Identifier(
        "not-a-siret", ("9" * 14,), passes=lambda text: bool(siret.is_valid(text))
    ),
}


_NUMBER: Final = r"(?P<account>[0-9][0-9 -]{3,14}[0-9])"
TRANSIT_FIRST: Final = re.compile(
    rf"(?P<transit>[0-9]{{5}})(?P<a>[ -]*)(?P<bank>[0-9]{{3}})(?P<b>[ -]*){_NUMBER}"
)
ELECTRONIC: Final = re.compile(rf"0(?P<bank>[0-9]{{3}})[ -]*(?P<transit>[0-9]{{5}})[ -]+{_NUMBER}")
BANK_FIRST: Final = re.compile(rf"(?P<bank>[0-9]{{3}})[ -]+(?P<transit>[0-9]{{5}})[ -]+{_NUMBER}")
ACCOUNT_DIGITS: Final = range(5, 13)


def read_account(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:  # noqa: ARG001
    """Return a Canadian account as transit, institution and account number.

    Five, three, and up to twelve digits; a cheque has the transit first, a transfer 0, institution
    and transit: so in what payment services explain. Banks have check digits of their own, which
    are not checked.
    """
    plain = re.sub(r"[^\w\-|!]+", " ", text.replace("_", " ")).strip(" -|")
    fixed = _digits_of(plain) if from_pixels else plain
    for grammar in (ELECTRONIC, BANK_FIRST, TRANSIT_FIRST):
        found = grammar.fullmatch(fixed)
        account = re.sub("[^0-9]", "", found["account"]) if found else ""
        if found and len(account) in ACCOUNT_DIGITS:
            apart = found.groupdict().get("a", "-") and found.groupdict().get("b", "-")
            value = f"{found['transit']}-{found['bank']}-{account}"
            return Parsed(value, "", changes_between(plain, fixed), is_doubtful=not apart)
    return Parsed(None, "not-an-account")


def _digits_of(text: str) -> str:
    """Return the text with its letters made digits, if they can be these digits only."""
    signs = re.sub("[ -]", "", text)
    found = meant(signs, ("9" * len(signs),), _always)
    if len(found) != 1:
        return text
    digits = iter(found[0])
    return "".join(sign if sign in " -" else next(digits) for sign in text)
