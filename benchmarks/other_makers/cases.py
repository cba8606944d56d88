"""Signed files of many makers, and honest later changes by the same tools."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import pikepdf

from other_makers.pki import PASSWORD
from other_makers.tools import TOOLS, Job, Options, Place, Tool
from rpa.testing import signed_samples as samples
from rpa.testing.foreign_envelopes import signed_with
from rpa.testing.sound_updates import hybrid

_APPROVED: Final = frozenset({"fill", "describe", "stamp", "store", "again"})
_A_KIND: Final = 2
"""How many tools make a kind of later change to each maker's file."""
_OPENSSL: Final[dict[str, tuple[str, ...]]] = {
    "rsa": ("-md", "sha256"),
    "rsa, SHA-512": ("-md", "sha512"),
    "rsa, PSS": ("-md", "sha256", "-keyopt", "rsa_padding_mode:pss"),
    "rsa, SHA-3": ("-md", "sha3-256"),
    "rsa, CAdES": ("-md", "sha256", "-cades"),
    "rsa, no attributes": ("-md", "sha256", "-noattr"),
    "rsa, named by its key": ("-md", "sha256", "-keyid"),
    "rsa3072": ("-md", "sha384"),
    "p256": ("-md", "sha256"),
    "p521": ("-md", "sha512"),
    "brainpool": ("-md", "sha256"),
}
_RANGE: Final = b"/ByteRange"
_NAMES: Final = "urn:oasis:names:tc:opendocument:xmlns"
_LETTER: Final = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="{0}:office:1.0" xmlns:text="{0}:text:1.0" xmlns:form="{0}:form:1.0"
 xmlns:draw="{0}:drawing:1.0" xmlns:svg="{0}:svg-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:body>
