"""The baseline for Azure's filled forms: the words of a whole page and a pattern for each field.

Words are put in rows from the top and pieces from the left. Each pattern is anchored at what is
printed beside its field, takes what follows, and passes over the labels that stand between on the
rows; the first match counts. They were tuned on the development copies, as RapidOCR reads them.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from rpa.ocr.api import PageText, Word

GAP: Final = 1.5
"""Heights of a letter from which two words stand in two columns."""
SAME_ROW: Final = 0.6

_TICK = r"([☑☒✓✔Xx])\W{0,3}"
_NINE = r"((?:\d[\s|–-]*){9})"
_PASSED = (
    r"(?:(?:\$|[12] R|\d[\d,]+\n|20\d\d|Form 1099|Misc|Informa|OMB|Copy|For P|[3-9] [A-Z]"
    r"|1\d [A-Z]|totaling"
    r"|dividends|consumer|recipient for|and Pap|Reduction|Notice|Instruct|attorney|Certain|Returns"
    r"|This is|tax inf|being f|the IRS|required|return, a|negligence|sanction|imposed|income is"
    r"|taxable|determines|it has|reported|FATCA|2nd TIN|requirement|payments|compensation"
    r"|\W+\n)[^\n]*\n|\n)*"
)
_LEFT = r"[^$]*\$\s*([\d][\d,.]*)"
_RIGHT = r"[^$]*\$[^$]*\$\s*([\d][\d,.]*)"

W9: Final = {
    "Name": r"1 ?Name \(as shown[^\n]*\n([^\n]+)",
    "BusinessName": r"2 ?Business name[^\n]*\n([^\n]+)",
    "LLC_Classification": r"P=Partnership\)\W*([CSP])\b",
    "ExemptPayeeCode": r"Exempt payee code \(if any\)[\W_]*(\w{1,2})\b",
    "FATCA_Code": r"FATCA reporting[\s\S]{0,500}?code \(if any\)[\W_]*([A-M])\b",
    "Address": r"5 ?Address \(number[^\n]*\n(?:Requester[^\n]*\n)?([^\n]+)",
    "CityStateZip": r"6 ?City, ?state[^\n]*\n([^\n]+)",
    "RequesterNameAddress": r"Requester.s name[^\n]*\n\d[^\n]*\n(?!6 City)([^\n]+)",
    "AccountNumbers": r"7 ?List account number[^\n]*\n([\d, ]+)",
    "SSN": r"Social security number[\s\S]{0,400}?" + _NINE,
    "EIN": r"Employer identification number\s(?! *\()[\s\S]{0,300}?" + _NINE,
    "TaxClassifyIndividual": _TICK + "Individual/sole",
    "TaxClassifyCCorp": _TICK + "C Corporation",
    "TaxClassifySCorp": _TICK + "S Corporation",
    "TaxClassifyPartnership": _TICK + "Partnership",
    "TaxClassifyTrust": _TICK + "Trust",
    "TaxClassifyLLC": _TICK + "Limited",
    "TaxClassifyOther": _TICK + "Other",
}
W8BEN: Final = {
    "Name": r"Name of individual[^\n]*\n(?:2\n)?(?:2? ?Country of citizenship\n)?([^\n]+)",
    "Citizenship": r"Country of citizenship\n[^\n]+\n([^\n]+)",
    "PermanentStreetAddress": r"Permanent residence address[^\n]*\n([^\n]+)",
    "PermanentCityState": r"Permanent res[\s\S]*?City or town[^\n]*\n(?:Country\n)?([^\n]+)",
    "PermanentCountry": r"Permanent res[\s\S]*?City or town[^\n]*\nCountry\n[^\n]+\n([^\n]+)",
    "MailingStreetAddress": r"Mailing address[^\n]*\n(?!City or)([^\n]+)",
    "MailingCityState": r"Mailing address[\s\S]*?City or town[^\n]*\n(?:Country\n)?(?!5)([^\n]+)",
    "MailingCountry": r"Mailing address[\s\S]*?City or town[^\n]*\nCountry\n(?!5)[^\n]+\n([^\n]+)",
    "SSN_ITIN": r"SSN or ITIN\)[\s\S]*?\b(\d[\d-]{8,})",
    "ForeignTaxIdentifyingNumber": r"Foreign tax identifying[^\n]*\n(?:[\d-]{9,12}\n)?(\S+)\n",
    "ReferenceNumber": r"Date of birth[^\n]*\n(\d+)\n",
    "DateOfBirth": r"Date of birth[\s\S]*?\b(\d\d-\d\d-\d{4})",
    "ClaimBenefitResident": r"owner is a resident of[\s_]*([^\n_]+?)[\s_]*(?:\n|within)",
    "ArticleParagraph": r"Article and paragraph\n(\S+)\s",
    "Rate": r"above to claim a\s*(\d+)",
    "TypeOfIncome": r"type of income\):?\n([^\n]+)",
    "AdditionialConditions": r"for the rate of withholding:?[\s_]*\n([^\n]+)",
    "Date": r"Sign Here[\s\S]*?\b(\d\d-\d\d-\d{4})",
    "NameOfSigner": r"Signature of beneficial owner[^\n]*\nDate[^\n]*\n([^\n]+)",
    "CapacityActing": r"Signature of ben[^\n]*\nDate[^\n]*\n[^\n]+\n(?!Print)([^\n]+)\nPrint",
}
_PAYER = r"telephone no\.\n" + _PASSED
_LINE = r"([^\n]+)"
_STREET = r"Street address \(incl[^\n]*\n" + _PASSED + _LINE
F1099: Final = {
    "PayerName": _PAYER + _LINE,
    "PayerAddress": _PAYER + r"[^\n]+\n" + _PASSED + _LINE + r"\n" + _PASSED + _LINE,
    "PayerTIN": r"PAYER.S TIN[\s\S]*?\b(\d\d-[\d-]{6,})",
    "RecipientTIN": r"RECIPIENT.S TIN[\s\S]*?\b\d\d-[\d-]{6,}\n(\S+)\n",
    "RecipientName": r"RECIPIENT.S name\n" + _PASSED + _LINE,
    "RecipientAddress": _STREET + r"[\s\S]*?City or town[^\n]*\n" + _PASSED + _LINE,
    "AccountNumber": r"Account number[^\n]*\n" + _PASSED + r"([\w-]+)",
    "FATCA": r"requirement[\s|]*([☑☒✓✔Xx])\b",
    "2ndTIN": r"2nd TIN not\.?[\s|]*([☑☒✓✔Xx])\b",
    "DirectSale5000": r"recipient for resale[\s|]*([☑☒✓✔Xx])\b",
    "Rents": "Rents" + _LEFT,
    "Royalties": "Royalties" + _LEFT,
    "OtherIncome": "Other income" + _LEFT,
    "FederalIncomeTaxWithheld": "income tax withheld" + _RIGHT,
    "FishingBoatProceeds": "boat proceeds" + _LEFT,
    "MedicalHealthCarePayments": "care payments" + _RIGHT,
    "SubstitutePayments": "Substitute payments" + _LEFT,
    "CropInsuranceProceeds": "insurance proceeds" + _LEFT,
    "GrossProceedsAttorney": "Gross proceeds" + _RIGHT,
    "FishResale": "purchased for resale" + _LEFT,
    "409ADeferrals": "409A deferrals" + _RIGHT,
    "ExcessGoldenParachutePayments": "golden parachute" + _LEFT,
    "NonqualifiedDeferredCompensation": "Nonqualified deferred" + _RIGHT,
    "StateTaxWithheld": "State tax withheld" + _LEFT,
    "StateNo": r"state no\.[\s\S]*?\n([A-Z]{2})\b",
    "StateIncome": "State income" + _RIGHT,
}  # fmt: skip
INVOICE: Final = {
    "Receipt No": r"Receipt ?# ?No\.?:? *(\d+)",
    "Sold To": r"Sold To:? *\n?([^\n]+)",
    "ID #": r"\bID ?#:? *(\d+)",
    "Live Delivery?": r"Live Delivery:?\W{0,3}([☑☒✓✔Xx])\b",
    "Online Delivery?": r"Livestream\):?\W{0,3}([☑☒✓✔Xx])\b",
    "Video Delivery?": r"On Demand\):?\W{0,3}([☑☒✓✔Xx])\b",
}
PATTERNS: Final[Mapping[str, Mapping[str, str]]] = {
    "w9": W9, "w8ben": W8BEN, "f1099": F1099, "invoice": INVOICE,
}  # fmt: skip
"""For each folder of copies."""


def searched(text: str, pattern: str) -> str:
    """Return what a pattern finds; empty where it finds nothing."""
    found = re.search(pattern, text, re.IGNORECASE)
    return " ".join(part.strip(" |_") for part in found.groups()) if found else ""


def as_lines(page: PageText) -> str:
    """Return the pieces of the printed rows as lines, row by row."""
    lines: dict[int, list[Word]] = {}
    for word in page.words:
        lines.setdefault(word.line, []).append(word)
    pieces = [piece for line in lines.values() for piece in _pieces(line)]
    rows: list[list[list[Word]]] = []
    for piece in sorted(pieces, key=_middle):
        last = rows[-1][0] if rows else None
        if last is None or _middle(piece) - _middle(last) > SAME_ROW * (last[0].y1 - last[0].y0):
            rows.append([])
        rows[-1].append(piece)
    placed = [piece for row in rows for piece in sorted(row, key=lambda one: one[0].x0)]
    return "\n".join(" ".join(word.text for word in piece) for piece in placed)


def _middle(piece: Sequence[Word]) -> float:
    return (piece[0].y0 + piece[0].y1) / 2


def _pieces(line: Sequence[Word]) -> list[list[Word]]:
    pieces = [[line[0]]]
    for before, word in pairwise(line):
        if word.x0 - before.x1 > GAP * (word.y1 - word.y0):
            pieces.append([])
        pieces[-1].append(word)
    return pieces
