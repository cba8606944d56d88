"""Numbers of Québec's public bodies: what is known of how they are made.

The bodies' own documents could not be read when this was written, and none is known to publish how
a check digit is made. What is checked is said for each, with where it was found.
"""

from typing import Final

from rpa.ocr.checks import calendar_day, passes_luhn

CENTURIES: Final = (1900, 2000)
WOMAN: Final = 50
"""Added to a woman's month of birth."""
NAM_WEIGHTS: Final = (1, 3, 7, 9, 1, 7, 1, 3, 4, 5, 7, 6, 9, 1)
NEQ_FORMS: Final = ("11", "22", "33", "88")
"""Legal person, individual, partnership or group, public body."""


def holds_day(year: str, month: str, day: str) -> bool:
    """Say whether a two-digit year, a month (plus 50 for a woman) and a day make a date."""
    month_number = int(month) - (WOMAN if int(month) > WOMAN else 0)
    return any(calendar_day(c + int(year), month_number, int(day)) for c in CENTURIES)


def is_nam(text: str) -> bool:
    """Say whether a numéro d'assurance maladie is made as it must be.

    Three letters of the family name and one of the given name, year, month (plus 50 for a woman)
    and day of birth, two digits of the Régie's own: so in the public programs that were read.
    """
    return holds_day(text[4:6], text[6:8], text[8:10])


def passes_nam(text: str) -> bool:
    """Say whether a NAM's last digit is the one that its other signs give, in either century.

    No method of the Régie's own was found. This one is what two public programs do that are
    written in different ways (petalmd/health_card, and a reader of cards): letters, full year, sex
    as a letter, month, day and order, as EBCDIC codes, weighted, modulo ten. They give the same
    digit for men; for women one of them looks for the sex in a wrong place. A NAM that fails is
    therefore doubted, never refused.
    """
    return any(nam_digit(text, century) == text[11] for century in CENTURIES)


def nam_digit(text: str, century: int) -> str:
    """Return the last digit of a NAM whose first eleven signs are given."""
    month = int(text[6:8])
    sex = "F" if month > WOMAN else "M"
    year = century + int(text[4:6])
    signs = f"{text[:4]}{year}{sex}{month % WOMAN:02d}{text[8:11]}"
    codes = signs.encode("cp037")
    return str(sum(w * code for w, code in zip(NAM_WEIGHTS, codes, strict=True)) % 10)


def is_neq(text: str) -> bool:
    """Say whether a numéro d'entreprise du Québec starts with one of the legal forms.

    Ten digits, the first two by the legal form: seen on numbers that firms show.
    """
    return text[:2] in NEQ_FORMS


def passes_neq(text: str) -> bool:
    """Say whether the eight digits after the legal form pass the Luhn check.

    No document says so. It was found on 40 numbers that public sites and programs show, 25 of
    form 11, twelve of 22, two of 33 and one of 88: 36 pass, where chance would let 4.
    """
    return passes_luhn(text[2:])


def is_permanent_code(text: str) -> bool:
    """Say whether a code permanent is made as it must be.

    Three letters of the family name and one of the given name, day, month (plus 50 for a girl) and
    year of birth, two digits of the ministère's own: so in explanations for students. The
    ministère's "Guide administratif pour la gestion de l'identité (Ariane)" has a chapter on it
    that was not at hand. How the last two digits are made is not known: they are not checked.
    """
    return holds_day(text[8:10], text[6:8], text[4:6])