<office:text>{1}<text:p>The city pays 100 dollars.{2}</text:p></office:text></office:body>
</office:document>"""
_FORM: Final = (
    '<office:forms><form:form form:name="f"><form:text form:name="name" form:id="c1"'
    ' form:control-implementation="ooo:com.sun.star.form.component.TextField"/>'
    "</form:form></office:forms>"
)
_CONTROL: Final = (
    '<draw:control text:anchor-type="as-char" svg:width="5cm" svg:height="0.8cm"'
    ' draw:control="c1"/>'
)


@dataclass(frozen=True)
class Made:
    """One file, or what was asked for and refused."""

    name: str
    makers: tuple[str, ...]
    is_held_out: bool
    is_change: bool
    path: Path | None
    """None where a tool refused, or changed more than it appended."""


def prepared(place: Place) -> None:
    """Make the stores and letters that some tools need beside the keys."""
    for folder in ("home", "nss", "lo", "classes"):
        (place.work / folder).mkdir(parents=True, exist_ok=True)
    (place.work / "letter.fodt").write_text(_LETTER.format(_NAMES, "", ""), encoding="utf-8")
    (place.work / "form.fodt").write_text(_LETTER.format(_NAMES, _FORM, _CONTROL), encoding="utf-8")
    if not shutil.which("certutil"):
        return
    nss, store = f"sql:{place.work / 'nss'}", str(place.pki.p12())
    root = str(place.pki.folder / "root.pem")
    for command in (
        ["certutil", "-N", "-d", nss, "--empty-password"],
        ["certutil", "-A", "-d", nss, "-n", "root", "-t", "CT,C,C", "-i", root],
        ["pk12util", "-i", store, "-d", nss, "-W", PASSWORD, "-K", ""],
    ):
        subprocess.run(command, check=True, capture_output=True)


def bases(place: Place) -> dict[str, Path]:
    """Return documents to sign: of our own in several builds, and forms that others made."""
    plain = samples.whole_pdf()
    packed = pikepdf.ObjectStreamMode.generate
    made = {
        "plain": plain,
        "packed": _rewritten(plain, object_stream_mode=packed),
        "linearized": _rewritten(plain, linearize=True),
        "hybrid": hybrid(plain),
        "letter": _without_form(plain),
        "locked": _rewritten(plain, encryption=pikepdf.Encryption(owner="owner", user="", R=6)),
    }
    found = {}
    for name, content in made.items():
        found[name] = place.work / f"base {name}.pdf"
        found[name].write_bytes(content)
    for name in ("PyMuPDF", "pdf-lib"):
        target = place.work / f"base form by {name}.pdf"
        if by_name(name).does(place, Job("form", Path("-"), target)):
            found[f"form by {name}"] = target
    return found


def _without_form(pdf: bytes) -> bytes:
    """Return a document without a form: some makers lose the fields that are there."""
    target = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        del opened.Root.AcroForm
        for page in opened.pages:
            del page.Annots
        opened.remove_unreferenced_resources()
        opened.save(target, static_id=True)
    return target.getvalue()


def _rewritten(pdf: bytes, **how: object) -> bytes:
    target = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(target, **how)  # type: ignore[arg-type]
    return target.getvalue()


def by_name(name: str) -> Tool:
    """Return a tool."""
    return next(tool for tool in TOOLS if tool.name == name)


class Maker:
    """Makes the files of one run."""

    def __init__(self, place: Place, tools: Sequence[Tool]) -> None:
        """Take the tools that are there."""
        self._place = place
        self._tools = tools
        self._bases = bases(place)
        self._count = 0

    def files(self) -> Iterator[Made]:
        """Yield every file, and every refusal."""
        for index, tool in enumerate(self._tools):
            if tool.signs:
                yield from self._of(tool, index)

    def _of(self, tool: Tool, turn: int) -> Iterator[Made]:
        own = {"its own": Path("-")} if tool.makes_own else self._bases
        first, source = None, None
        for name, base in own.items():
            made = self._made(f"on {name}", tool, Job("sign", base, self._target(), tool.signs[0]))
            yield made
            if made.path is not None and first is None:
                first, source = made.path, base
        if first is None or source is None:
            return
        for options in tool.signs[1:]:
            words = ", ".join(" ".join(pair) for pair in options.items())
            yield self._made(words, tool, Job("sign", source, self._target(), options))
        yield from self._changes(tool, first, turn, _APPROVED)
        if "certify" in tool.can:
            yield from self._certified(tool, source, turn)

    def _certified(self, tool: Tool, source: Path, turn: int) -> Iterator[Made]:
        """Yield certified files and what may come later; some tools want no prepared fields."""
        for level, kinds in ((2, {"fill", "again", "stamp"}), (3, {"note", "fill"})):
            options = {**tool.signs[0], "level": str(level)}
            for base in (source, self._bases["letter"]):
                job = Job("sign", base, self._target(), options)
                made = self._made(f"certified, P={level}", tool, job)
                yield made
                if made.path is not None:
                    yield from self._changes(tool, made.path, turn, kinds)
                    break

    def _changes(self, signer: Tool, source: Path, turn: int, kinds: Set[str]) -> Iterator[Made]:
        """Yield what the signer's tool itself and some others of its side do later."""
        for kind in sorted(kinds):
            others = [one for one in self._others(signer) if kind in one.can]
            turned = list(islice(cycle(others), turn, turn + min(_A_KIND, len(others))))
            for tool in [signer] * (kind in signer.can) + turned:
                yield from self._change(signer, tool, source, kind)

    def _others(self, signer: Tool) -> list[Tool]:
        """Return the tools that may follow: none that is held out after one that is not."""
        sides = (True, False) if signer.is_held_out else (False,)
        return [one for one in self._tools if one is not signer and one.is_held_out in sides]

    def _change(self, signer: Tool, tool: Tool, source: Path, kind: str) -> Iterator[Made]:
        action = "sign" if kind == "again" else kind
        options: Options = {"field": "SignatureB"} if action == "sign" else {}
        if action == "stamp":
            options = {"field": "StampB"}
        words = f"{source.stem}, then {kind}"
        yield self._made(words, tool, Job(action, source, self._target(), options), signer)

    def _target(self) -> Path:
        self._count += 1
        return self._place.work / "made" / f"{self._count:04}.pdf"

    def _made(self, words: str, tool: Tool, job: Job, signer: Tool | None = None) -> Made:
        return made(self._place, words, tool, job, signer)


