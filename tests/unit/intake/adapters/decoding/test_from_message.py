"""Taking documents out of e-mails, in this process."""

import zlib

import pytest

from rpa.intake.adapters.decoding.from_message import documents_in, sorted_out
from rpa.intake.adapters.decoding.refusal import Refusal
from rpa.testing.hostile_images import fax_tiff, good_jpeg, good_png, png_chunk, png_of
from rpa.testing.hostile_mail import mail_bytes, mail_nested, message
from rpa.testing.hostile_pdfs import one_page_pdf

PDF = one_page_pdf()


def names_in(content):
    return [name for name, _content in documents_in(content)]


def test_documents_come_in_their_order_with_name_and_bytes():
    content = mail_bytes(
        ("demande.pdf", "application/pdf", PDF), ("reçu.jpg", "image/jpeg", good_jpeg())
    )

    assert documents_in(content) == [("demande.pdf", PDF), ("reçu.jpg", good_jpeg())]


def test_a_document_is_told_by_its_bytes_whatever_it_is_called():
    content = mail_bytes(("winmail.bin", "application/octet-stream", fax_tiff()))

    assert names_in(content) == ["winmail.bin"]


def test_what_claims_to_be_a_document_is_not_lost_when_spoiled():
    content = mail_bytes(
        ("demande.pdf", "application/pdf", b"spoiled"), ("x.png", "image/png", b"")
    )

    assert names_in(content) == ["demande.pdf", "x.png"]


def test_cards_and_calendars_are_no_documents():
    content = mail_bytes(("moi.vcf", "text/vcard", b"BEGIN:VCARD\nFN:A\nEND:VCARD\n"))

    assert documents_in(content) == []


def png(width, height):
    rows = zlib.compress(bytes((width + 1) * height))
    return png_of(width, height, png_chunk(b"IDAT", rows))


def with_picture(picture, *attachments):
    mail = message(*attachments, html='<p><img src="cid:logo@x"></p>')
    mail.get_body(("html",)).add_related(picture, "image", "png", cid="<logo@x>")
    return mail.as_bytes()


def test_a_letterhead_shown_in_the_text_is_left_out_beside_a_document():
    mail = with_picture(png(850, 1100), ("demande.pdf", "application/pdf", PDF))

    assert names_in(mail) == ["demande.pdf"]


def test_a_picture_in_the_text_is_the_document_where_there_is_no_other():
    photographed = png(850, 1100)

    assert [content for _name, content in documents_in(with_picture(photographed))] == [
        photographed
    ]


def test_a_small_picture_in_the_text_is_never_a_document():
    assert documents_in(with_picture(png(600, 200))) == []


def test_pictures_left_alone_are_listed_by_name():
    claim = ("demande.pdf", "application/pdf", PDF)

    _documents, left_alone = sorted_out(with_picture(png(600, 200), claim))

    assert left_alone == ["document.png"]


def test_a_picture_is_known_by_a_percent_encoded_identifier():
    mail = with_picture(png(600, 200)).replace(b"cid:logo@x", b"cid:logo%40x")

    assert documents_in(mail) == []


def test_a_small_picture_that_is_attached_is_a_document():
    assert names_in(mail_bytes(("a.png", "image/png", good_png()))) == ["a.png"]


def test_a_name_whose_letters_stand_bare_is_read():
    mail = mail_bytes(("demande.pdf", "application/pdf", PDF))

    for bare in ("reçu.pdf".encode(), "reçu.pdf".encode("cp1252")):
        assert names_in(mail.replace(b"demande.pdf", bare)) == ["reçu.pdf"]


def test_a_forwarded_messages_document_is_found():
    outer = message()
    outer.add_attachment(message(("demande.pdf", "application/pdf", PDF)))

    assert documents_in(outer.as_bytes()) == [("demande.pdf", PDF)]


def test_messages_nested_without_end_are_refused():
    with pytest.raises(Refusal) as refused:
        documents_in(mail_nested(50))

    assert refused.value.code == "too-nested"


def test_an_unreadable_file_name_costs_only_the_name():
    content = mail_bytes(("demande.pdf", "application/pdf", PDF)).replace(
        b'filename="demande.pdf"', b'filename="=?x-none?Q?=FF?="'
    )

    assert documents_in(content) == [("document.pdf", PDF)]
