"""What people call the problems of a value and the rules that do not hold.

The codes are stable: they stand in readings, in the register and in what programs get as JSON.
"""

from rpa.i18n import _


def problem_words(code: str) -> str:
    """Return what ``code`` says, in the language that is spoken; an unknown code as it is."""
    word, colon, rest = code.partition(":")
    return _broken_rule(word, rest.split(",")) if colon else _problem(code)


def _problem(code: str) -> str:
    """Return what is wrong with a value."""
    words = {
        "missing": _("nothing is written"),
        "low-confidence": _("read, but not surely"),
        "handwritten": _("written by hand"),
        "unreadable": _("cannot be read"),
        "checksum": _("its check digit is wrong: a sign was misread or miswritten"),
        "doubtful-mark": _("ticked or not: the mark is too faint, or not clearly a tick"),
        "corrected-mark": _("ticked, then crossed out or blackened"),
        "ambiguous-date": _("could be two dates"),
        "ambiguous-number": _("comma or point: could be two numbers"),
        "not-a-choice": _("none of the answers that the form offers"),
        "pattern": _("not written as the form demands"),
    }
    return words.get(code) or _drawing(code) or _kind(code)


def _drawing(code: str) -> str | None:
    """Return what is wrong with ink that is no text."""
    words = {
        "no-signature": _("the signature is missing"),
        "doubtful-signature": _("signed or not: there is ink, and not clearly a signature"),
        "typed-signature": _("a typed text stands where a signature belongs"),
        "stamped-over": _("a stamp stands where a signature belongs"),
        "no-stamp": _("the stamp is missing"),
        "doubtful-stamp": _("stamped or not: there is ink, and not clearly a stamp"),
        "crossed": _("a stamp or a signature runs across it"),
    }
    return words.get(code)


def _kind(code: str) -> str:
    """Return which kind of value a text is not."""
    kinds = {
        "not-a-name": _("not a name"),
        "not-an-address": _("not an address"),
        "not-a-date": _("not a date"),
        "not-a-time": _("not a time of day"),
        "not-an-integer": _("not a whole number"),
        "not-a-number": _("not a number"),
        "not-a-percentage": _("not a percentage"),
        "not-an-amount": _("not an amount"),
        "not-a-postal-code": _("not a postal code"),
        "not-a-phone-number": _("not a telephone number"),
        "not-an-email-address": _("not an e-mail address"),
        "not-an-account": _("not a bank account (transit, institution, account)"),
        "not-an-iban": _("not an IBAN"),
    }
    return kinds.get(code) or _number(code)


def _number(code: str) -> str:
    """Return whose number a text is not."""
    numbers = {
        "not-a-sin": _("not a social insurance number"),
        "not-a-nam": _("not a health insurance number (RAMQ)"),
        "not-a-neq": _("not a Québec enterprise number"),
        "not-a-permanent-code": _("not a student's permanent code"),
        "not-a-driver-licence": _("not a driver's licence number"),
        "not-a-bn": _("not a federal business number"),
        "not-an-ssn": _("not a social security number (United States)"),
        "not-an-ein": _("not an employer identification number (United States)"),
        "not-a-nir": _("not a social security number (France)"),
        "not-a-siren": _("not a SIREN number"),
        "not-a-siret": _("not a SIRET number"),
    }
    return numbers.get(code, code)


def _broken_rule(word: str, names: list[str]) -> str:
    """Return which rule between fields does not hold."""
    fields = ", ".join(names)
    words = {
        "sum": _("the parts do not add up to {fields}", fields=fields),
        "product": _("the factors do not multiply to {fields}", fields=fields),
        "one-of": _("exactly one must be ticked: {fields}", fields=fields),
        "at-most-one": _("only one may be ticked: {fields}", fields=fields),
        "at-least-one": _("at least one must be ticked: {fields}", fields=fields),
        "dates": _("the period ends before it starts: {fields}", fields=fields),
        "together": _("all or none must be filled: {fields}", fields=fields),
        "requires": _(
            "{box} is ticked, so these must be filled: {fields}",
            box=names[0],
            fields=", ".join(names[1:]),
        ),
        "equal": _("must be the same: {fields}", fields=fields),
        "identity": _("the number and the person do not agree: {fields}", fields=fields),
        "province": _("the postal code is of another province: {fields}", fields=fields),
        "row": _("the row {fields} is only partly filled", fields=fields),
    }
    return words.get(word, f"{word}:{fields}")
