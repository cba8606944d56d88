"""What Python libraries do to a PDF; runs in each library's own environment.

python python_makers.py TOOL ACTION SOURCE TARGET KEY=VALUE...
"""

import importlib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Said = dict[str, str]


def _known_libcrypto() -> None:
    """Let oscrypto understand versions such as 3.0.19, whose last part has two digits."""
    plain = re.search

    def search(pattern: Any, text: Any, flags: int = 0) -> Any:
        if isinstance(pattern, str) and pattern.startswith("\\b(\\d\\.\\d\\.\\d"):
            pattern = r"\b(\d\.\d\.\d+)"
        return plain(pattern, text, flags)

    re.search = search  # type: ignore[assignment]


def endesive_sign(source: bytes, said: Said) -> bytes:
    """Sign with endesive."""
    cms = importlib.import_module("endesive.pdf.cms")
    key, certificate, others = _pkcs12(said)
    wishes: dict[str, Any] = {
        "sigflags": 3,
        "sigflagsft": 132,
        "sigpage": 0,
        "sigfield": said["field"],
        "auto_sigfield": True,
        "contact": "clerk",
        "location": "Here",
        "signingdate": "D:20261102120000+00'00'",
        "reason": "Approved",
    }
    if "box" in said:
        wishes |= {"signaturebox": (320, 40, 520, 90), "signature": "Signed"}
    if "level" in said:
        wishes |= {"sigandcertify": True, "sigflags": int(said["level"])}
    if "pss" in said:
        wishes["pss"] = True
    clock = said.get("tsa")
    update = cms.sign(source, wishes, key, certificate, others, "sha256", None, clock)
    return source + bytes(update)


def endesive_stamp(source: bytes, said: Said) -> bytes:
    """Add a document timestamp with endesive."""
    cms = importlib.import_module("endesive.pdf.cms")
    wishes = {
        "sigflags": 3,
        "sigfield": said["field"],
        "auto_sigfield": True,
        "signingdate": "D:20261102120000+00'00'",
    }
    return source + bytes(cms.timestamp(source, wishes, "sha256", said["tsa"]))


def _pkcs12(said: Said) -> tuple[Any, Any, Any]:
    name = "cryptography.hazmat.primitives.serialization.pkcs12"
    loaded = importlib.import_module(name).load_key_and_certificates(
        Path(said["p12"]).read_bytes(), said["password"].encode()
    )
    return loaded[0], loaded[1], loaded[2]


def pymupdf_form(_source: bytes, _said: Said) -> bytes:
    """Make a form with PyMuPDF."""
    fitz = importlib.import_module("pymupdf")
    made = fitz.open()
    page = made.new_page(width=612, height=792)
    page.insert_text((72, 92), "The city pays 100 dollars.", fontsize=14)
    field = fitz.Widget()
    field.field_type, field.field_name = fitz.PDF_WIDGET_TYPE_TEXT, "name"
    field.rect = fitz.Rect(72, 172, 222, 192)
    page.add_widget(field)
    return bytes(made.tobytes())


def _with_pymupdf(source: bytes, change: Callable[[Any], object]) -> bytes:
    fitz = importlib.import_module("pymupdf")
    target = Path(sys.argv[4])
    target.write_bytes(source)
    opened = fitz.open(target)
    change(opened)
    opened.saveIncr()
    opened.close()
    return target.read_bytes()


def pymupdf_fill(source: bytes, said: Said) -> bytes:
    """Fill in a field with PyMuPDF."""

    def fill(opened: Any) -> None:
        for widget in opened[0].widgets():
            if widget.field_name == said["name"]:
                widget.field_value = said["value"]
                widget.update()

    return _with_pymupdf(source, fill)


def pymupdf_note(source: bytes, _said: Said) -> bytes:
    """Add a note with PyMuPDF."""
    return _with_pymupdf(source, lambda opened: opened[0].add_text_annot((540, 30), "Seen"))


def pymupdf_mark(source: bytes, _said: Said) -> bytes:
    """Add a highlight with PyMuPDF."""
    box = (72, 80, 260, 98)
    return _with_pymupdf(source, lambda opened: opened[0].add_highlight_annot(box))


