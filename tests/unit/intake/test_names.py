"""File names made safe."""

import os

import pytest

from rpa.intake.names import MAX_BYTES, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Demande d'adresse.pdf", "Demande d'adresse.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\a.pdf", "a.pdf"),
        ("a\nb\x1b[31m.pdf", "a_b_[31m.pdf"),
        ("facture\u202efdp.exe", "facture_fdp.exe"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        (os.fsdecode(b"t\xe9l.pdf"), "t_l.pdf"),
        ("a:b*c?.pdf", "a_b_c_.pdf"),
        ("", "document"),
        ("...", "document"),
        ("/", "document"),
        (" .hidden. ", "hidden"),
    ],
)
def test_a_name_keeps_what_is_safe(name, safe):
    assert safe_name(name) == safe


def test_a_long_name_is_cut_between_letters_and_keeps_its_extension():
    safe = safe_name("é" * 200 + ".pdf")

    assert safe.endswith("é.pdf")
    assert MAX_BYTES - 2 <= len(safe.encode()) <= MAX_BYTES


def test_a_long_extension_is_no_extension():
    assert len(safe_name("a." + "b" * 300).encode()) == MAX_BYTES
