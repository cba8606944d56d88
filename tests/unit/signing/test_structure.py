from datetime import UTC, datetime
from pathlib import Path

import pytest

from rpa.signing.adapters.structure import signature_gap_is_clean, tail_hides_objects
from rpa.signing.api import Pkcs12Credential


def test_a_byte_range_that_does_not_begin_at_zero_is_not_clean():
    assert not signature_gap_is_clean(b"x" * 50, [1, 10, 20, 30])


@pytest.mark.parametrize(
    "byte_range", [[], [0, 10], [0, 10, 10, 5], [0, 10, 20, 99], [0, -1, 2, 3]]
)
def test_an_odd_byte_range_is_not_clean(byte_range):
    assert not signature_gap_is_clean(b"x" * 50, byte_range)


@pytest.mark.parametrize("gap", [b"<3000zz>", b"(3000ab)", b"<30 00a>", b"<300000aA>", b"<>......"])
def test_a_gap_that_is_no_plain_hexadecimal_string_is_not_clean(gap):
    pdf = b"head" + gap + b"tail"

    assert not signature_gap_is_clean(pdf, [0, 4, 4 + len(gap), 4])


def test_objects_that_no_cross_reference_names_are_hidden():
    signed = b"%PDF signed"
    tail = b"\n9 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"

    assert tail_hides_objects(signed + tail, len(signed))


def test_a_proper_update_hides_nothing():
    signed = b"%PDF signed"
    table = b"xref\n9 1\n0000000012 00000 n \ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"
    tail = b"\n9 0 obj\n<<>>\nendobj\n" + table

    assert not tail_hides_objects(signed + tail, len(signed))


def test_a_credential_never_shows_its_passphrase():
    shown = (
        f"{Pkcs12Credential(Path('sceau.p12'), 'very-secret')} {datetime(2026, 1, 1, tzinfo=UTC)}"
    )

    assert "very-secret" not in shown
