"""A catalogue of broken and hostile inputs, made by code, each with what must become of it."""

import io
import os
import socket
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from rpa.testing import hostile_images as images
from rpa.testing import hostile_mail as mail
from rpa.testing import hostile_pdfs as pdfs

ACCEPTED: Final = "accepted"
IGNORED: Final = "ignored"
"""Never held out: it is no file, or not finished."""

Planter = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class BadInput:
    """One input as it would lie in a channel's folder."""

    name: str
    filename: str
    plant: Planter
    """Makes the file at the path it is given."""
    expected: str
    """The code of the refusal, or :data:`ACCEPTED` or :data:`IGNORED`."""


def _file(name: str, filename: str, make: Callable[[], bytes], expected: str) -> BadInput:
    return BadInput(name, filename, lambda path: _written(path, make()), expected)


def _written(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _zip(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as folder:
        for name, content in names.items():
            folder.writestr(zipfile.ZipInfo(name, (2026, 3, 3, 9, 0, 0)), content)
    return out.getvalue()


def _locked_zip() -> bytes:
    """Mark the one entry as encrypted: bit 0 of both flag fields (APPNOTE 4.4.4)."""
    whole = bytearray(_zip({"formulaire.pdf": images.noise(64)}))
    whole[6] |= 1
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    return bytes(whole)


def _cut(make: Callable[[], bytes], share: float) -> Callable[[], bytes]:
    def cut() -> bytes:
        whole = make()
        return whole[: int(len(whole) * share)]

    return cut


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))


def _sparse(path: Path) -> None:
    with path.open("wb") as out:
        out.truncate(3_000_000_000)


_TWO_PAGES: Final = partial(images.fax_tiff, 2)
_PDF_PART: Final = ("formulaire.pdf", "application/pdf")

IMAGES: Final = (
    _file("cut in the header", "a.tif", lambda: images.fax_tiff()[:6], "incomplete"),
    _file("cut in the first page", "a.tif", _cut(_TWO_PAGES, 0.2), "incomplete"),
    _file("cut in the middle", "a.tif", _cut(_TWO_PAGES, 0.5), "damaged-page"),
    _file("cut in the last page", "a.tif", _cut(_TWO_PAGES, 0.8), "damaged-page"),
    _file("cut by a few bytes", "a.tif", lambda: _TWO_PAGES()[:-20], "damaged-page"),
    _file("directories in a loop", "a.tif", partial(images.tiff_with, bytes(512), next_at=8),
          "damaged-page"),
    _file("2^31 rows", "a.tif", partial(images.tiff_with, bytes(512), height=2**31 - 1),
          "page-too-large"),
    _file("Group 4 noise", "a.tif",
          lambda: images.tiff_with(images.noise(800), width=1728, height=1100, compression=4),
          "damaged-page"),
    _file("Group 4 that ends too soon", "a.tif",
          partial(images.tiff_with, bytes(4) + b"\x00\x10\x01", width=1728, height=1100,
                  compression=4), "damaged-page"),
    _file("Group 3 noise", "a.tif",
          lambda: images.tiff_with(images.noise(800), width=1728, height=1100, compression=3),
          "damaged-page"),
    _file("strips of no bytes", "a.tif", partial(images.tiff_with, b""), "damaged-page"),
    _file("strips outside the file", "a.tif",
          partial(images.tiff_with, bytes(512), offset=1_000_000), "incomplete"),
    _file("no width", "a.tif", partial(images.bare_tiff, {images.LENGTH: 64}), "damaged"),
    _file("no size at all", "a.tif", partial(images.bare_tiff, {}), "damaged"),
    _file("width of zero", "a.tif", partial(images.tiff_with, bytes(512), width=0), "damaged"),
    _file("unknown compression", "a.tif",
          partial(images.tiff_with, bytes(512), compression=4711), "damaged"),
    _file("thousand pages", "a.tif", partial(images.tiff_of_many_pages, 1000), "too-many-pages"),
    _file("20,000 by 20,000 fax", "a.tif",
          partial(images.tiff_with, bytes(512), width=20_000, height=20_000, compression=4),
          "page-too-large"),
    _file("second page is noise", "a.tif", images.tiff_whose_second_page_is_garbage,
          "damaged-page"),
    _file("20,000 by 20,000 PNG", "a.png",
          lambda: images.png_of(20_000, 20_000,
                                images.png_chunk(b"IDAT", images.zeros_deflated(400))),
          "page-too-large"),
    _file("PNG that inflates to a thousand million bytes", "a.png",
          lambda: images.png_of(100, 100, images.png_chunk(b"IDAT", images.zeros_deflated(1000))),
          ACCEPTED),
    _file("PNG with a text that inflates", "a.png",
          lambda: images.png_of(100, 100, images.png_chunk(
              b"zTXt", b"Title\0\0" + images.zeros_deflated(500))), "damaged"),
    _file("PNG with a wrong checksum", "a.png",
          lambda: images.png_of(100, 100, images.png_chunk(
              b"IDAT", images.zeros_deflated(1), crc=1)), "damaged"),
    _file("PNG cut short", "a.png", _cut(images.good_png, 0.6), "incomplete"),
    _file("PNG without pixels", "a.png", partial(images.png_of, 100, 100), "damaged"),
    _file("JPEG cut short", "a.jpg", _cut(images.good_jpeg, 0.6), "incomplete"),
    _file("JPEG cut and closed", "a.jpg", lambda: _cut(images.good_jpeg, 0.5)() + b"\xff\xd9",
          "damaged"),
    _file("JPEG of 65,000 by 65,000", "a.jpg", partial(images.jpeg_that_says, 65_000, 65_000),
          "page-too-large"),
    _file("JPEG of no height", "a.jpg", partial(images.jpeg_that_says, 800, 0), "damaged"),
    _file("JPEG of a header only", "a.jpg", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\0\xff\xd9",
          "damaged"),
)  # fmt: skip

