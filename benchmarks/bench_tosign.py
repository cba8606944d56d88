"""Signs every file of the odd-input set, visibly and invisibly, and asks two outside tools.

Usage: python benchmarks/bench_tosign.py SHARED [--out FOLDER]

``SHARED`` is the folder of the data sets; ``signing/expected.json`` says how hard each file is. A
file is *right* where it was signed and both pdfsig and mutool accept the result, or was refused
with a reason that is true: the set says so (``refuse``, ``password-needed``), or qpdf or pdfsig
bears it out. Everything else is a miss and is listed; so are refusals that the set did not expect.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from rpa.bootstrap.clock import clock
from rpa.domain.errors import RpaError
from rpa.domain.signature import SignatureLevel
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.api import Credential, SigningRequest
from rpa.signing.devpki import PKI_FOLDER, create_development_pki
from rpa.testing.signatures import credential

REFUSABLE: Final = {
    "refuse": frozenset(
        {
            "not-a-pdf", "pdf-empty", "pdf-damaged", "pdf-no-pages", "pdf-page-tree-loop",
            "pdf-not-shown", "pdf-encrypted-certificate", "pdf-encryption",
        }
    ),
    "password-needed": frozenset({"pdf-encrypted", "pdf-not-permitted"}),
}  # fmt: skip
_HINTS: Final = (
    re.compile(r"user password (\S+?)(?:,|$)"),
    re.compile(r"owner password (\S+?)(?:,|$)"),
    re.compile(r"\((\w+), \w+\)"),
    re.compile(r"\(\w+, (\w+)\)"),
)


@dataclass(frozen=True)
class Outcome:
    """What became of one file, in one way."""

    file: str
    wanted: str
    said: str
    """``signed``, a refusal's code, or what an outside tool does not accept."""
    seconds: float
    repairs: tuple[str, ...] = ()
    is_borne_out: bool = False
    """An outside tool agrees with the reason."""

    @property
    def is_expected(self) -> bool:
        """Say whether it was signed well, or refused as the set expects."""
        return self.said == "signed" or self.said in REFUSABLE.get(self.wanted, ())

    @property
    def is_right(self) -> bool:
        """Say whether it was signed well, or refused with a true reason."""
        return self.is_expected or self.is_borne_out


def passwords_of(entry: dict[str, Any]) -> Iterator[str | None]:
    """Yield no password, then those that the set knows for the file."""
    yield None
    hint = entry.get("password_hint") or ""
    if "one space" in hint:
        yield " "
    for words in _HINTS:
        if found := words.search(hint):
            yield found.group(1)
    if found := re.search(r"pw=(\S+)\.pdf", entry["file"]):
        yield found.group(1)


def accepted(pdf: bytes, folder: Path, password: str | None) -> str:
    """Return ``signed``, or which tool does not accept the result."""
    file = folder / "signed.pdf"
    file.write_bytes(pdf)
    keys = ["-upw", password, "-opw", password] if password else []
    told = _said(["pdfsig", *keys, str(file)])
    if "Signature is Valid" not in told or "Total document signed" not in told:
        return "pdfsig"
    keys = ["-p", password] if password else []
    told = _said(["mutool", "sign", *keys, "-v", str(file)])
    return "signed" if "unchanged since signing" in told else "mutool"


def borne_out(code: str, pdf: bytes, folder: Path) -> bool:
    """Say whether an outside tool agrees with a refusal."""
    file = folder / "refused.pdf"
    file.write_bytes(pdf)
    if code == "pdf-not-permitted":
        told = _said(["qpdf", "--show-encryption", str(file)])
        return any(f"{what}: not allowed" in told for what in ("modify forms", "modify other"))
    if code == "pdf-page-tree-loop":
        return "Loop detected" in _said(["qpdf", "--check", str(file)])
    if code == "pdf-dynamic-form":
        told = _said(["mutool", "show", str(file), "trailer/Root/NeedsRendering"])
        return "true" in told
    if code == "pdf-readers-differ":
        return "No syntax or stream" not in _said(["qpdf", "--check", str(file)])
    return code == "pdf-too-demanding" and _said(["pdfsig", str(file)]) == "timeout"


