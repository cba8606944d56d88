"""Telling what bytes are."""

import pytest

from rpa.intake.media import ACCEPTED, kind_of
from rpa.intake.refusals import WHY, refusal
from rpa.testing.bad_inputs import ACCEPTED as TAKEN
from rpa.testing.bad_inputs import BAD_INPUTS, IGNORED
from rpa.testing.hostile_images import fax_tiff, good_jpeg, good_png
from rpa.testing.hostile_mail import mail_bytes
from rpa.testing.hostile_pdfs import one_page_pdf


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (fax_tiff(), "tiff"),
        (good_png(), "png"),
        (good_jpeg(), "jpeg"),
        (one_page_pdf(), "pdf"),
        (b"\r\n\r\n" + one_page_pdf(), "pdf"),
        (mail_bytes(), "eml"),
        (b"From someone Tue Mar  3 09:00:00 2026\n" + mail_bytes(), "eml"),
        (b"MM\0*" + bytes(8), "tiff"),
        (b"MM\0+" + bytes(8), "tiff"),
        (b"\xef\xbb\xbf<html>", "web-page"),
        ("é".encode() * 2100, "text-file"),
        (b"x" * 4095 + "é".encode(), "text-file"),
        (b"\xff\xfeB\0o\0n\0", "unknown-kind"),
        (b"Subject: only one header\n\ntext", "text-file"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1", "image-kind"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0heic", "heic"),
        (b"BMI, a plain text", "text-file"),
        (b"BM" + bytes(12) + b"\x28\0\0\0", "bmp"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "jpeg2000"),
    ],
)
def test_the_kind_is_told_by_content(content, kind):
    assert kind_of(content) == kind


def test_every_answer_that_is_no_kind_has_a_sentence():
    codes = {entry.expected for entry in BAD_INPUTS} - {TAKEN, IGNORED}

    assert codes <= set(WHY)
    assert not ACCEPTED & set(WHY)


def test_a_refusal_carries_its_code_and_a_sentence_with_its_numbers():
    error = refusal("too-many-pages", pages=512, limit=200)

    assert error.reason == "too-many-pages"
    assert "512" in error.message
    assert "200" in error.message
