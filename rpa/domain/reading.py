"""What was read from a document: field values, each with its place and its confidence."""

from collections.abc import Mapping
from enum import StrEnum

from rpa.domain.form import Confidence, FieldKind
from rpa.domain.geometry import Box
from rpa.domain.model import Digest, Value


class Method(StrEnum):
    """How a value was got."""

    ACROFORM = "acroform"
    TEXT_LAYER = "text-layer"
    OCR = "ocr"
    MARK = "mark"
    """A tick box, a signature or a stamp, by its ink."""
    PERSON = "person"


class Written(StrEnum):
    """How the characters of an answer came onto the paper."""

    HAND = "hand"
    PRINT = "print"


class DeliveredPlace(Value):
    """A place on a page as it was delivered, in pixels of the page image."""

    page: int
    """Of the document, from 1; a form's first page may be its third."""
    box: Box
    width: int
    """Of the page image, in pixels."""
    height: int


class FieldValue(Value):
    """What was found for one field."""

    name: str
    kind: FieldKind
    reading: str
    """The characters as read, before any parser."""
    value: str | None
    """The canonical text of its kind, or None if the reading is empty or fails its checks."""
    confidence: Confidence
    method: Method
    page: int = 1
    box: Box | None = None
    """Where, in PDF points on the form's blank."""
    delivered: DeliveredPlace | None = None
    """Where on the page that came in, if the value was read from a picture."""
    written: Written | None = None
    """By hand or by a machine, where that could be told from the picture."""
    evidence: tuple[float, ...] = ()
    """What the confidence was worked out from, if the value was recognized; no letter of it."""
    problems: tuple[str, ...] = ()
    """Codes of what is wrong: ``missing``, ``not-a-date``, ``checksum``, ``low-confidence``, …"""


class Reading(Value):
    """All field values of one document, and how far the reading can be trusted."""

    fields: tuple[FieldValue, ...]
    pages: int
    alignment: Confidence = 1.0
    """1 for digital documents; for images, how surely the page was laid on its blank."""
    rules_broken: tuple[str, ...] = ()
    """``sum:total``, ``one-of:a,b``: rules between fields that do not hold."""
    source: Digest | None = None

    @property
    def is_native(self) -> bool:
        """True when every value came from the file's own data and none from pixels."""
        return all(f.method in (Method.ACROFORM, Method.TEXT_LAYER) for f in self.fields)

    def values(self) -> Mapping[str, str]:
        """Return the canonical text by field name, of the fields that have one."""
        return {f.name: f.value for f in self.fields if f.value is not None}
