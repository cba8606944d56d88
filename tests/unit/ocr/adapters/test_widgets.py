"""Form fields of PDFs: where a viewer shows them, and what the file says of them."""

from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest

from rpa.ocr.adapters.widgets import COMB, MULTILINE, PASSWORD, PUSH_BUTTON, RADIO, widgets_of

RECT = (100, 600, 220, 630)


def pdf(*fields, page=None, parent=None, size=(612, 792)):
    """A page with these fields; ``page`` and ``parent``: keys of the page and of the page tree."""
    with pikepdf.new() as made:
        sheet = made.add_blank_page(page_size=size)
        made.Root.Pages.update(parent or {})
        for key, value in (page or {}).items():
            sheet.obj[key] = value
        annotations, roots = [], []
        for field in fields:
            kids = field.pop("kids", [])
            root = made.make_indirect(pikepdf.Dictionary(field))
            roots.append(root)
            made_kids = [
                made.make_indirect(pikepdf.Dictionary(kid | {"/Parent": root})) for kid in kids
            ]
            if made_kids:
                root["/Kids"] = pikepdf.Array(made_kids)
            annotations += made_kids or [root]
        sheet.obj["/Annots"] = pikepdf.Array(annotations)
        made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(roots))
        out = BytesIO()
        made.save(out)
    return out.getvalue()


def widget(*, rect=RECT, **more):
    given = {"/" + key: value for key, value in more.items()}
    return {"/Subtype": pikepdf.Name.Widget, "/Rect": pikepdf.Array(rect)} | given


def text(name="nom", **more):
    return widget(FT=pikepdf.Name.Tx, T=pikepdf.String(name), **more)


def states(*names):
    nothing = pikepdf.Dictionary()
    return pikepdf.Dictionary(N=pikepdf.Dictionary({f"/{name}": nothing for name in names}))


@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("crop", [None, (50, 100, 500, 700)], ids=["whole", "cropped"])
def test_a_field_is_where_a_viewer_shows_it(turn, crop):
    page = {"/Rotate": turn} | ({"/CropBox": pikepdf.Array(crop)} if crop else {})
    content = pdf(text(), page=page)
    [found] = widgets_of(content)

    shown = drawn_black(content, RECT)

    edges = (found.box.x0, found.box.y0, found.box.x1, found.box.y1)
    assert edges == pytest.approx(shown, abs=1.1)


def drawn_black(content, rect):
    """Return where pdfium shows the rectangle: left, top, right, bottom in points."""
    with pikepdf.open(BytesIO(content)) as made:
        x0, y0, x1, y1 = rect
        drawn = f"{x0} {y0} {x1 - x0} {y1 - y0} re f".encode()
        made.pages[0].contents_add(drawn)
        out = BytesIO()
        made.save(out)
    document = pdfium.PdfDocument(out.getvalue())
    pixels = np.asarray(document[0].render(scale=1, may_draw_forms=False).to_pil().convert("L"))
    document.close()
    rows, columns = np.nonzero(pixels < 128)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def test_a_turn_may_be_inherited_from_the_page_tree():
    content = pdf(text(), parent={"/Rotate": 90})
    [found] = widgets_of(content)

    shown = drawn_black(content, RECT)

    assert (found.box.x0, found.box.y0) == pytest.approx(shown[:2], abs=1.1)


def test_a_corner_may_be_named_first_whichever_it_is():
    x0, y0, x1, y1 = RECT
    [one], [other] = (widgets_of(pdf(text(rect=r))) for r in (RECT, (x1, y1, x0, y0)))
    assert one == other


def test_a_comb_tells_its_cells_and_a_limit_alone_is_no_comb():
    comb, plain, many = widgets_of(
        pdf(text(Ff=COMB, MaxLen=9), text("b", MaxLen=9), text("c", Ff=MULTILINE))
    )
    assert (comb.comb, plain.comb) == (9, 0)
    assert (plain.is_multiline, many.is_multiline) == (False, True)


def test_radio_buttons_inherit_name_and_kind_and_tell_their_states():
    group = {
        "/FT": pikepdf.Name.Btn,
        "/Ff": RADIO,
        "/T": pikepdf.String("statut"),
        "kids": [widget(AP=states("Off", "oui")), widget(AP=states("non", "Off"))],
    }
    yes, no = widgets_of(pdf(group))

    assert [(w.name, w.is_tick, w.is_radio) for w in (yes, no)] == [("statut", True, True)] * 2
    assert (yes.state, no.state) == ("oui", "non")


def test_a_tick_box_without_appearance_has_no_state():
    [box] = widgets_of(pdf(widget(FT=pikepdf.Name.Btn, T=pikepdf.String("accord"))))
    assert (box.is_tick, box.is_radio, box.state) == (True, False, "")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"pr\xe9nom", id="latin-1"),
        pytest.param(b"\xfe\xff" + "prénom".encode("utf-16-be"), id="utf-16"),
    ],
)
def test_names_are_read_in_any_encoding(name):
    [found] = widgets_of(pdf(text() | {"/T": pikepdf.String(name)}))
    assert found.name == "prénom"


def test_a_name_is_that_of_its_parents_and_its_own():
    parent = {"/T": pikepdf.String("adresse"), "kids": [text("ville", TU=pikepdf.String("Ville"))]}
    [found] = widgets_of(pdf(parent))
    assert (found.name, found.hint) == ("adresse.ville", "Ville")


@pytest.mark.parametrize(
    "field",
    [
        pytest.param(text(Ff=PASSWORD), id="a password"),
        pytest.param(widget(FT=pikepdf.Name.Btn, Ff=PUSH_BUTTON), id="a push button"),
        pytest.param(text(rect=(10, 10, 10, 10)), id="without extent"),
        pytest.param({"/Subtype": pikepdf.Name.Widget, "/FT": pikepdf.Name.Tx}, id="nowhere"),
    ],
)
def test_what_holds_no_answer_is_left_out(field):
    assert widgets_of(pdf(dict(field))) == []


def test_a_place_for_a_signature_is_told_as_one():
    [found] = widgets_of(pdf(widget(FT=pikepdf.Name.Sig, T=pikepdf.String("visa"))))
    assert (found.name, found.is_signature, found.is_tick) == ("visa", True, False)


def test_a_field_that_is_its_own_parent_ends():
    content = pdf({"/FT": pikepdf.Name.Tx, "kids": [widget()]})
    with pikepdf.open(BytesIO(content)) as made:
        root = made.Root.AcroForm.Fields[0]
        root["/Parent"] = root
        out = BytesIO()
        made.save(out)
    assert len(widgets_of(out.getvalue())) == 1