PDFS: Final = (
    _file("asks for a password", "a.pdf", partial(pdfs.locked_pdf, user="secret"), "encrypted"),
    _file("only its owner is locked out", "a.pdf", partial(pdfs.locked_pdf, user=""), ACCEPTED),
    _file("5,000 pages", "a.pdf", partial(pdfs.pdf_of_many_pages, 5000), "too-many-pages"),
    _file("no pages", "a.pdf", pdfs.pdf_without_pages, "no-pages"),
    _file("page tree in a loop", "a.pdf", pdfs.pdf_whose_page_tree_is_a_loop, "damaged"),
    _file("hides a page", "a.pdf", pdfs.pdf_that_hides_a_page, "damaged"),
    _file("cross-references spoiled", "a.pdf", pdfs.pdf_with_a_spoiled_cross_reference, ACCEPTED),
    _file("cut short", "a.pdf", _cut(pdfs.one_page_pdf, 0.6), "incomplete"),
    _file("header only", "a.pdf", lambda: b"%PDF-1.7\n", "incomplete"),
    _file("page of a square kilometre", "a.pdf",
          partial(pdfs.one_page_pdf, box=b"[0 0 3000000 3000000]"), "page-too-large"),
    _file("page without a size", "a.pdf", partial(pdfs.one_page_pdf, box=b"[0 0 0 0]"), ACCEPTED),
    _file("instructions that inflate twice", "a.pdf", pdfs.pdf_bomb, "too-demanding"),
    _file("instructions that do not inflate", "a.pdf", pdfs.pdf_with_a_spoiled_page,
          "damaged-page"),
    _file("JavaScript and a program to start", "a.pdf", pdfs.pdf_with_actions, ACCEPTED),
    _file("dynamic XFA form", "a.pdf", pdfs.pdf_of_a_dynamic_form, "dynamic-form"),
    _file("portfolio", "a.pdf", pdfs.pdf_portfolio, "portfolio"),
    _file("draws itself", "a.pdf", pdfs.pdf_that_draws_itself, ACCEPTED),
    _file("image of 3,600 million pixels", "a.pdf", pdfs.pdf_with_a_huge_image, "damaged-page"),
)  # fmt: skip

