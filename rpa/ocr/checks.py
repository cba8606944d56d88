"""Checks that need nothing but the value: check digits, calendars, grammars."""

import re
from datetime import date
from typing import Final

from email_validator import EmailNotValidError, validate_email
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_valid_number,
    parse,
)

POSTAL_CODE: Final = re.compile(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d")
"""Canada Post's alphabet: no D, F, I, O, Q, U; W and Z not first."""
EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2100


def passes_luhn(digits: str) -> bool:
    """Say whether the last digit is the Luhn check digit of those before it (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return digits.isdigit() and sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def calendar_day(year: int, month: int, day: int) -> date | None:
    """Return the day, or None where the calendar has none, or none a form can mean."""
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def is_postal_code(text: str) -> bool:
    """Say whether ``text`` is a Canadian postal code in its canonical form."""
    return POSTAL_CODE.fullmatch(text) is not None


def e164(text: str, country: str = "CA") -> str | None:
    """Return a telephone number as E.164, read as in ``country``; None where it cannot be one."""
    try:
        number = parse(text, country)
    except NumberParseException:
        return None
    return format_number(number, PhoneNumberFormat.E164) if is_valid_number(number) else None


def email_address(text: str) -> str | None:
    """Return an e-mail address with its domain in lower case; None where it is none.

    Asks no name server, and takes the domains reserved for examples and tests.
    """
    try:
        checked = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    local, _at, domain = checked.normalized.rpartition("@")
    return f"{local}@{domain.lower()}"