def made(place: Place, words: str, tool: Tool, job: Job, signer: Tool | None = None) -> Made:
    """Have a tool do a job, a later change where there is a signer; check from outside."""
    job.target.parent.mkdir(exist_ok=True)
    try:
        done = tool.does(place, job) and not _spoils(job, is_change=signer is not None)
    except pikepdf.PdfError:
        done = False
    makers = tuple(dict.fromkeys(one.name for one in (signer or tool, tool)))
    held_out = tool.is_held_out or (signer is not None and signer.is_held_out)
    name = f"{job.target.stem} {' + '.join(makers)}: {words}"
    return Made(name, makers, held_out, signer is not None, job.target if done else None)


def _spoils(job: Job, *, is_change: bool) -> bool:
    """Say whether a tool did not do what was asked, or not in an honest way.

    It wrote nothing more than was there, wrote all anew where it should append, left what can't be
    read without repairs, lost fields of the form or gave two the same name, signed nothing, or
    certified nothing.
    """
    after = job.target.read_bytes()
    before = job.source.read_bytes() if job.source.is_file() else b""
    if is_change and not after.startswith(before.rstrip()):
        return True
    if job.action in ("sign", "stamp") and after.count(_RANGE) <= before.count(_RANGE):
        return True
    if "level" in job.options and b"/DocMDP" not in after:
        return True
    if before and _is_whole(before) and not _is_whole(after):
        return True
    fields = _fields(after)
    had = _fields(before) if before else set()
    return _repeated(fields) > _repeated(had) or not had <= fields


def _is_whole(pdf: bytes) -> bool:
    try:
        pikepdf.open(BytesIO(pdf), attempt_recovery=False).close()
    except pikepdf.PdfError:
        return False
    return True


def _repeated(fields: Set[tuple[object, str]]) -> int:
    return len(fields) - len({name for _number, name in fields})


def _fields(pdf: bytes) -> set[tuple[object, str]]:
    """Return the form's fields: numbers and names."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        form = opened.Root.get("/AcroForm", {})
        found = [one for one in form.get("/Fields", []) if hasattr(one, "get")]
        return {(one.objgen, str(one.get("/T"))) for one in found}


def by_hand(place: Place) -> Iterator[Made]:
    """Yield our samples with signatures that other programs made, put in by hand."""
    for name, wishes in _OPENSSL.items():
        own = place.pki.folder / name.split(",")[0]
        key = ["-signer", str(own.with_suffix(".pem")), "-inkey", str(own.with_suffix(".key.pem"))]
        encoding = "ETSI.CAdES.detached" if "-cades" in wishes else "adbe.pkcs7.detached"
        command = [
            "openssl", "cms", "-sign", "-binary", "-nosmimecap", "-outform", "DER", *key, *wishes,
        ]  # fmt: skip
        yield _put(place, "openssl", name, (command, encoding), is_held_out=False)
    script = str(Path(__file__).parent / "node_makers.mjs")
    words = [f"p12={place.pki.p12()}", f"password={PASSWORD}"]
    source, target = place.work / "covered", place.work / "envelope"
    node = ["node", script, "documenso", "envelope", str(source), str(target), *words]
    yield _put(place, "@documenso/pdf-sign", "rsa", (node, "adbe.pkcs7.detached"), is_held_out=True)


def _put(
    place: Place, maker: str, words: str, how: tuple[list[str], str], *, is_held_out: bool
) -> Made:
    command, encoding = how
    environment = {"PATH": "/usr/bin:/bin", "MAKERS_NODE": str(place.tools / "node")}

    def sign(covered: bytes) -> bytes:
        (place.work / "covered").write_bytes(covered)
        done = subprocess.run(
            command, input=covered, env=environment, check=True, capture_output=True, timeout=60
        )
        return done.stdout or (place.work / "envelope").read_bytes()

    path: Path | None = place.work / "made" / f"by hand, {maker.replace('/', '-')}, {words}.pdf"
    try:
        path.write_bytes(signed_with(sign, samples.whole_pdf(), encoding))
    except (subprocess.SubprocessError, OSError, ValueError):
        path = None
    name = f"{maker} by hand: {words}"
    return Made(name, (maker,), is_held_out=is_held_out, is_change=False, path=path)
