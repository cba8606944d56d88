"""The programs that a transfer from paper rests on, with their versions."""

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from rpa import __version__
from rpa.archive.adapters.ocrmypdf_pdf import OcrmypdfSearchablePdf
from rpa.domain.transfer import Software
from rpa.ocr.adapters.tesseract import tesseract_version

_LIBRARIES: Final = (
    ("decoding", "pypdfium2"),
    ("decoding", "pillow"),
    ("decoding", "opencv-python-headless"),
    ("recognition", "rapidocr"),
    ("searchable-copy", "pikepdf"),
    ("seal", "pyHanko"),
)


@lru_cache(maxsize=1)
def software_used() -> tuple[Software, ...]:
    """Return every program that opens, reads, copies or seals a document here."""
    copier = OcrmypdfSearchablePdf()
    name, number = copier.name.rsplit(" ", 1)
    found = [Software(purpose="framework", name="paperless-rpa", version=__version__)]
    for purpose, package in _LIBRARIES:
        try:
            found.append(Software(purpose=purpose, name=package, version=version(package)))
        except PackageNotFoundError:  # an extra that is not installed
            continue
    found.append(
        Software(purpose="recognition", name="Tesseract", version=tesseract_version() or "?")
    )
    found.append(
        Software(purpose="searchable-copy", name=name, version=number, settings=copier.settings)
    )
    return tuple(sorted(found, key=lambda one: (one.purpose, one.name)))
