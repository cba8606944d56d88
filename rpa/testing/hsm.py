"""A SoftHSM2 token with keys and certificates, for tests: made by programs of its own.

SoftHSM2 finds its tokens by the file that ``SOFTHSM2_CONF`` names, in the process that signs too.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pkcs11
from asn1crypto import keys, x509
from pkcs11 import Attribute, ObjectClass
from pkcs11.util.ec import decode_ec_private_key
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate

from rpa.environment import environment_with

MODULES: Final = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
)
VARIABLE: Final = "SOFTHSM2_CONF"


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """What goes into a token under one label: DER bytes."""

    label: str
    certificates: Sequence[bytes]
    """The key's own first."""
    private_key: bytes = field(default=b"", repr=False)
    """PKCS#8."""
    key_id: str = "01"


def softhsm_module() -> Path | None:
    """Return SoftHSM2's library, or None where it is not installed."""
    return next((path for path in MODULES if path.is_file()), None)


def make_soft_token(
    folder: Path, label: str, pin: str, entries: Sequence[TokenEntry], *, module: Path
) -> Path:
    """Make a token in ``folder``, beside those that are there; return the configuration file."""
    stored = folder / "tokens"
    stored.mkdir(parents=True, exist_ok=True)
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {stored}\nlog.level = ERROR\n", encoding="utf-8")
    env = environment_with(**{VARIABLE: str(config)})
    begin = ["softhsm2-util", "--init-token", "--free", "--label", label]
    pins = ["--pin", pin, "--so-pin", "12345678"]
    subprocess.run([*begin, *pins], check=True, capture_output=True, env=env)  # noqa: S603
    said = {
        "module": str(module),
        "label": label,
        "pin": pin,
        "entries": [
            [e.label, e.key_id, e.private_key.hex(), [c.hex() for c in e.certificates]]
            for e in entries
        ],
    }
    program = [sys.executable, "-c", "from rpa.testing.hsm import fill; fill()"]
    subprocess.run(  # noqa: S603 - our own interpreter
        program, check=True, capture_output=True, env=env, input=json.dumps(said), text=True
    )
    return config


def fill() -> None:
    """Put keys and certificates into a token, as standard input says; a program of its own."""
    said = json.load(sys.stdin)
    token = pkcs11.lib(said["module"]).get_token(token_label=said["label"])
    with token.open(rw=True, user_pin=said["pin"]) as session:
        for label, key_id, private_key, certificates in said["entries"]:
            own = {Attribute.LABEL: label, Attribute.ID: bytes.fromhex(key_id)}
            if private_key:
                session.create_object({**_key(bytes.fromhex(private_key)), **own})
            for number, der in enumerate(certificates):
                mine = own if number == 0 else {Attribute.LABEL: f"{label}-{number}"}
                session.create_object({**_certificate(bytes.fromhex(der)), **mine})


def _key(pkcs8: bytes) -> dict[Attribute, Any]:
    info = keys.PrivateKeyInfo.load(pkcs8)
    inner = info["private_key"].parsed
    if info.algorithm == "ec":
        inner["parameters"] = info["private_key_algorithm"]["parameters"]
        attributes = decode_ec_private_key(inner.dump())
    else:
        attributes = decode_rsa_private_key(inner.dump())
    return {
        **attributes,
        Attribute.TOKEN: True,
        Attribute.PRIVATE: True,
        Attribute.SENSITIVE: True,
        Attribute.SIGN: True,
    }


def _certificate(der: bytes) -> dict[Attribute, Any]:
    attributes = decode_x509_certificate(x509.Certificate.load(der).dump())
    return {**attributes, Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.TOKEN: True}
