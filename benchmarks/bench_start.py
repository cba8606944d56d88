"""Commands with their start counted: sealing a folder, and verifying one file, against pyHanko's.

Both sides run as programs of their own, in turns, children included; what is counted is processor
time, user and system. Every sealed file is then put to ``pdfsig`` and ``mutool sign -v``.

    python benchmarks/bench_start.py --documents 300 --archived 100 --rounds 3
"""

import argparse
import logging
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from pathlib import Path

import pikepdf
from bench_signing import Keys, made_keys, one_page, served

from rpa.bootstrap.clock import clock
from rpa.environment import environment_with
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.api import FieldPlan
from rpa.testing.signatures import signing_request

STOCK = Path(__file__).with_name("stock_seal.py")
RPA = (sys.executable, "-m", "rpa")


@dataclass(frozen=True)
class Desk:
    """Where the letters and keys are."""

    folder: Path
    keys: Keys
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def phrase(self) -> Path:
        """The file of the key's passphrase."""
        return self.folder / "phrase"

    def letters(self, number: int) -> Path:
        """Return a folder of that many letters."""
        folder = self.folder / f"letters-{number}"
        if not folder.exists():
            folder.mkdir()
            for at in range(number):
                (folder / f"{at:04}.pdf").write_bytes(one_page())
        return folder

    def fresh(self) -> Path:
        """Return a folder that is not there.

        Never one that was there: a file system that has just deleted many files is slow to make
        new ones.
        """
        return self.folder / f"out-{next(self.numbers)}"

    def ours(self, number: int, out: Path, *, archived: bool, workers: int) -> list[str]:
        """Return the command of ours that seals."""
        command = [*RPA, "seal", str(self.letters(number)), str(out), "--invisible"]
        command += ["--key", str(self.keys.rsa.path), "--passphrase", f"file:{self.phrase}"]
        command += ["--workers", str(workers), "--level", "B-LTA" if archived else "B-B"]
        if archived:
            command += ["--tsa", self.keys.stamps, "--trust", str(self.keys.root)]
        return command

    def stock(self, number: int, out: Path, *, archived: bool) -> list[str]:
        """Return the program that signs by pyHanko's plain API."""
        command = [sys.executable, str(STOCK), str(self.letters(number)), str(out)]
        command += [str(self.keys.rsa.path), str(self.phrase)]
        if archived:
            command += ["--tsa", self.keys.stamps, "--root", str(self.keys.root)]
        return command


def main() -> None:
    """Measure, and print."""
    logging.disable(logging.WARNING)
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--documents", type=int, default=300)
    told.add_argument("--archived", type=int, default=100)
    told.add_argument("--rounds", type=int, default=3)
    told.add_argument("--checks", type=int, default=7, help="rounds of each verification")
    told.add_argument("--files", type=Path, nargs="*", default=[], help="further signed files")
    said = told.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        desk = Desk(folder, made_keys(folder))
        desk.phrase.write_text(desk.keys.rsa.passphrase, encoding="utf-8")
        with served(desk.keys):
            start(desk, said.documents, said.rounds)
            sealing(desk, said.documents, said.rounds, archived=False)
            sealing(desk, said.archived, said.rounds, archived=True)
            by_command(desk, said.rounds)
        grown = signed_three_times(desk)
        verifying(desk, said.checks, [*said.files, *grown])


def start(desk: Desk, documents: int, rounds: int) -> None:
    """Tell what the start costs: one letter, less what a letter more costs."""
    one, many = [], []
    for _round in range(max(5, rounds)):
        one.append(spent(desk.ours(1, desk.fresh(), archived=False, workers=0)))
        many.append(spent(desk.ours(documents, desk.fresh(), archived=False, workers=1)))
    middle = statistics.median(one)
    letter = (statistics.median(many) - middle) / (documents - 1)
    print(
        f"start of rpa seal: {middle - letter:.2f} CPU s ({min(one) - letter:.2f} to "
        f"{max(one) - letter:.2f}); a letter more: {letter * 1000:.1f} ms"
    )


