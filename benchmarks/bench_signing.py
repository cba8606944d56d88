"""Signatures per second of processor time: pyHanko by its plain API, and ours, in one run.

    python benchmarks/bench_signing.py [--documents 200] [--archived 40] [--rounds 3]

Time is user and system time of this process and its children; the authorities run in a process of
their own, which does not count. Every variant signs the same page with the same key, invisibly
where not said otherwise. A sample of what comes out is checked with pdfsig, mutool and pyHanko.
"""

import argparse
import asyncio
import logging
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from rpa.bootstrap.clock import clock
from rpa.domain.signature import SignatureLevel
from rpa.signing.adapters.credentials import Keyring
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.api import Credential, Pkcs11Credential, Pkcs12Credential
from rpa.signing.devpki import create_development_pki
from rpa.testing.authorities import free_port
from rpa.testing.hsm import VARIABLE, TokenEntry, make_soft_token, softhsm_module
from rpa.testing.signatures import credential, signing_request

SERVE = (
    "import sys, pathlib; from rpa.signing.devpki import serve_development_pki as serve; "
    "serve(pathlib.Path(sys.argv[1]), port=int(sys.argv[2]))"
)
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Keys:
    """What the variants sign with."""

    folder: Path
    port: int

    @property
    def root(self) -> Path:
        """Where all chains end."""
        return self.folder / "root.pem"

    @property
    def rsa(self) -> Pkcs12Credential:
        """The seal, RSA with 2,048 bits."""
        return credential(self.folder, "sceau-rsa")

    @property
    def elliptic(self) -> Pkcs12Credential:
        """The seal, EC on P-256."""
        return credential(self.folder, "sceau")

    @property
    def stamps(self) -> str:
        """The time-stamping authority."""
        return f"http://127.0.0.1:{self.port}/tsa"


def main() -> None:
    """Measure, and print."""
    logging.disable(logging.WARNING)
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--documents", type=int, default=200)
    told.add_argument("--archived", type=int, default=40)
    told.add_argument("--rounds", type=int, default=3)
    said = told.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        keys = made_keys(folder)
        with served(keys):
            page = one_page()
            plain = {
                "pyHanko, plain API, RSA-2048, B-B": stock(keys),
                "ours, RSA-2048, B-B": ours(keys, SignatureLevel.B_B),
                "ours, RSA-2048, B-B, visible": ours(keys, SignatureLevel.B_B, visible=True),
                "ours, EC P-256, B-B": ours(keys, SignatureLevel.B_B, signed_with=keys.elliptic),
            }
            token = in_token(keys, folder)
            if token is not None:
                plain["ours, RSA-2048 in SoftHSM2, B-B"] = ours(
                    keys, SignatureLevel.B_B, signed_with=token
                )
            long = {
                "pyHanko, plain API, RSA-2048, B-LTA": stock(keys, is_archived=True),
                "pyHanko, one validation context kept, B-LTA": stock(
                    keys, is_archived=True, keep=True
                ),
                "ours, RSA-2048, B-LTA": ours(keys, SignatureLevel.B_LTA),
            }
            compared(plain, page, said.documents, said.rounds, folder)
            compared(long, page, said.archived, said.rounds, folder)
            in_bulk(keys, page, said.documents, folder)


