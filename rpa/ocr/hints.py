"""What kind of value a form's words ask for, in French and English."""

import re
from collections.abc import Mapping
from typing import Final

from rpa.domain.kinds import FieldKind

HINTS: Final[Mapping[FieldKind, str]] = {
    FieldKind.EMAIL: r"courriel|e-?mail|m[ée]l\b|adresse [ée]lectronique",
    FieldKind.PHONE: r"t[ée]l[ée]phone|phone|\bt[ée]l\b|cellulaire|t[ée]l[ée]copieur|\bfax\b",
    FieldKind.POSTAL_CODE: r"code postal|postal code",
    FieldKind.ZIP: r"\bzip\b",
    FieldKind.SIN: r"assurance sociale|\bnas\b|\bsin\b|social insurance",
    FieldKind.NAM: r"assurance[- ]maladie|\bnam\b|\bramq\b|health insurance",
    FieldKind.NEQ: r"\bneq\b|entreprise du qu[ée]bec|qu[ée]bec enterprise",
    FieldKind.PERMANENT_CODE: r"code permanent|permanent code",
    FieldKind.DRIVER_LICENCE: r"permis de conduire|driver.{0,2} licen[cs]e",
    FieldKind.BN: r"business number|num[ée]ro d.entreprise",
    FieldKind.IBAN: r"\biban\b",
    FieldKind.ACCOUNT: r"(num[ée]ro|n[o°º]\.?) (de|du) compte|compte bancaire"
    r"|(bank )?account (number|no\b)",
    FieldKind.SSN: r"social security|\bssn\b",
    FieldKind.EIN: r"\bein\b|employer identification",
    FieldKind.SIRET: r"\bsiret\b",
    FieldKind.SIREN: r"\bsiren\b",
    FieldKind.NIR: r"\bnir\b|s[ée]curit[ée] sociale",
    FieldKind.DATE: r"\bdate\b|jj.{0,3}mm|aaaa|yyyy",
    FieldKind.SIGNATURE: r"\bsignatures?\b|\bsign here\b|\bparaphes?\b",
    FieldKind.STAMP: r"\bcachet\b|\btampon\b|\bsceau\b|\b(rubber )?stamp\b",
    FieldKind.TIME: r"\bheures?\b|\btime\b",
    FieldKind.PERCENT: r"%|pour ?cent\b|percent|\btaux\b",
    FieldKind.AMOUNT: r"montant|total|amount|\$|€|\bprix\b|\bprice\b|\bco[ûu]ts?\b|\bcost\b"
    r"|\bsolde\b|\bbalance\b|\bsalaires?\b|\bsalary\b",
    FieldKind.INTEGER: r"\bnombre d|\bnumber of\b|quantit[ée]|quantity|\b[âa]ge\b",
    FieldKind.ADDRESS: r"\badresse|\baddress|\brue\b|\bstreet\b|\bvoie\b",
    FieldKind.NAME: r"\bnoms?\b|pr[ée]nom|\bname\b",
}
"""The first that is found in a label counts: the narrower kinds stand before the wider ones."""


def kind_of_label(label: str) -> FieldKind:
    """Return the kind of value that a label hints at; a text where it hints at none."""
    found = (kind for kind, hint in HINTS.items() if re.search(hint, label, re.IGNORECASE))
    return next(found, FieldKind.TEXT)