def pymupdf_describe(source: bytes, _said: Said) -> bytes:
    """Give the document another title with PyMuPDF."""
    return _with_pymupdf(source, lambda opened: opened.set_metadata({"title": "Another title"}))


def _with_pypdf(source: bytes, change: Callable[[Any, Any], object]) -> bytes:
    pypdf = importlib.import_module("pypdf")
    stream = importlib.import_module("io")
    writer = pypdf.PdfWriter(stream.BytesIO(source), incremental=True)
    change(pypdf, writer)
    target = stream.BytesIO()
    writer.write(target)
    return bytes(target.getvalue())


def pypdf_fill(source: bytes, said: Said) -> bytes:
    """Fill in a field with pypdf."""
    values = {said["name"]: "/" * ("tick" in said) + said["value"]}

    def fill(_pypdf: Any, writer: Any) -> None:
        writer.update_page_form_field_values(writer.pages[0], values, auto_regenerate=False)

    return _with_pypdf(source, fill)


def pypdf_note(source: bytes, _said: Said) -> bytes:
    """Add a note with pypdf."""
    notes = importlib.import_module("pypdf.annotations")
    note = notes.Text(text="Seen", rect=(540, 740, 560, 760))
    return _with_pypdf(source, lambda _pypdf, writer: writer.add_annotation(0, note))


def pypdf_describe(source: bytes, _said: Said) -> bytes:
    """Give the document another title with pypdf."""
    return _with_pypdf(
        source, lambda _pypdf, writer: writer.add_metadata({"/Title": "Another title"})
    )


def fpdf2_sign(_source: bytes, said: Said) -> bytes:
    """Make and sign a document with fpdf2."""
    made = importlib.import_module("fpdf").FPDF(format="letter")
    made.add_page()
    made.set_font("Helvetica", size=14)
    made.cell(text="The city pays 100 dollars.")
    made.sign_pkcs12(said["p12"], said["password"].encode(), reason="Approved")
    return bytes(made.output())


def pdfsignerpy_sign(source: bytes, said: Said) -> bytes:
    """Sign with pdfsignerpy, which is written in Rust."""
    given = Path(sys.argv[4] + ".in")
    given.write_bytes(source)
    wishes: dict[str, Any] = {"reason": "Approved", "level": said.get("pades", "bb")}
    if "tsa" in said:
        wishes["tsa_url"] = said["tsa"]
    if "box" in said:
        wishes |= {"signtext": "Signed", "x": 320.0, "y": 40.0, "width": 200.0, "height": 50.0}
    sign = importlib.import_module("pdfsigner").sign_pdf
    sign(str(given), sys.argv[4], said["p12"], said["password"], **wishes)
    given.unlink()
    return Path(sys.argv[4]).read_bytes()


def pyhanko_store(source: bytes, said: Said) -> bytes:
    """Add a store of validation data with pyHanko."""
    dss = importlib.import_module("pyhanko.sign.validation.dss")
    reader = importlib.import_module("pyhanko.pdf_utils.reader")
    asn1 = importlib.import_module("asn1crypto.x509")
    lists = importlib.import_module("asn1crypto.crl")
    stream = importlib.import_module("io").BytesIO(source)
    embedded = reader.PdfFileReader(stream, strict=False).embedded_signatures[0]
    dss.DocumentSecurityStore.add_dss(
        output_stream=stream,
        sig_contents=embedded.pkcs7_content,
        certs=[asn1.Certificate.load(Path(said["certificate"]).read_bytes())],
        crls=[lists.CertificateList.load(Path(said["crl"]).read_bytes())],
        strict=False,
    )
    return bytes(stream.getvalue())


def main() -> None:
    """Do one thing to one file."""
    tool, action, source, target, *rest = sys.argv[1:]
    said = dict(one.split("=", 1) for one in rest)
    _known_libcrypto()
    content = b"" if source == "-" else Path(source).read_bytes()
    Path(target).write_bytes(globals()[f"{tool}_{action}"](content, said))


if __name__ == "__main__":
    main()
