"""Signs spoiled PDFs by the thousand: each must end signed and accepted, or refused with a code.

Run: ``python benchmarks/bench_sign_fuzz.py --files 10000 --seed 1 [FOLDER…]``. PDFs drawn by the
project, and those of the folders named, are spoiled; the same seed spoils the same way. What was
signed is put to our own validator (integrity ``valid``), pdfsig and mutool.
"""

import argparse
import json
import resource
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from bench_tosign import accepted

from rpa.bootstrap.clock import clock
from rpa.domain.errors import SignatureRefusedError, ToolUnavailableError
from rpa.domain.signature import Integrity
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.api import SigningRequest
from rpa.signing.devpki import PKI_FOLDER, create_development_pki
from rpa.testing import hostile_pdfs
from rpa.testing.mutations import dice_of, mutated
from rpa.testing.signatures import credential, signing_request
from rpa.testing.structural_mutations import restructured

MAX_BYTES: Final = 200_000
SLOW_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one spoiled PDF."""

    outcome: str
    seconds: float

    @property
    def is_bad(self) -> bool:
        """Say whether it broke a promise."""
        return self.outcome.startswith(("raised", "not accepted")) or self.seconds > SLOW_S


def sources(folders: Sequence[Path]) -> list[bytes]:
    """Return the PDFs to spoil."""
    drawn = [
        hostile_pdfs.one_page_pdf(),
        hostile_pdfs.pdf_of_many_pages(5),
        hostile_pdfs.pdf_with_actions(),
        hostile_pdfs.pdf_that_hides_a_page(),
        hostile_pdfs.pdf_portfolio(),
        hostile_pdfs.locked_pdf(user=""),
    ]
    files = [path for folder in folders for path in sorted(folder.rglob("*.pdf"))]
    return drawn + [path.read_bytes() for path in files if path.stat().st_size <= MAX_BYTES]


def spoiled(documents: Sequence[bytes], seed: int, files: int) -> Iterator[bytes]:
    """Yield spoiled PDFs: bytes changed by chance, or names and numbers changed where they hurt."""
    dice = dice_of(seed)
    for number in range(files):
        change = restructured if number % 2 else mutated
        yield change(dice.choice(documents), dice)


def tried(
    request: SigningRequest, signer: PyHankoSigner, validator: PyHankoValidator, folder: Path
) -> Trial:
    """Sign one, and have the result judged."""
    began = perf_counter()
    try:
        signed = signer.sign(request)
    except (SignatureRefusedError, ToolUnavailableError) as error:
        return Trial(f"refused: {error.reason}", perf_counter() - began)
    except Exception as error:  # noqa: BLE001 - what must never happen is counted
        return Trial(f"raised: {type(error).__name__}", perf_counter() - began)
    seconds = perf_counter() - began
    report = validator.validate(signed.pdf, at=request.signed_at)
    if report.integrity is not Integrity.VALID:
        return Trial(f"not accepted: validator says {report.integrity.value}", seconds)
    said = accepted(signed.pdf, folder, None)
    if said != "signed":
        return Trial(f"not accepted: {said}", seconds)
    return Trial("signed after mending" if signed.repairs else "signed", seconds)


def main() -> int:
    """Spoil, sign, count; the exit status is 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where files that break a promise are put")
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        home = Path(name)
        create_development_pki(home, now=clock())
        signer = PyHankoSigner(timestamp_url=None)
        validator = PyHankoValidator(trust_roots=[home / PKI_FOLDER / "root.pem"])
        base = signing_request(b"", credential(home / PKI_FOLDER), clock())
        documents = sources(options.folders)
        trials = []
        for number, pdf in enumerate(spoiled(documents, options.seed, options.files)):
            request = replace(base, pdf=pdf, visible=bool(number % 3))
            trial = tried(request, signer, validator, home)
            trials.append(trial)
            if trial.is_bad and options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{options.seed}-{number}.pdf").write_bytes(pdf)
                print(number, trial, flush=True)
    print(f"{options.files} spoiled from {len(documents)} PDFs, seed {options.seed}")
    return printed(trials)


def printed(trials: Sequence[Trial]) -> int:
    """Print what was counted; return 1 where a promise was broken."""
    outcomes = Counter(trial.outcome for trial in trials)
    print(json.dumps(dict(outcomes.most_common()), indent=2))
    slowest = max(trial.seconds for trial in trials)
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    bad = sum(trial.is_bad for trial in trials)
    print(
        f"slowest {slowest:.1f} s; most memory {own:.0f} MB, children {children:.0f} MB; bad {bad}"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
