"""Real files, through the real decoder, to cases: piles, and documents that come twice."""

import io
from email.message import EmailMessage

import pikepdf
import pytest
from PIL import Image

from rpa.domain.batch import BatchRule, BlankPages, Duplex, SplitRule
from rpa.domain.channel import ChannelKind
from rpa.domain.document import DocumentRole
from rpa.intake.adapters.contained import ContainedDecoder
from rpa.intake.api import Delivery
from rpa.processes.folder import load_process
from rpa.register.arrivals import Outcome
from rpa.steps.receive import receive_delivery, receive_sides
from rpa.steps.toolbox import ChannelFacts
from rpa.testing.clock import FrozenClock
from rpa.testing.faxes import typed_page
from rpa.testing.hostile_images import fax_page, fax_tiff
from rpa.testing.hostile_pdfs import locked_pdf, one_page_pdf
from rpa.testing.legacy import EXAMPLES
from rpa.testing.scans import page, saved, scanned_pdf
from rpa.testing.sheets import coded_page, patch_sheet, pile
from rpa.testing.toolbox import fake_toolbox

RULES = {
    "fax": BatchRule(),
    "email": BatchRule(),
    "pile": BatchRule(split=SplitRule(), blank_pages=BlankPages.SET_ASIDE),
    "sides": BatchRule(split=SplitRule(), duplex=Duplex.TWO_FILES),
}
BLANK = Image.new("L", (1700, 2200), 250)


@pytest.fixture(scope="module")
def decoder():
    return ContainedDecoder()


@pytest.fixture
def tools(tmp_path, decoder):
    process = load_process(EXAMPLES / "processes" / "demande-remboursement")
    facts = {
        name: ChannelFacts(
            kind=ChannelKind.SCAN, process=None, batch=rule, passwords=lambda: ("sésame",)
        )
        for name, rule in RULES.items()
    }
    chosen = {"decoder": decoder, "channel_facts": facts}
    return fake_toolbox(tmp_path, process, FrozenClock(), **chosen)


def came(tools, channel, content, name="a"):
    return receive_delivery(channel, Delivery(source_id=name, name=name, content=content), tools)


def original(received):
    return received.case.document(DocumentRole.ORIGINAL)


def mail(*attachments):
    message = EmailMessage()
    message["From"] = "a@example.org"
    message["To"] = "b@example.org"
    message["Subject"] = "Demande"
    for content, kind in attachments:
        main, sub = kind.split("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename="a")
    return message.as_bytes()


def test_a_pile_of_scans_becomes_a_case_for_each_form(tools):
    sheets = pile(page(), BLANK, patch_sheet(), page(), page(), coded_page("code-39", "PATCHT"),
                  page().rotate(180))  # fmt: skip
    content = saved(
        sheets[0], "TIFF", save_all=True, append_images=sheets[1:], compression="group4",
        dpi=(200, 200),
    )  # fmt: skip

    received = came(tools, "pile", content)

    told = [(d.pages, d.blank_pages, d.separators) for d in map(original, received)]
    assert told == [((1,), (2,), ()), ((4, 5), (), (3,)), ((7,), (), (6,))]
    assert {tools.store.get(original(one).digest) for one in received} == {content}


def test_a_part_is_read_from_its_own_pages(tools, decoder):
    typed = [typed_page([word]).resize((1700, 2200)) for word in ("un", "deux")]
    content = scanned_pdf([typed[0], patch_sheet(), typed[1]], dpi=(200, 200))
    _first, second = came(tools, "pile", content)

    whole = decoder.pages(tools.store.get(original(second).digest))
    part = whole.chosen(original(second).pages)

    assert (part.facts.pages, len(part.images), len(part.words)) == (1, 1, 1)
    assert part.images[0] == whole.images[2]
    assert part.facts.page_facts == whole.facts.page_facts[2:]


def test_two_sides_in_two_real_files(tools, shared_data):
    sides = [
        Delivery(
            source_id=name,
            name=name,
            content=(shared_data / "separators" / f"double-sided-{name}.pdf").read_bytes(),
        )
        for name in ("odd", "even")
    ]

    [received] = receive_sides("sides", *sides, tools=tools)

    opened = tools.decoder.pages(tools.store.get(original(received).digest))
    words = [" ".join(word.text for word in page) for page in opened.words]
    assert words == [f"This is page {number}" for number in range(1, 6)]


def test_the_same_document_by_two_channels_is_one_case(tools):
    [first] = came(tools, "fax", fax_tiff(2))
    [again] = came(tools, "email", mail((fax_tiff(2), "image/tiff")))

    assert (first.outcome, again.outcome) == (Outcome.NEW, Outcome.DUPLICATE)
    assert again.case.case_id == first.case.case_id


@pytest.mark.parametrize("kind", ["group3", "tiff_lzw", "pdf", "png"])
def test_the_same_pixels_in_other_bytes_are_the_same_document(tools, kind):
    [first] = came(tools, "fax", fax_tiff())
    other = (
        scanned_pdf([fax_page()], dpi=(204, 98)) if kind == "pdf"
        else saved(fax_page(), "PNG") if kind == "png"
        else saved(fax_page(), "TIFF", compression=kind, dpi=(204, 98))
    )  # fmt: skip
    [again] = came(tools, "email", mail((other, "image/tiff")))

    assert (again.outcome, again.case.case_id) == (Outcome.DUPLICATE, first.case.case_id)


def test_a_form_that_came_alone_is_known_in_a_pile(tools):
    form = page().convert("1", dither=Image.Dither.NONE)
    [alone] = came(tools, "fax", saved(form, "TIFF", compression="group4"))
    sheets = [form, *pile(patch_sheet(), page().rotate(180))]
    content = saved(sheets[0], "TIFF", save_all=True, append_images=sheets[1:])

    first, second = came(tools, "pile", content)

    assert (first.outcome, first.case.case_id) == (Outcome.DUPLICATE, alone.case.case_id)
    assert second.outcome is Outcome.NEW


def test_two_documents_that_only_look_alike_are_two_cases(tools):
    came(tools, "fax", fax_tiff())
    [other] = came(tools, "fax", saved(fax_page(height=1101), "TIFF"), name="b")

    assert other.outcome is Outcome.NEW


def test_a_locked_pdf_is_unlocked_with_the_channels_password(tools):
    content = locked_pdf(user="sésame")
    [received] = came(tools, "fax", content)

    with pikepdf.open(io.BytesIO(tools.store.get(original(received).digest))) as pdf:
        assert not pdf.is_encrypted
    locked = received.case.document(DocumentRole.AS_RECEIVED)
    assert tools.store.get(locked.digest) == content


def test_a_pdf_locked_only_for_its_owner_stays_as_it_is(tools):
    content = locked_pdf(user="", owner="x")
    [received] = came(tools, "fax", content)

    assert tools.store.get(original(received).digest) == content
    assert not received.case.has(DocumentRole.AS_RECEIVED)


def test_a_digital_form_comes_through_a_splitting_channel_as_it_is(tools):
    [received] = came(tools, "pile", one_page_pdf())

    assert original(received).pages == ()
