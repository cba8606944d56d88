"""Searchable PDF/A-2b by OCRmyPDF, run as a program of its own so that it can be stopped.

Measured on one core of a small machine: 2 to 3 seconds for a typed page, most of it starting up
and reading; see ``docs/archive.md``.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf
from pikepdf.pdfa import Flavour, PdfaError
from pikepdf.pdfa import save as save_pdfa
from PIL import Image, ImageSequence, UnidentifiedImageError

from rpa.domain.document import MediaType
from rpa.domain.errors import ToolTimeoutError, ToolUnavailableError
from rpa.i18n import _

LANGUAGES: Final = "fra+eng"
DEFAULT_DPI: Final = 200.0
FAX_WIDTH: Final = 1728
FAX_DPI: Final = 204.0
KEPT_IN_CATALOG: Final = frozenset(
    ("/Type", "/Pages", "/Metadata", "/Lang", "/MarkInfo", "/StructTreeRoot", "/PageLabels")
)
MAX_PAGES: Final = 500
JPEG_QUALITY: Final = 95

if find_spec("pi_heif") is not None:  # the extra `images`
    import_module("pi_heif").register_heif_opener(thumbnails=False)


class OcrmypdfSearchablePdf:
    """Makes searchable PDF/A-2b; each call is one process, stopped when its time is over."""

    def __init__(self, *, timeout_s: float = 120.0, languages: str = LANGUAGES) -> None:
        """Keep how long one document may take, and Tesseract's languages."""
        self.name = f"OCRmyPDF {version('ocrmypdf')}"
        self.settings: tuple[tuple[str, str], ...] = (
            ("languages", languages),
            ("optimize", "0"),
            ("pages-with-text", "kept"),
            ("conformance", f"PDF/A-2b, checked by pikepdf {version('pikepdf')}"),
        )
        self._timeout_s = timeout_s
        self._languages = languages

    def converted(self, original: bytes, media_type: MediaType, pages: Sequence[int] = ()) -> bytes:
        """Return ``original`` (a PDF or an image) as searchable PDF/A-2b; only ``pages``, if any.

        Raises:
            ToolUnavailableError: The converter is missing or failed.
            ToolTimeoutError: It did not end in its time.
        """
        laid_out = _plain_pdf if media_type is MediaType.PDF else _pages_as_pdf
        pdf = laid_out(original, pages)
        with tempfile.TemporaryDirectory(prefix="rpa-archive-") as folder:
            source = Path(folder, "source.pdf")
            source.write_bytes(pdf)
            try:
                return self._converted(source, "--skip-text")
            except PdfaError:
                # Fonts or colours that PDF/A forbids: the page is kept as it looks.
                return self._as_pictures(source)

    def _as_pictures(self, source: Path) -> bytes:
        try:
            return self._converted(source, "--force-ocr")
        except PdfaError as exc:
            raise ToolUnavailableError(
                _("The searchable copy of the original does not come out as PDF/A-2b."),
                code="pdfa-not-reached",
            ) from exc

    def _converted(self, source: Path, mode: str) -> bytes:
        """Read the pages, then declare and check PDF/A-2b; ``PdfaError`` where it is not."""
        read, target = source.with_name(f"read{mode}.pdf"), source.with_name(f"pdfa{mode}.pdf")
        self._run([*self._command(mode), str(source), str(read)])
        with pikepdf.open(read, conversion_mode="explicit") as pdf:
            save_pdfa(pdf, target, Flavour.PDFA_2B, output_intent="sRGB")
        return target.read_bytes()

    def _command(self, mode: str) -> list[str]:
        # Signatures of the original can't survive a conversion: the original itself keeps them.
        # Ghostscript is left out: its version in Debian 12 damages text that is there already.
        return [
            sys.executable,
            "-m",
            "ocrmypdf",
            mode,
            "--invalidate-digital-signatures",
            "--output-type=pdf",
            "--optimize=0",
            "--jobs=1",
            f"--language={self._languages}",
            "--quiet",
        ]

    def _run(self, command: list[str]) -> None:
        with subprocess.Popen(  # noqa: S603 - our own interpreter, paths made here
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                status = process.wait(self._timeout_s)
            except subprocess.TimeoutExpired as exc:
                # Tesseract is its child: the whole group must end.
                os.killpg(process.pid, signal.SIGKILL)
                raise ToolTimeoutError(
                    _(
                        "Making the searchable PDF/A took longer than {seconds} s and was stopped. "
                        "Raise the time limit if the document is very long.",
                        seconds=round(self._timeout_s),
                    ),
                    code="pdfa-timeout",
                ) from exc
        if status != 0:
            raise ToolUnavailableError(
                _(
                    "OCRmyPDF could not make a searchable PDF/A of the original (exit status "
                    "{status}). Check that tesseract and its languages are installed.",
                    status=status,
                ),
                code="pdfa-converter",
            )


def _plain_pdf(original: bytes, pages: Sequence[int]) -> bytes:
    """Return a PDF whose form fields are part of its pages, without scripts and carried files."""
    try:
        with pikepdf.open(BytesIO(original)) as pdf:
            if "/AcroForm" in pdf.Root:
                pdf.generate_appearance_streams()
                pdf.flatten_annotations("all")
            for key in set(pdf.Root.keys()) - KEPT_IN_CATALOG:
                del pdf.Root[key]
            _keep_only(pdf, pages)
            for page in pdf.pages:
                _drop_empty_resources(page)
            target = BytesIO()
            pdf.save(target)
    except (pikepdf.PdfError, ValueError, RuntimeError) as exc:
        raise ToolUnavailableError(
            _(
                "The original PDF can't be opened for the archive ({fault}).",
                fault=type(exc).__name__,
            ),
            code="pdfa-source",
        ) from exc
    return target.getvalue()


def _keep_only(pdf: pikepdf.Pdf, pages: Sequence[int]) -> None:
    """Leave these pages in this order; all where none is named."""
    kept = [pdf.pages[number - 1] for number in pages]
    if kept:
        del pdf.pages[:]
        pdf.pages.extend(kept)


def _drop_empty_resources(page: pikepdf.Page) -> None:
    resources: Any = page.obj.get("/Resources", {})
    for key in ("/Pattern", "/Shading"):
        if key in resources and not len(resources[key]):
            del resources[key]


def _pages_as_pdf(image: bytes, chosen: Sequence[int]) -> bytes:
    """Return an image file's pages as a PDF of the right size, with square pixels."""
    try:
        with Image.open(BytesIO(image)) as opened:
            pages = list(_square_pages(opened))
            pages = [pages[number - 1] for number in chosen] or pages
            target = BytesIO()
            pages[0].save(
                target,
                "PDF",
                save_all=True,
                append_images=pages[1:],
                resolution=pages[0].info["dpi"][0],
                **({} if any(page.mode == "1" for page in pages) else {"quality": JPEG_QUALITY}),
            )
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as exc:
        raise ToolUnavailableError(
            _(
                "The original image can't be laid out as pages for the archive ({fault}).",
                fault=type(exc).__name__,
            ),
            code="pdfa-image",
        ) from exc
    return target.getvalue()


def _square_pages(image: Image.Image) -> Iterator[Image.Image]:
    """Yield each page at the first page's resolution; one bit a pixel stays one bit."""
    target = 0.0
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        if number == MAX_PAGES:
            raise ValueError("too many pages")
        across, down = _resolution(frame)
        target = target or max(across, down)
        size = (round(frame.width * target / across), round(frame.height * target / down))
        page = frame.copy() if frame.mode in ("1", "L", "RGB") else _plain(frame)
        if page.size != size:
            way = Image.Resampling.NEAREST if page.mode == "1" else Image.Resampling.BICUBIC
            page = page.resize(size, way)
        page.info["dpi"] = (target, target)
        yield page


def _plain(frame: Image.Image) -> Image.Image:
    if "A" in frame.getbands() or "transparency" in frame.info:
        white = Image.new("RGBA", frame.size, "white")
        return Image.alpha_composite(white, frame.convert("RGBA")).convert("RGB")
    return frame.convert("L" if frame.mode.startswith(("I", "F", "LA")) else "RGB")


def _resolution(frame: Image.Image) -> tuple[float, float]:
    """Return dots to the inch across and down; a fax without tags is known by its width."""
    across, down = (float(number) for number in frame.info.get("dpi", (0, 0)))
    if across > 1 and down > 1:
        return across, down
    if frame.width == FAX_WIDTH:
        return FAX_DPI, 98.0 if frame.height < 1400 else 196.0
    return DEFAULT_DPI, DEFAULT_DPI
