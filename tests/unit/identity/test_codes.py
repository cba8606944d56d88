"""One-time codes against the values of the standard, seals, and codes that a telephone reads."""

import base64
import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import zxingcpp

from rpa.domain.errors import SetupError
from rpa.identity.adapters.aes_seal import AesSeal
from rpa.identity.adapters.qr_code import qr_code
from rpa.identity.adapters.totp_codes import TotpCodes

CODES = TotpCodes()
STANDARD_KEY = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds, code):
    at = datetime.fromtimestamp(seconds, UTC)

    assert CODES.code(STANDARD_KEY, at=at) == code
    assert CODES.step_of(f"{code[:3]} {code[3:]}", STANDARD_KEY, at=at) == seconds // 30


def test_a_code_holds_one_half_minute_to_either_side():
    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    key = CODES.new_key()
    code = CODES.code(key, at=at)
    taken = [
        shift
        for shift in (-60, -30, 0, 30, 60)
        if CODES.step_of(code, key, at=at + timedelta(seconds=shift)) is not None
    ]

    assert taken == [-30, 0, 30]


@pytest.mark.parametrize("said", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code_is_none(said):
    assert CODES.step_of(said, STANDARD_KEY, at=datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_a_sealed_secret_opens_for_its_person_and_key_alone():
    seal = AesSeal("a secret of the console, long enough")
    sealed = seal.sealed("JBSWY3DP", whose="lucie")

    assert "JBSWY3DP" not in sealed
    assert seal.opened(sealed, whose="lucie") == "JBSWY3DP"
    for other, whose in ((seal, "marc"), (AesSeal("another secret, just as long as it"), "lucie")):
        with pytest.raises(SetupError):
            other.opened(sealed, whose=whose)


def test_a_short_secret_is_refused():
    with pytest.raises(SetupError, match="32"):
        AesSeal("short")


def test_marks_differ_by_use():
    seal = AesSeal("a secret of the console, long enough")

    assert seal.mark("x", use="a") == seal.mark("x", use="a") != seal.mark("x", use="b")


def test_a_drawn_code_reads_as_its_text():
    address = "otpauth://totp/Ville:lucie?secret=JBSWY3DPEHPK3PXP&issuer=Ville"
    drawn = qr_code(address)
    side = int(re.search(r'viewBox="0 0 (\d+)', drawn).group(1))
    pixels = np.full((side, side), 255, np.uint8)
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)", drawn):
        pixels[int(y) : int(y) + int(height), int(x) : int(x) + int(width)] = 0

    read = zxingcpp.read_barcode(np.kron(pixels, np.ones((4, 4), np.uint8)))

    assert read.text == address