def compared(variants: dict[str, Sign], page: bytes, count: int, rounds: int, folder: Path) -> None:
    """Measure variants in turns, so that a busy machine is as busy for each."""
    rates: dict[str, list[float]] = {name: [] for name in variants}
    sample: dict[str, bytes] = {name: sign(page) for name, sign in variants.items()}
    for _round in range(rounds):
        for name, sign in variants.items():
            documents = max(3, count // 10) if name.startswith("pyHanko") else count
            began = cpu_seconds()
            made = [sign(page) for _document in range(documents)]
            rates[name].append(documents / (cpu_seconds() - began))
            sample[name] = made[-1]
    base = statistics.median(rates[next(iter(variants))])
    for name, found in rates.items():
        rate = statistics.median(found)
        verdict = checked(sample[name], folder)
        print(
            f"{name:45} {rate:8.1f} a CPU second ({min(found):.1f} to {max(found):.1f})"
            f"  x{rate / base:5.1f}  {verdict}"
        )


def stock(keys: Keys, *, is_archived: bool = False, keep: bool = False) -> Sign:
    """Return what signs as pyHanko's documentation shows."""
    signer = SimpleSigner.load_pkcs12(str(keys.rsa.path), passphrase=keys.rsa.passphrase.encode())
    root = load_cert_from_pemder(str(keys.root))

    def context() -> ValidationContext:
        return ValidationContext(
            trust_roots=[root],
            allow_fetching=True,
            revocation_mode="hard-fail",
            # Lists are made on demand here, a moment after the context.
            time_tolerance=timedelta(minutes=5),
        )

    kept = context()

    def sign(pdf: bytes) -> bytes:
        metadata = PdfSignatureMetadata(
            field_name="Signature1",
            reason="Confirmation",
            location="Québec",
            subfilter=SigSeedSubFilter.PADES,
            embed_validation_info=is_archived,
            use_pades_lta=is_archived,
            validation_context=(kept if keep else context()) if is_archived else None,
        )
        stamper = HTTPTimeStamper(keys.stamps) if is_archived else None
        made = PdfSigner(metadata, signer, timestamper=stamper).sign_pdf(
            IncrementalPdfFileWriter(BytesIO(pdf))
        )
        return bytes(made.getvalue())

    return sign


def ours(
    keys: Keys,
    level: SignatureLevel,
    *,
    visible: bool = False,
    signed_with: Credential | None = None,
) -> Sign:
    """Return what signs as the framework does."""
    signer = PyHankoSigner(timestamp_url=keys.stamps, trust_roots=[keys.root])
    key = signed_with or keys.rsa

    def sign(pdf: bytes) -> bytes:
        request = signing_request(pdf, key, clock(), level=level, visible=visible)
        made = signer.sign(request)
        if made.level is not level:
            raise SystemExit(made.shortfall)
        return made.pdf

    return sign


def in_token(keys: Keys, folder: Path) -> Pkcs11Credential | None:
    """Put the RSA seal into a SoftHSM2 token, where there is SoftHSM2."""
    module = softhsm_module()
    if module is None:
        return None
    opened = load_pkcs12(keys.rsa.path.read_bytes(), keys.rsa.passphrase.encode())
    if opened.key is None:
        raise SystemExit("no key in the PKCS#12 file")
    key = opened.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    found = Keyring().key(keys.rsa)
    certificates = [one.dump() for one in (found.certificate, *found.chain)]
    entry = TokenEntry("seal", certificates, key)
    config = make_soft_token(folder, "benchmark", "2468-pin", [entry], module=module)
    os.environ[VARIABLE] = str(config)  # noqa: TID251 - SoftHSM2 reads it here
    return Pkcs11Credential(module, "benchmark", "seal", "2468-pin")


def in_bulk(keys: Keys, page: bytes, count: int, folder: Path) -> None:
    """Measure the command, its start and its writing included, by the clock on the wall."""
    source, out = folder / "letters", folder / "sealed"
    source.mkdir()
    for number in range(count):
        (source / f"{number}.pdf").write_bytes(page)
    phrase = folder / "phrase"
    phrase.write_text(keys.rsa.passphrase, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "rpa",
        "seal",
        str(source),
        str(out),
        "--key",
        str(keys.rsa.path),
    ]
    command += ["--passphrase", f"file:{phrase}", "--invisible", "--workers", "2", "--level", "B-B"]
    began, spent = time.monotonic(), cpu_seconds()
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    took, spent = time.monotonic() - began, cpu_seconds() - spent
    print(f"rpa seal, {count} documents, 2 workers: {took:.1f} s, {spent:.1f} CPU s")
    print(run.stdout.strip())


def checked(pdf: bytes, folder: Path) -> str:
    """Return what three programs say of the first signature."""
    file = folder / "checked.pdf"
    file.write_bytes(pdf)
    pdfsig = _said("pdfsig", str(file))
    mutool = _said("mutool", "sign", "-v", str(file))
    signature = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[0]
    found = asyncio.run(async_validate_pdf_signature(signature, ValidationContext(trust_roots=[])))
    said = {
        "pdfsig": "Signature is Valid" in pdfsig,
        "mutool": "unchanged since signing" in mutool or "signature is valid" in mutool,
        "pyHanko": found.intact and found.valid,
    }
    return ", ".join(f"{name} {'valid' if good else 'NOT VALID'}" for name, good in said.items())


def _said(*command: str) -> str:
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.stdout


def cpu_seconds() -> float:
    """Return the processor time of this process and the children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def one_page() -> bytes:
    """Return a PDF of one page with a line of text."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(612, 792))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 12 Tf 72 720 Td (One page) Tj ET")
    content = BytesIO()
    pdf.save(content)
    return content.getvalue()


def made_keys(folder: Path) -> Keys:
    """Make a development PKI."""
    keys = Keys(folder / "pki", free_port())
    create_development_pki(keys.folder, now=clock(), base_url=f"http://127.0.0.1:{keys.port}")
    return keys


@contextmanager
def served(keys: Keys) -> Iterator[None]:
    """Run the authorities, until they answer."""
    command = [sys.executable, "-c", SERVE, str(keys.folder), str(keys.port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            while socket.socket().connect_ex(("127.0.0.1", keys.port)):
                time.sleep(0.2)
            ours(keys, SignatureLevel.B_LTA)(one_page())
            yield
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