def sealing(desk: Desk, documents: int, rounds: int, *, archived: bool) -> None:
    """Compare the sealing of a folder, start counted, in turns; then ask others of each file."""
    out = theirs = desk.folder
    took: dict[str, list[float]] = {"stock": [], "workers 0": [], "workers 1": []}
    for _round in range(rounds):
        theirs = desk.fresh()
        took["stock"].append(spent(desk.stock(documents, theirs, archived=archived)))
        for workers in (0, 1):
            out = desk.fresh()
            command = desk.ours(documents, out, archived=archived, workers=workers)
            took[f"workers {workers}"].append(spent(command))
    level = "B-LTA" if archived else "B-B"
    base = statistics.median(took["stock"])
    for name, found in took.items():
        middle = statistics.median(found)
        print(
            f"{documents} letters, {level}, {name}: {middle:.2f} CPU s "
            f"({min(found):.2f} to {max(found):.2f}), x{base / middle:.1f}"
        )
    for name, folder in (("ours", out), ("stock", theirs)):
        files = sorted(folder.glob("*.pdf"))
        print(f"  {name}: {len(files)} files; {judged(files)}")
    shutil.copy(out / "0000.pdf", desk.folder / f"ours-{level}.pdf")
    shutil.copy(theirs / "0000.pdf", desk.folder / f"stock-{level}.pdf")


def by_command(desk: Desk, rounds: int) -> None:
    """Tell what pyHanko's own command takes for one letter, where it is installed."""
    program = Path(sys.executable).with_name("pyhanko")
    if not program.exists():
        return
    letter, out = desk.letters(1) / "0000.pdf", desk.folder / "by-command.pdf"
    command = [str(program), "sign", "addsig", "--field", "Signature1", "--use-pades", "pkcs12"]
    command += ["--passfile", str(desk.phrase), str(letter), str(out), str(desk.keys.rsa.path)]
    found = [spent(command) for _round in range(max(3, rounds))]
    print(f"pyhanko sign addsig, a letter: {statistics.median(found):.2f} CPU s; {judged([out])}")


def verifying(desk: Desk, rounds: int, more: Sequence[Path]) -> None:
    """Compare the check of one file that nothing was appended to, in turns."""
    program = Path(sys.executable).with_name("pyhanko")
    if not program.exists():
        print("verifying: pyhanko-cli is not installed")
        return
    root = str(desk.keys.root)
    theirs = [str(program), "sign", "validate", "--trust", root, "--trust-replace"]
    theirs += ["--no-revocation-check"]
    ratios = []
    for file in [*sorted(desk.folder.glob("*-B-*.pdf")), *more]:
        ours, stock = [], []
        for _round in range(rounds):
            ours.append(spent([*RPA, "verify", "--trust", root, str(file)], good=range(6)))
            stock.append(spent([*theirs, str(file)], good=range(6)))
        ratios.append(statistics.median(ours) / statistics.median(stock))
        print(
            f"verify {file.name}: ours {statistics.median(ours):.3f}, pyhanko sign validate "
            f"{statistics.median(stock):.3f} CPU s, x{ratios[-1]:.2f}"
        )
    print(f"verify, {len(ratios)} files: x{min(ratios):.2f} to x{max(ratios):.2f}")


def signed_three_times(desk: Desk) -> list[Path]:
    """Return a file of ten pages of text, signed by three in turn, each seen on the last page."""
    with pikepdf.open(BytesIO(one_page())) as pdf:
        for _page in range(9):
            pdf.pages.append(pdf.pages[0])
        target = BytesIO()
        pdf.save(target)
    signer = PyHankoSigner(timestamp_url=None)
    names = ("Premier", "Deuxieme", "Troisieme")
    content = signer.prepare(target.getvalue(), [FieldPlan(name) for name in names]).pdf
    for name in names:
        asked = signing_request(content, desk.keys.rsa, clock(), field=name)
        content = signer.sign(asked).pdf
    file = desk.folder / "ten-pages-three-signatures.pdf"
    file.write_bytes(content)
    return [file]


def spent(command: Sequence[str], *, good: Sequence[int] = (0,)) -> float:
    """Run a program to its end and return its processor time, its children's included."""
    with tempfile.TemporaryDirectory() as cache:
        env = environment_with(XDG_CACHE_HOME=cache)  # revocation answers of another run are none
        before = _children()
        run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        after = _children()
    if run.returncode not in good:
        raise SystemExit(f"{command}\n{run.stdout[-2000:]}\n{run.stderr[-2000:]}")
    return after - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def judged(files: Sequence[Path]) -> str:
    """Return of how many files pdfsig and mutool say that they are signed, and whole.

    pdfsig judges no document timestamp; pyHanko's B-LTA ends with validation data that none covers.
    """
    valid = whole = mutool = 0
    for file in files:
        said = _said("pdfsig", "-nocert", str(file))
        valid += "Signature is Valid." in said and "Invalid" not in said
        whole += "  - Total document signed" in said
        told = _said("mutool", "sign", "-v", str(file))
        mutool += "unchanged since signing" in told or "signature is valid" in told
    return f"pdfsig: {valid} valid, {whole} wholly signed; mutool: {mutool} unchanged"


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    main()
