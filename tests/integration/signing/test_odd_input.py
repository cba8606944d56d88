import subprocess
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from rpa.domain.errors import SignatureRefusedError
from rpa.domain.signature import Integrity
from rpa.signing.adapters.opening import opened
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.api import FieldPlan, Place
from rpa.testing import hostile_pdfs
from rpa.testing.hostile_pdfs import one_page_pdf, pdf_of, pdf_of_many_pages, stream
from rpa.testing.mutations import dice_of, mutated
from rpa.testing.signatures import credential, signing_request
from rpa.testing.structural_mutations import restructured

_CATALOG = b"<</Type/Catalog/Pages 2 0 R/AcroForm %s>>"


@pytest.fixture(scope="module")
def signer():
    return PyHankoSigner(timestamp_url=None)


@pytest.fixture
def request_for(pki, now):
    def made(pdf, **more):
        return replace(signing_request(pdf, credential(pki), now), **more)

    return made


@pytest.fixture
def accepted(pki, now, tmp_path):
    validator = PyHankoValidator(trust_roots=[pki / "root.pem"])

    def judged(pdf):
        file = tmp_path / "signed.pdf"
        file.write_bytes(pdf)
        pdfsig = subprocess.run(["pdfsig", file], capture_output=True, check=False).stdout
        mutool = subprocess.run(["mutool", "sign", "-v", file], capture_output=True, check=False)
        return (
            validator.validate(pdf, at=now).integrity is Integrity.VALID
            and b"Signature is Valid" in pdfsig
            and b"Total document signed" in pdfsig
            and b"unchanged since signing" in mutool.stdout + mutool.stderr
        )

    return judged


def form(fields):
    return one_page_pdf(catalog=_CATALOG % fields, more=[stream(b"")])


def refusal_of(pdf, **more):
    with pytest.raises(SignatureRefusedError) as refusal:
        opened(pdf, **more)
    return refusal.value.reason


SIGNED_AS_IT_IS = {
    "plain": one_page_pdf(),
    "many pages": pdf_of_many_pages(300),
    "actions": hostile_pdfs.pdf_with_actions(),
    "portfolio": hostile_pdfs.pdf_portfolio(),
    "no box": one_page_pdf(box=b"null"),
    "odd rotation": one_page_pdf(page_extra=b"/Rotate -90"),
    "annotations are no list": one_page_pdf(page_extra=b"/Annots 12"),
    "a form that is null": one_page_pdf(catalog=b"<</Type/Catalog/Pages 2 0 R/AcroForm null>>"),
}
MENDED = {
    "no table": hostile_pdfs.pdf_with_a_spoiled_cross_reference(),
    "an object beyond the end": hostile_pdfs.pdf_with_an_object_beyond_its_end(),
    "something in front": b"HTTP/1.1 200 OK\r\n\r\n" + one_page_pdf(),
    "no end": one_page_pdf()[:-40],
    "fields are no list": form(b"<</Fields 3 0 R>>"),
    "a field is no object of its own": form(b"<</Fields[<</T(a)/FT/Tx>> 7 null]>>"),
    "the form is a number": form(b"12"),
}


@pytest.mark.parametrize("name", SIGNED_AS_IT_IS)
def test_odd_documents_are_signed_as_they_are(signer, request_for, accepted, name):
    pdf = SIGNED_AS_IT_IS[name]

    signed = signer.sign(request_for(pdf))

    assert signed.pdf.startswith(pdf)
    assert accepted(signed.pdf)


@pytest.mark.parametrize("name", MENDED)
def test_damaged_documents_are_signed_mended_and_it_is_said(signer, request_for, accepted, name):
    signed = signer.sign(request_for(MENDED[name]))

    assert signed.repairs
    assert accepted(signed.pdf)