MESSAGES: Final = (
    _file("text only", "a.eml", mail.mail_bytes, "no-document"),
    _file("without its boundary", "a.eml",
          lambda: mail.mail_bytes((*_PDF_PART, pdfs.one_page_pdf())).replace(b"=-=rpa=-=", b"?", 1),
          "no-document"),
    _file("spoiled base64", "a.eml",
          lambda: mail.mail_with_spoiled_base64(pdfs.one_page_pdf()), "damaged"),
    _file("spoiled attachment beside a good one", "a.eml",
          lambda: mail.mail_bytes((*_PDF_PART, images.noise(900)),
                                  (*_PDF_PART, pdfs.one_page_pdf())),
          "unknown-kind"),
    _file("forwarded 50 times", "a.eml", partial(mail.mail_nested, 50), "too-nested"),
    _file("forwarded 5,000 times", "a.eml", partial(mail.mail_nested, 5000), "too-nested"),
    _file("10,000 parts", "a.eml", partial(mail.mail_of_parts, 10_000), "too-nested"),
    _file("office document attached", "a.eml",
          lambda: mail.mail_bytes(("a.docx", "application/octet-stream",
                                   _zip({"[Content_Types].xml": b"<x/>"}))), "office-file"),
)  # fmt: skip

OTHER_KINDS: Final = (
    _file("empty", "a.pdf", bytes, "empty"),
    _file("one byte", "a.pdf", partial(bytes, 1), "unknown-kind"),
    _file("noise", "a.pdf", partial(images.noise, 5000), "unknown-kind"),
    _file("compressed folder called PDF", "a.pdf", lambda: _zip({"a.txt": b"x"}), "archive-file"),
    _file("locked compressed folder", "a.zip", _locked_zip, "archive-file"),
    _file("Word document", "a.docx",
          lambda: _zip({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
          "office-file"),
    _file("old office document", "a.doc",
          lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "office-file"),
    _file("rich text", "a.pdf", lambda: rb"{\rtf1\ansi Bonjour}", "office-file"),
    _file("Windows program", "facture.pdf", lambda: b"MZ\x90\0" + bytes(400), "program"),
    _file("Linux program", "a.pdf", lambda: b"\x7fELF\2\1\1" + bytes(400), "program"),
    _file("script", "a.pdf", lambda: b"#!/bin/sh\nrm -rf /\n", "program"),
    _file("web page", "a.pdf", lambda: b"<!DOCTYPE html><html><body>x</body></html>", "web-page"),
    _file("text", "a.txt", "Réponse à votre lettre.\n".encode, "text-file"),
    _file("SVG", "a.svg", lambda: b'<?xml version="1.0"?><svg xmlns="x"></svg>', "image-kind"),
    _file("GIF", "a.gif", lambda: b"GIF89a" + bytes(40), "damaged"),
    _file("HEIC", "a.jpg", lambda: b"\0\0\0\x18ftypheic" + bytes(40), "damaged"),
)  # fmt: skip

NAMES: Final = (
    _file("name that climbs", "x\\..\\..\\etc\\a.tif", images.fax_tiff, ACCEPTED),
    _file("name of several lines", "a\n\x1b[31m\u202efdp.tif", images.fax_tiff, ACCEPTED),
    _file("name of 255 bytes", "é" * 125 + "a.tif", images.fax_tiff, ACCEPTED),
    _file("name that is no UTF-8", os.fsdecode(b"t\xe9l\xe9copie.tif"), images.fax_tiff, ACCEPTED),
)

NOT_FILES: Final = (
    BadInput("link out of the folder", "a.pdf", lambda path: path.symlink_to("/etc/passwd"),
             "link"),
    BadInput("link to nothing", "a.pdf", lambda path: path.symlink_to("nowhere"), "link"),
    BadInput("pipe", "a.pdf", _pipe, IGNORED),
    BadInput("socket", "a.pdf", _socket, IGNORED),
    BadInput("folder called PDF", "a.pdf", Path.mkdir, IGNORED),
    BadInput("file of 3 GB", "a.pdf", _sparse, "too-large"),
    _file("download not finished", "a.pdf.crdownload", images.fax_tiff, IGNORED),
    _file("copy not finished", "a.tif.part", images.fax_tiff, IGNORED),
    _file("hidden file", ".a.tif", images.fax_tiff, IGNORED),
)  # fmt: skip

BAD_INPUTS: Final = (*IMAGES, *PDFS, *MESSAGES, *OTHER_KINDS, *NAMES, *NOT_FILES)
