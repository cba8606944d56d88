"""Server-side checks: each says in French what it does not like; pages show it in red."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

Answers = Mapping[str, str]


class Checked:
    """Values taken from a form, and what is wrong with them."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.errors: list[str] = []
        self.values: dict[str, object] = {}

    def text(self, name: str, label: str, *, required: bool = True, longest: int = 60) -> str:
        """Take a text."""
        value = self._answers.get(name, "")
        if required and not value:
            self.errors.append(f"{label} : champ obligatoire.")
        if len(value) > longest:
            self.errors.append(f"{label} : {longest} caractères au plus.")
        self.values[name.lower()] = value
        return value

    def pattern(self, name: str, label: str, *, shape: str, required: bool = True) -> str:
        """Take a text that must have a shape."""
        value = self.text(name, label, required=required)
        if value and not re.fullmatch(shape, value):
            self.errors.append(f"{label} : « {value} » n'est pas valide.")
        return value

    def code(self, name: str, label: str, *, table: Mapping[str, str]) -> str:
        """Take a code of a code table."""
        value = self.text(name, label)
        if value and value not in table:
            self.errors.append(f"{label} : code inconnu.")
        return value

    def date(self, name: str, label: str, *, required: bool = True) -> date | None:
        """Take a date from its three selects (``J_``, ``M_``, ``A_`` and the name)."""
        parts = [self._answers.get(f"{part}_{name}", "") for part in "AMJ"]
        self.values[name.lower()] = ""
        if not any(parts):
            if required:
                self.errors.append(f"{label} : date obligatoire.")
            return None
        try:
            found = date(*(int(part) for part in parts))
        except ValueError:
            self.errors.append(f"{label} : cette date n'existe pas.")
            return None
        self.values[name.lower()] = found.isoformat()
        return found

    def amount(self, name: str, label: str, *, required: bool = True) -> Decimal | None:
        """Take an amount, with a comma or a point."""
        value = self.text(name, label, required=required)
        if not value:
            return None
        try:
            found = Decimal(value.replace(" ", "").replace(",", "."))
        except InvalidOperation:
            self.errors.append(f"{label} : « {value} » n'est pas un montant.")
            return None
        self.values[name.lower()] = f"{found:.2f}"
        return found

    def tick(self, name: str) -> None:
        """Take a tick box."""
        self.values[name.lower()] = name in self._answers

    def that(self, problem: Callable[[], bool], message: str) -> None:
        """Add ``message`` where nothing else is wrong yet and ``problem`` holds."""
        if not self.errors and problem():
            self.errors.append(message)


def passes_luhn(digits: str) -> bool:
    """Say whether the last digit is the check digit of the others."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
