"""Levels above B-B, and what is left of them when authorities do not answer."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import requests

from rpa.domain.errors import SignatureRefusedError, ToolUnavailableError
from rpa.domain.signature import Indication, Integrity, SignatureLevel
from rpa.signing.adapters.asking import Line
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.adapters.tsa import HttpTimestampAuthority
from rpa.testing.authorities import held_lists

NOBODY = "http://127.0.0.1:9"
"""A port that nobody listens at."""


class Stumbling(BaseHTTPRequestHandler):
    """Fails as often as its server says, then passes questions on."""

    def do_POST(self) -> None:
        self.server.asked += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, content = 503, b""
        if self.server.asked > self.server.failures:
            kind = {"Content-Type": self.headers["Content-Type"]}
            answer = requests.post(self.server.behind, data=body, headers=kind, timeout=10)
            status, content = 200, self.server.spoil(answer.content)
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) - self.server.missing])

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def stumbling(behind: str, failures: int, spoil=lambda answer: answer) -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Stumbling)
    server.behind, server.failures, server.asked, server.spoil = behind, failures, 0, spoil
    server.missing = 0
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def address_of(server: HTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}/tsa"


@pytest.mark.parametrize("level", list(SignatureLevel))
def test_each_level_is_reached_and_total_passed(full_pki, letter, now, level):
    with full_pki.serving() as address:
        signer = PyHankoSigner(timestamp_url=f"{address}/tsa", trust_roots=[full_pki.root])

        made = signer.sign(full_pki.request(letter, now, level=level))

    is_alone = level in (SignatureLevel.B_LT, SignatureLevel.B_LTA)
    held = None if is_alone else held_lists(full_pki.folder, at=now)
    report = PyHankoValidator(trust_roots=[full_pki.root], held=held).validate(made.pdf, at=now)
    assert made.level is made.wanted is level
    assert not made.is_lowered
    assert not made.shortfall
    assert report.indication is Indication.TOTAL_PASSED
    assert report.signatures[0].level is level


def test_without_a_timestamp_the_signature_is_kept_at_b_b_and_the_record_says_why(
    full_pki, letter, now
):
    signer = PyHankoSigner(timestamp_url=f"{NOBODY}/tsa", trust_roots=[full_pki.root])

    made = signer.sign(full_pki.request(letter, now, level=SignatureLevel.B_LTA))

    assert made.is_lowered
    assert (made.level, made.wanted) == (SignatureLevel.B_B, SignatureLevel.B_LTA)
    assert f"{NOBODY}/tsa" in made.shortfall
    assert "ConnectionError" in made.shortfall
    held = held_lists(full_pki.folder, at=now)
    report = PyHankoValidator(trust_roots=[full_pki.root], held=held).validate(made.pdf, at=now)
    assert report.indication is Indication.TOTAL_PASSED


def test_who_waits_gets_an_error_instead_of_a_lower_level(full_pki, letter, now):
    signer = PyHankoSigner(timestamp_url=f"{NOBODY}/tsa", trust_roots=[full_pki.root])

    with pytest.raises(ToolUnavailableError) as caught:
        signer.sign(full_pki.request(letter, now, level=SignatureLevel.B_T, wait=True))

    assert caught.value.reason == "timestamp-authority"


def test_an_authority_that_is_down_holds_up_the_first_document_only(full_pki, letter, now):
    with stumbling("", failures=99) as server:
        signer = PyHankoSigner(timestamp_url=address_of(server))
        request = full_pki.request(letter, now, level=SignatureLevel.B_T, visible=False)

        levels = {signer.sign(request).level for _document in range(5)}

        assert levels == {SignatureLevel.B_B}
        assert server.asked == 3


def test_an_authority_that_stumbles_is_asked_again(full_pki, letter, now, stamps):
    with stumbling(stamps, failures=2) as server:
        signer = PyHankoSigner(timestamp_url=address_of(server))

        made = signer.sign(full_pki.request(letter, now, level=SignatureLevel.B_T))

        assert made.level is SignatureLevel.B_T
        assert server.asked == 3


def _other_token(answer: bytes) -> bytes:
    return answer[:-20] + bytes(byte ^ 1 for byte in answer[-20:])


def test_a_timestamp_whose_own_signature_is_wrong_is_no_answer(stamps):
    with stumbling(stamps, failures=0, spoil=_other_token) as server:
        authority = HttpTimestampAuthority(address_of(server), line=Line(pauses_s=()))

        with pytest.raises(ToolUnavailableError):
            authority.stamp(b"0" * 32)


def test_an_answer_that_breaks_off_is_none(stamps):
    with stumbling(stamps, failures=0) as server:
        server.missing = 10
        authority = HttpTimestampAuthority(address_of(server), line=Line(pauses_s=()))

        with pytest.raises(ToolUnavailableError):
            authority.stamp(b"0" * 32)


def test_an_old_answer_is_not_taken_for_a_new_one(stamps):
    kept: list[bytes] = []
    with stumbling(stamps, 0, lambda new: (kept.append(new), kept[0])[1]) as server:
        authority = HttpTimestampAuthority(address_of(server), line=Line(pauses_s=()))
        authority.stamp(b"0" * 32)

        with pytest.raises(ToolUnavailableError):
            authority.stamp(b"0" * 32)


def test_without_revocation_answers_the_timestamped_signature_stays_at_b_t(
    full_pki, letter, now, stamps
):
    # The timestamps come from another port; where the certificates point to, nobody answers.
    signer = PyHankoSigner(timestamp_url=stamps, trust_roots=[full_pki.root])

    made = signer.sign(full_pki.request(letter, now, level=SignatureLevel.B_LTA))

    assert made.level is SignatureLevel.B_T
    assert "ocsp" in made.shortfall or "crl" in made.shortfall
    report = PyHankoValidator(trust_roots=[full_pki.root]).validate(made.pdf, at=now)
    assert report.integrity is Integrity.VALID


def test_revocation_answers_are_kept_until_their_next_update_in_memory_and_in_a_folder(
    full_pki, letter, now, stamps, tmp_path
):
    request = full_pki.request(letter, now, level=SignatureLevel.B_LT, visible=False)

    def signer(folder):
        return PyHankoSigner(timestamp_url=stamps, trust_roots=[full_pki.root], kept_answers=folder)

    first = signer(tmp_path)
    with full_pki.serving():
        assert first.sign(request).level is SignatureLevel.B_LT

    shutil.copytree(tmp_path, tmp_path / "spoiled")
    for kept in (tmp_path / "spoiled").glob("*.der"):
        kept.write_bytes(kept.read_bytes()[:-8] + b"spoiled!")
    assert first.sign(request).level is SignatureLevel.B_LT
    assert signer(tmp_path).sign(request).level is SignatureLevel.B_LT
    assert signer(tmp_path / "empty").sign(request).level is SignatureLevel.B_T
    assert signer(tmp_path / "spoiled").sign(request).level is SignatureLevel.B_T
    with full_pki.serving():
        assert signer(tmp_path / "spoiled").sign(request).level is SignatureLevel.B_LT


def test_a_chain_that_leads_to_no_trusted_root_reaches_no_long_term_level(
    full_pki, letter, now, pki
):
    with full_pki.serving() as address:
        signer = PyHankoSigner(timestamp_url=f"{address}/tsa", trust_roots=[pki / "root.pem"])

        with pytest.raises(SignatureRefusedError) as caught:
            signer.sign(full_pki.request(letter, now, level=SignatureLevel.B_LT))

    assert caught.value.reason == "chain-untrusted"


def test_a_certificate_that_is_out_of_date_proves_nothing_long(full_pki, letter, now):
    late = now + timedelta(days=6 * 365)
    with full_pki.serving(at=late) as address:
        signer = PyHankoSigner(timestamp_url=f"{address}/tsa", trust_roots=[full_pki.root])

        with pytest.raises(SignatureRefusedError) as caught:
            signer.sign(full_pki.request(letter, late, level=SignatureLevel.B_LT))

    assert caught.value.reason == "certificate-unfit"


def test_a_revoked_certificate_reaches_no_long_term_level(full_pki, letter, now):
    with full_pki.serving() as address:
        signer = PyHankoSigner(timestamp_url=f"{address}/tsa", trust_roots=[full_pki.root])

        with pytest.raises(SignatureRefusedError) as caught:
            signer.sign(full_pki.request(letter, now, "revoque", level=SignatureLevel.B_LT))

    assert caught.value.reason == "certificate-revoked"


def test_several_threads_share_a_signer(full_pki, letter, now):
    request = full_pki.request(letter, now, level=SignatureLevel.B_LTA, visible=False)
    with full_pki.serving() as address, ThreadPoolExecutor(4) as pool:
        signer = PyHankoSigner(timestamp_url=f"{address}/tsa", trust_roots=[full_pki.root])

        made = list(pool.map(signer.sign, [request] * 8))

    validator = PyHankoValidator(trust_roots=[full_pki.root])
    assert {one.level for one in made} == {SignatureLevel.B_LTA}
    assert len({one.pdf for one in made}) == 8
    assert validator.validate(made[-1].pdf, at=now).indication is Indication.TOTAL_PASSED