@pytest.mark.parametrize(
    ("pdf", "code"),
    [
        (b"", "pdf-empty"),
        (b"PK\3\4 a letter", "not-a-pdf"),
        (hostile_pdfs.pdf_without_pages(), "pdf-no-pages"),
        (hostile_pdfs.pdf_whose_page_tree_is_a_loop(), "pdf-page-tree-loop"),
        (hostile_pdfs.pdf_of_a_dynamic_form(), "pdf-dynamic-form"),
        (hostile_pdfs.locked_pdf(user="secret"), "pdf-encrypted"),
        (b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF", "pdf-no-pages"),
        (b"%PDF-1.7\n1 0 obj\n<</Type/Page>>\nendobj\n%%EOF", "pdf-damaged"),
        (form(b"<</Fields[6 0 R]>>").replace(b"<</Length 0>>", b"<</Kids[6 0 R]>>"), "form-loop"),
    ],
)
def test_what_cannot_be_signed_is_refused_with_its_reason(pdf, code):
    assert refusal_of(pdf) == code


def test_fields_that_multiply_are_refused_before_they_take_all_time():
    levels = [b"<</Kids[%d 0 R %d 0 R]>>" % (n + 7, n + 7) for n in range(25)]
    pdf = one_page_pdf(
        catalog=_CATALOG % b"<</Fields[6 0 R]>>", more=[*levels, b"<</FT/Tx/T(leaf)>>"]
    )

    assert refusal_of(pdf) == "pdf-too-demanding"


def test_a_damaged_document_that_speaks_of_a_signature_is_never_mended(signer, request_for):
    signed = signer.sign(request_for(one_page_pdf())).pdf
    hidden = one_page_pdf(more=[b"<</Type/S#69g/Byte#52ange [0 1 2 3]>>"])

    for pdf in (signed[: len(signed) - 30], b"\n" + signed, hidden[:-40]):
        assert refusal_of(pdf) == "pdf-damaged-signed"


def test_new_objects_never_take_the_number_of_one_that_the_table_size_hides(signer, request_for):
    pdf = one_page_pdf(more=[stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]")])
    short = pdf.replace(b"/Size 7", b"/Size 4")

    signed = signer.sign(request_for(short)).pdf

    with pikepdf.open(BytesIO(signed)) as document:
        assert b"Formulaire" in document.pages[0].Contents.read_bytes()


def test_a_password_opens_and_the_owners_will_is_kept(signer, request_for):
    out = BytesIO()
    rights = pikepdf.Permissions(modify_form=False, modify_annotation=False, modify_other=False)
    with pikepdf.open(BytesIO(one_page_pdf())) as pdf:
        lock = pikepdf.Encryption(user="user", owner="owner", allow=rights)
        pdf.save(out, encryption=lock, deterministic_id=False)
    locked = out.getvalue()

    with pytest.raises(SignatureRefusedError) as refusal:
        signer.sign(request_for(locked, password="user"))
    signed = signer.sign(request_for(locked, password="owner"))

    assert refusal.value.reason == "pdf-not-permitted"
    assert signed.pdf.startswith(locked)
    with pikepdf.open(BytesIO(signed.pdf), password="user") as pdf:
        assert str(pdf.Root.AcroForm.Fields[0].V.Reason) == "Confirmation"


def test_fields_are_prepared_beside_each_other_and_then_signed_in_order(
    signer, request_for, accepted
):
    plans = [FieldPlan(f"Signataire{n}", tooltip=f"Signature {n}") for n in range(1, 4)]
    prepared = signer.prepare(one_page_pdf(), plans)

    first = signer.sign(request_for(prepared.pdf, field="Signataire2"))
    second = signer.sign(request_for(first.pdf, field="Signataire1"))

    with pikepdf.open(BytesIO(prepared.pdf)) as pdf:
        widgets = list(pdf.pages[0].Annots)
        boxes = [tuple(float(edge) for edge in widget.Rect) for widget in widgets]
        assert [str(widget.TU) for widget in widgets] == [plan.tooltip for plan in plans]
        assert all("/N" in widget.AP and int(widget.F) & 4 for widget in widgets)
        assert all("/Lock" not in widget for widget in widgets)
    assert len(set(boxes)) == 3
    assert second.pdf.startswith(first.pdf)
    assert accepted(second.pdf)


def test_a_prepared_field_that_is_off_the_page_or_named_like_another_is_refused(signer):
    text = form(b"<</Fields[6 0 R]>>").replace(b"<</Length 0>>", b"<</FT/Tx/T(Nom)>>")
    for pdf, plan, code in (
        (one_page_pdf(), FieldPlan("S", Place(1, (700, 10, 800, 50))), "box-off-page"),
        (one_page_pdf(), FieldPlan("S", Place(3, (10, 10, 80, 50))), "no-such-page"),
        (text, FieldPlan("Nom"), "field-not-for-signatures"),
    ):
        with pytest.raises(SignatureRefusedError) as refusal:
            signer.prepare(pdf, [plan])
        assert refusal.value.reason == code


def test_a_widget_never_appears_on_a_page_that_shares_the_list_of_annotations(signer, request_for):
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Annots 5 0 R>>"
    tree = b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>"
    pdf = pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", tree, page, page, b"[]"])

    signed = signer.sign(request_for(pdf)).pdf

    with pikepdf.open(BytesIO(signed)) as document:
        assert [len(page.obj.Annots) for page in document.pages] == [0, 1]


def test_a_tagged_document_gets_a_form_element_for_the_signature(signer, request_for, letter):
    signed = signer.sign(request_for(letter)).pdf

    with pikepdf.open(BytesIO(signed)) as document:
        widget = document.Root.AcroForm.Fields[0]
        numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)
        element = numbers[numbers.index(int(widget.StructParent)) + 1]
        assert element.S == "/Form"
        assert element.K.Obj.objgen == widget.objgen


def test_documents_spoiled_by_chance_end_signed_or_refused_with_a_code(signer, request_for):
    dice = dice_of(5)
    sources = [one_page_pdf(), pdf_of_many_pages(4), hostile_pdfs.pdf_with_actions(), form(b"[]")]
    ends = set()
    for number in range(40):
        change = restructured if number % 2 else mutated
        try:
            signer.sign(request_for(change(dice.choice(sources), dice)))
            ends.add("signed")
        except SignatureRefusedError as refusal:
            ends.add(refusal.reason)

    assert "signed" in ends
    assert "pdf-damaged" in ends


def test_a_field_added_after_a_signature_leaves_it_whole_and_a_certified_one_is_kept(
    signer, request_for, letter, accepted, pki
):
    roots = list(load_certs_from_pemder([str(pki / "root.pem")]))
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    for certify in (False, True):
        first = signer.sign(request_for(letter, certify=certify)).pdf
        if certify:
            with pytest.raises(SignatureRefusedError) as refusal:
                signer.sign(request_for(first, field="Second"))
            assert refusal.value.reason == "document-certified"
        second = signer.sign(request_for(first, field="Second", visible=not certify)).pdf

        earlier = PdfFileReader(BytesIO(second)).embedded_signatures[0]
        assert validate_pdf_signature(earlier, context).docmdp_ok
        assert accepted(second)
