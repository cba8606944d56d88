"""Keys of every kind with certificates that they signed themselves, as openssl makes them."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "rsa": ("RSA", "rsa_keygen_bits:2048"),
    "rsa-1024": ("RSA", "rsa_keygen_bits:1024"),
    "pss": ("RSA-PSS", "rsa_keygen_bits:2048"),
    "pss-384": (
        "RSA-PSS",
        "rsa_keygen_bits:2048",
        "rsa_pss_keygen_md:sha384",
        "rsa_pss_keygen_mgf1_md:sha384",
        "rsa_pss_keygen_saltlen:48",
    ),
    "p256": ("EC", "ec_paramgen_curve:P-256"),
    "p384": ("EC", "ec_paramgen_curve:P-384"),
    "p521": ("EC", "ec_paramgen_curve:P-521"),
    "ed25519": ("ED25519",),
    "ed448": ("ED448",),
    "brainpool": ("EC", "ec_paramgen_curve:brainpoolP256r1"),
    "p224": ("EC", "ec_paramgen_curve:P-224"),
}


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """A key and its certificate, as PEM files."""

    key: Path
    certificate: Path

    def private_der(self) -> bytes:
        """Return the key as PKCS#8, DER."""
        return openssl("pkcs8", "-topk8", "-nocrypt", "-in", self.key, "-outform", "DER")

    def certificate_der(self) -> bytes:
        """Return the certificate as DER."""
        return openssl("x509", "-in", self.certificate, "-outform", "DER")

    def exported(self, target: Path, phrase: str, *options: str) -> Path:
        """Export both as PKCS#12, with openssl's own options."""
        files = ("-inkey", self.key, "-in", self.certificate, "-out", target)
        openssl("pkcs12", "-export", *files, "-passout", f"pass:{phrase}", *options)
        return target


def make_key(folder: Path, kind: str) -> KeyMaterial:
    """Make a key of one of the :data:`KINDS` in ``folder``, with its own certificate."""
    algorithm, *options = KINDS[kind]
    made = KeyMaterial(folder / f"{kind}.key", folder / f"{kind}.crt")
    chosen = [part for option in options for part in ("-pkeyopt", option)]
    openssl("genpkey", "-algorithm", algorithm, *chosen, "-out", made.key)
    files = ("-key", made.key, "-out", made.certificate)
    openssl("req", "-x509", "-new", "-subj", f"/CN={kind}", "-days", "300", *files)
    return made


def openssl(*arguments: object) -> bytes:
    """Run openssl; return what it wrote to standard output."""
    command = ["openssl", *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    return done.stdout
