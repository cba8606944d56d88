"""The kinds of value that forms ask for, and what a form says of how they are written."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from rpa.domain.model import Value


class FieldKind(StrEnum):
    """What kind of value a field holds; each kind has a parser, checks and a canonical text.

    ================ =====================================================================
    kind             canonical text of a value
    ================ =====================================================================
    text             white space folded, apostrophes straight
    name             the same; hyphens tight, ``Marie-Ève``, ``O'Bomsawin``, ``J.-P.``
    address          ``1035, rue De La Chevrotière, app. 4, Québec``
    date             ISO 8601, ``2026-11-24``
    time             24 hours, ``14:30``
    integer          decimal digits, ``1204``
    number           a point, no thousands, no zeros at the end: ``1234.5``, ``-3``
    percent          the same, without the sign: ``9.975``
    amount           a point and two decimals, ``1234.50``, ``-45.00``
    postal-code      ``G1R 4S9``; with ``country: FR`` ``75008``, with ``US`` as ``zip``
    phone            E.164, ``+14186431234``; with an extension ``+14186431234;ext=12``
    email            as written, domain in lower case
    sin              nine digits (numéro d'assurance sociale), Luhn-checked
    nam              ``TREM54122816`` (numéro d'assurance maladie of the RAMQ)
    neq              ten digits (numéro d'entreprise du Québec)
    permanent-code   ``TREM24110401`` (code permanent of a student)
    driver-licence   ``T123424110401`` (permis de conduire of the SAAQ)
    bn               ``123026635`` or ``123026635RC0001`` (federal business number)
    account          ``00011-815-1234567``: transit, institution, account
    iban             without blanks, ``FR7630006000011234567890189``
    ssn, ein         ``536-90-4399``, ``12-3456789`` (United States)
    zip              ``90210`` or ``90210-1234``
    nir, siren,      fifteen, nine and fourteen digits (France)
    siret
    checkbox         ``true`` or ``false``
    signature        ``true`` where somebody signed, else ``false``
    stamp            ``true`` where something was stamped, else ``false``
    ================ =====================================================================
    """

    TEXT = "text"
    NAME = "name"
    ADDRESS = "address"
    DATE = "date"
    TIME = "time"
    INTEGER = "integer"
    NUMBER = "number"
    PERCENT = "percent"
    AMOUNT = "amount"
    POSTAL_CODE = "postal-code"
    PHONE = "phone"
    EMAIL = "email"
    SIN = "sin"
    NAM = "nam"
    NEQ = "neq"
    PERMANENT_CODE = "permanent-code"
    DRIVER_LICENCE = "driver-licence"
    BN = "bn"
    ACCOUNT = "account"
    IBAN = "iban"
    SSN = "ssn"
    EIN = "ein"
    ZIP = "zip"
    NIR = "nir"
    SIREN = "siren"
    SIRET = "siret"
    CHECKBOX = "checkbox"
    SIGNATURE = "signature"
    STAMP = "stamp"


DRAWN: Final = frozenset((FieldKind.CHECKBOX, FieldKind.SIGNATURE, FieldKind.STAMP))
"""Kinds that are drawn and not written: there or not."""
UNTOLD: Final = DRAWN - {FieldKind.CHECKBOX}
"""Kinds of which a file's own data says nothing, but for a signature made in the file."""


class MarkPlace(StrEnum):
    """Where an option is ticked."""

    INSIDE = "inside"
    """In the box or circle that is printed in the zone."""
    AROUND = "around"
    """Around the word that is printed in the zone."""


class DateOrder(StrEnum):
    """In which order a date's numbers stand."""

    DAY_FIRST = "dmy"
    YEAR_FIRST = "ymd"
    MONTH_FIRST = "mdy"


class DecimalMark(StrEnum):
    """What stands before a number's decimals."""

    COMMA = "comma"
    POINT = "point"

    @property
    def sign(self) -> str:
        """The mark itself."""
        return "," if self is DecimalMark.COMMA else "."


class Country(StrEnum):
    """Whose postal codes and telephone numbers a field holds (ISO 3166-1)."""

    CANADA = "CA"
    FRANCE = "FR"
    UNITED_STATES = "US"


class Writing(Value):
    """How a form wants values written, where the kind alone leaves two meanings."""

    order: DateOrder | None = None
    """The order of a date's numbers; without it, day before month where nothing else tells, and
    a date of three short numbers that could be two days is ambiguous."""
    pivot: Annotated[int, Field(ge=0, le=100)] = 50
    """A year of two digits below this is of the 2000s, else of the 1900s."""
    decimal: DecimalMark | None = None
    """What stands before decimals; without it, both are taken where only one can be meant."""
    country: Country = Country.CANADA
    """Whose postal codes and telephone numbers these are."""


AS_USUAL = Writing()
"""Nothing declared."""