def _said(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except subprocess.TimeoutExpired:
        return "timeout"
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def tried(
    signer: PyHankoSigner, key: Credential, pdf: bytes, password: str | None, *, visible: bool
) -> tuple[str, bytes, tuple[str, ...]]:
    """Return what was said, the signed bytes and what was repaired."""
    request = SigningRequest(
        pdf=pdf,
        credential=key,
        field="BenchSignature",
        level=SignatureLevel.B_B,
        reason="Essai",
        location="Québec",
        signed_at=clock(),
        visible=visible,
        role="Responsable des essais",
        verify_url="https://example.org/verify/7f3c9a1b2d",
        password=password,
    )
    try:
        signed = signer.sign(request)
    except RpaError as error:
        return error.reason, b"", ()
    return "signed", signed.pdf, signed.repairs


def outcome_of(
    entry: dict[str, Any], signer: PyHankoSigner, key: Credential, *, pdf: bytes, folder: Path,
    visible: bool,
) -> Outcome:  # fmt: skip
    """Sign one file with the first password that does it."""
    began = time.perf_counter()
    said, repairs = "", ()
    for password in passwords_of(entry):
        answer, signed, repairs = tried(signer, key, pdf, password, visible=visible)
        said = answer if said in ("", "pdf-encrypted") or answer == "signed" else said
        seconds = time.perf_counter() - began
        if said == "signed":
            said = accepted(signed, folder, password)
            (folder.parent / "signed" / Path(entry["file"]).name).write_bytes(signed)
            break
    is_true = said != "signed" and borne_out(said, pdf, folder)
    return Outcome(Path(entry["file"]).name, entry["signing"], said, seconds, repairs, is_true)


def printed(outcomes: list[Outcome], title: str) -> None:
    """Print the table of one way of signing, and each miss."""
    print(f"\n{title}: {len(outcomes)} files")
    table = Counter((one.wanted, one.said) for one in outcomes)
    for (wanted, said), count in sorted(table.items()):
        print(f"  {wanted:18} {said:28} {count:4}")
    right = sum(one.is_right for one in outcomes)
    repaired = sum(bool(one.repairs) for one in outcomes)
    slowest = max(outcomes, key=lambda one: one.seconds)
    print(
        f"  right: {right} of {len(outcomes)} ({right / len(outcomes):.1%}); repaired: {repaired}"
    )
    print(f"  slowest: {slowest.file} {slowest.seconds:.2f} s")
    for one in outcomes:
        if not one.is_expected:
            kind = "refused with a true reason" if one.is_right else "miss"
            print(f"  {kind}: {one.file} ({one.wanted}): {one.said}")


def main() -> int:
    """Sign all, print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    data = options.shared / "signing"
    entries = json.loads((data / "expected.json").read_text(encoding="utf-8"))["entries"]
    entries = [entry for entry in entries if entry["family"] == "TOSIGN"]
    all_right = True
    with TemporaryDirectory() as name:
        home = Path(name)
        create_development_pki(home, now=clock())
        signer, key = PyHankoSigner(timestamp_url=None), credential(home / PKI_FOLDER)
        for visible in (True, False):
            title = "visible" if visible else "invisible"
            folder = (options.out or home) / title / "check"
            folder.mkdir(parents=True, exist_ok=True)
            (folder.parent / "signed").mkdir(exist_ok=True)
            outcomes = [
                outcome_of(
                    entry, signer, key,
                    pdf=(data / entry["file"]).read_bytes(), folder=folder, visible=visible,
                )
                for entry in entries
            ]  # fmt: skip
            printed(outcomes, title)
            all_right &= sum(one.is_right for one in outcomes) >= 0.95 * len(outcomes)
    return 0 if all_right else 1


if __name__ == "__main__":
    sys.exit(main())
