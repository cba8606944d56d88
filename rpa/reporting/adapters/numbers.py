"""Numbers, dates and durations as Québec writes them, by Babel."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Self

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit

from rpa.i18n import Language
from rpa.reporting.figures import Share
from rpa.reporting.window import TORONTO

NARROW: Final = "\u202f"
"""The narrow no-break space: between thousands, before units and signs."""
_WIDE: Final = "\u00a0"
_LOCALES: Final = {"fr": "fr_CA", "en": "en_CA"}


@dataclass(frozen=True, slots=True)
class Numbers:
    """Writes figures in one language."""

    language: Language
    locale: str

    @classmethod
    def of(cls, language: Language) -> Self:
        """Return the way Canada writes numbers in ``language``."""
        return cls(language, _LOCALES[language])

    def number(self, value: Decimal | int) -> str:
        """Return a number, with a decimal only where it has one."""
        return self._narrow(format_decimal(value, "#,##0.#", locale=self.locale))

    def percent(self, share: Share | Decimal | None) -> str:
        """Return a share as a percentage, or a dash when there is nothing to share."""
        value = share.percent if isinstance(share, Share) else share
        if value is None:
            return "—"
        sign = f"{NARROW}%" if self.language == "fr" else "%"
        return self.number(value) + sign

    def dollars(self, value: Decimal) -> str:
        """Return an amount in whole dollars, cut: it is an estimate."""
        pattern = f"#,##0{_WIDE}¤" if self.language == "fr" else "¤#,##0"
        amount = format_currency(
            int(value), "CAD", pattern, locale=self.locale, currency_digits=False
        )
        return self._narrow(amount)

    def day(self, value: date) -> str:
        """Return a date in words."""
        text = format_date(value, "long", locale=self.locale)
        if self.language == "fr" and value.day == 1:
            text = text.replace("1", "1er", 1)
        return self._unbroken(text)

    def moment(self, value: datetime) -> str:
        """Return a moment in Québec's legal time."""
        here = value.astimezone(TORONTO)
        hour = format_time(here, "HH 'h' mm" if self.language == "fr" else "h:mm a", locale="en_CA")
        return f"{self.day(here.date())}, {self._unbroken(hour)}"

    def lasting(self, value: timedelta) -> str:
        """Return how long something lasted, in its two largest units."""
        minutes = max(0, int(value.total_seconds())) // 60
        days, hours = minutes // 1440, minutes // 60 % 24
        parts = [(days, "day"), (hours, "hour"), (0 if days else minutes % 60, "minute")]
        told = [(count, unit) for count, unit in parts if count] or [(0, "minute")]
        return self._narrow(
            " ".join(
                format_unit(count, f"duration-{unit}", length="short", locale=self.locale)
                for count, unit in told
            )
        )

    def _narrow(self, text: str) -> str:
        return text.replace(_WIDE, NARROW).replace(" ", _WIDE)

    def _unbroken(self, text: str) -> str:
        return text.replace(" ", _WIDE)
