"""The makers: where each tool is, how it is called, what it can do, and which are held out."""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from other_makers.pki import PASSWORD, Pki

_HERE: Final = Path(__file__).parent
_JARS: Final = Path("/usr/share/java")
_LIBRARIES: Final = ("bcprov", "bcpkix", "bcutil", "bcmail", "commons-logging", "fontbox2")
_LONGEST_S: Final = 120
Options = Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Where things are for one run."""

    tools: Path
    work: Path
    pki: Pki
    clock: str
    """The address of the time-stamping service."""


@dataclass(frozen=True)
class Job:
    """One thing to do to one file."""

    action: str
    source: Path
    target: Path
    options: Options = field(default_factory=dict)


Command = Callable[[Place, Job], list[str]]


@dataclass(frozen=True)
class Tool:
    """One maker."""

    name: str
    command: Command
    is_present: Callable[[Place], bool]
    side: str
    """``seen``, or ``held out``: nobody looked at what is said of its files while mending."""
    signs: tuple[Options, ...] = ()
    """How it can sign, the usual way first; none where it only changes."""
    can: frozenset[str] = frozenset()
    """``again`` (sign what is signed), ``certify``, ``fill``, ``note``, ``describe``, ``stamp``
    (a document timestamp), ``store`` (validation data)."""
    makes_own: bool = False
    """It signs only documents that it makes itself."""
    is_bound: bool = False
    """It signs only such documents, or in the prepared field of our samples."""

    @property
    def is_held_out(self) -> bool:
        """True for a maker that was kept aside."""
        return self.side == HELD_OUT

    def does(self, place: Place, job: Job) -> bool:
        """Do a job; False where the tool refuses or leaves nothing."""
        environment = {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(place.work / "home"),
            "MOZILLA_CERTIFICATE_FOLDER": str(place.work / "nss"),
            "MAKERS_NODE": str(
                place.tools / ("node-old" if self.name == "node-signpdf" else "node")
            ),
        }
        try:
            subprocess.run(
                self.command(place, job),
                env=environment,
                cwd=place.work,
                check=True,
                capture_output=True,
                timeout=_LONGEST_S,
            )
        except (subprocess.SubprocessError, OSError):
            return False
        return job.target.is_file() and job.target.stat().st_size > 0


def _pairs(place: Place, job: Job) -> list[str]:
    known = {
        "p12": str(place.pki.p12(job.options.get("key", "rsa"))),
        "password": PASSWORD,
        "field": "SignatureA",
        "crl": str(place.pki.crl),
        "certificate": str(place.pki.certificate),
        "name": "name",
        "value": "Bob",
    }
    if "stamped" in job.options or job.action == "stamp":
        known["tsa"] = place.clock
    return [f"{key}={value}" for key, value in {**known, **job.options}.items()]


def _files(job: Job) -> list[str]:
    return [job.action, str(job.source), str(job.target)]


def _java(name: str, jar: str) -> Command:
    def command(place: Place, job: Job) -> list[str]:
        path = [place.work / "classes", *(_JARS / f"{one}.jar" for one in (jar, *_LIBRARIES))]
        joined = ":".join(str(one) for one in path)
        return ["java", "-cp", joined, name, *_files(job), *_pairs(place, job)]

    return command


def compiled(place: Place) -> None:
    """Compile the Java makers whose libraries are there."""
    for name, jar in (
        ("Itext5Maker", "itext5"),
        ("Itext2Maker", "itext"),
        ("PdfboxMaker", "pdfbox2"),
    ):
        path = ":".join(str(_JARS / f"{one}.jar") for one in (jar, *_LIBRARIES))
        if shutil.which("javac") and (_JARS / f"{jar}.jar").exists():
            command = ["javac", "-nowarn", "-d", str(place.work / "classes"), "-cp", path]
            subprocess.run([*command, str(_HERE / f"{name}.java")], check=True, capture_output=True)


def _has_jar(jar: str) -> Callable[[Place], bool]:
    return lambda _place: bool(shutil.which("javac")) and (_JARS / f"{jar}.jar").exists()


def _node(name: str) -> Command:
    script = str(_HERE / "node_makers.mjs")
    return lambda place, job: ["node", script, name, *_files(job), *_pairs(place, job)]


def _has_module(module: str, folder: str = "node") -> Callable[[Place], bool]:
    return lambda place: (place.tools / folder / "node_modules" / module).is_dir()


def _python(name: str) -> Command:
    script = str(_HERE / "python_makers.py")

    def command(place: Place, job: Job) -> list[str]:
        interpreter = str(place.tools / "python" / name / "bin" / "python")
        return [interpreter, script, name, *_files(job), *_pairs(place, job)]

    return command


def _has_python(name: str) -> Callable[[Place], bool]:
    return lambda place: (place.tools / "python" / name / "bin" / "python").exists()


def _has(program: str) -> Callable[[Place], bool]:
    return lambda _place: shutil.which(program) is not None


def _pyhanko(place: Place, job: Job) -> list[str]:
    said = job.options
    if job.action == "store":
        script = [str(_HERE / "python_makers.py"), "pyhanko", *_files(job)]
        return [str(place.tools / "python/pyhanko/bin/python"), *script, *_pairs(place, job)]
    program = str(place.tools / "python/pyhanko/bin/pyhanko")
    if job.action == "stamp":
        clock = ["--timestamp-url", place.clock]
        return [program, "sign", "timestamp", *clock, str(job.source), str(job.target)]
    box = "1/320,40,520,90/" if "box" in said else ""
    wishes = ["--field", box + said.get("field", "SignatureA"), "--reason", "Approved"]
    wishes += [f"--{one}" for one in ("use-pades", "prefer-pss", "certify") if one in said]
    if "stamped" in said:
        wishes += ["--timestamp-url", place.clock]
    secret = place.work / "secret.txt"
    secret.write_text(PASSWORD, encoding="ascii")
    key = ["pkcs12", "--passfile", str(secret)]
    files = [str(job.source), str(job.target), str(place.pki.p12(said.get("key", "rsa")))]
    return [program, "sign", "addsig", *wishes, *key, *files]


def _pdfsig(place: Place, job: Job) -> list[str]:
    wishes = ["-nssdir", f"sql:{place.work / 'nss'}", "-add-signature", "-nick", "maker"]
    name = ["-new-signature-field-name", job.options.get("field", "SignatureA")]
    return ["pdfsig", *wishes, *name, "-reason", "Approved", str(job.source), str(job.target)]


def _mutool(place: Place, job: Job) -> list[str]:
    key = ["-s", str(place.pki.p12(job.options.get("key", "rsa"))), "-P", PASSWORD]
    number = job.options.get("object", "21")
    return ["mutool", "sign", *key, "-o", str(job.target), str(job.source), number]


def _soffice(place: Place, job: Job) -> list[str]:
    wishes = {
        "SignPDF": {"type": "boolean", "value": "true"},
        "SignCertificateSubjectName": {"type": "string", "value": "CN=Maker rsa"},
    }
    if "stamped" in job.options:
        wishes["SignatureTSA"] = {"type": "string", "value": place.clock}
    if "version" in job.options:
        wishes["SelectPdfVersion"] = {"type": "long", "value": job.options["version"]}
    if "tagged" in job.options:
        wishes["UseTaggedPDF"] = {"type": "boolean", "value": "true"}
    script = f"pdf:{job.options.get('filter', 'writer')}_pdf_Export:{json.dumps(wishes)}"
    letter = place.work / job.options.get("letter", "letter.fodt")
    home = f"-env:UserInstallation=file://{place.work / 'home' / 'office'}"
    convert = f"soffice '{home}' --headless --convert-to '{script}'"
    convert += f" --outdir '{place.work / 'lo'}' '{letter}'"
    made = place.work / "lo" / (letter.stem + ".pdf")
    return ["sh", "-c", f"rm -f '{made}'; {convert} && mv '{made}' '{job.target}'"]


def _own(*names: str) -> tuple[Options, ...]:
    return tuple({"letter": f"{name}.fodt"} for name in names)


SEEN, HELD_OUT = "seen", "held out"
_BOX: Final = {"box": "yes"}
_TIME: Final = {"stamped": "yes"}
_CHANGES: Final = frozenset({"fill", "note", "describe"})
TOOLS: Final[Sequence[Tool]] = (
    Tool(
        "pyHanko's command line", _pyhanko, _has_python("pyhanko"), SEEN,
        ({"use-pades": ""}, {}, _BOX, {"prefer-pss": ""}, {"key": "p256", "use-pades": ""},
         {"key": "ed25519"}, {"key": "brainpool"}, {"use-pades": "", **_TIME}),
        frozenset({"again", "stamp", "store"}),
    ),
    Tool(
        "iText 5", _java("Itext5Maker", "itext5"), _has_jar("itext5"), SEEN,
        ({}, _BOX, {"standard": "cms"}, {"digest": "SHA-512"}, {"key": "p256"}, _TIME),
        _CHANGES | {"again", "certify", "stamp", "store"},
    ),
    Tool(
        "endesive", _python("endesive"), _has_python("endesive"), SEEN,
        ({}, _BOX, {"pss": "yes"}, _TIME, {"key": "p256"}),
        frozenset({"again", "certify", "stamp"}),
    ),
    Tool(
        "@signpdf, plain", _node("signpdf-plain"), _has_module("@signpdf/signpdf"), SEEN,
        ({},), frozenset({"again"}),
    ),
    Tool(
        "node-signpdf", _node("node-signpdf"), _has_module("node-signpdf", "node-old"), SEEN,
        ({},),
    ),
    Tool(
        "fpdf2", _python("fpdf2"), _has_python("fpdf2"), SEEN,
        ({}, {"key": "rsa3072"}), makes_own=True, is_bound=True,
    ),
    Tool(
        "sign-pdf-lib", _node("sign-pdf-lib"), _has_module("sign-pdf-lib"), SEEN,
        ({},), frozenset({"again"}),
    ),
    Tool("PyMuPDF", _python("pymupdf"), _has_python("pymupdf"), SEEN, (), _CHANGES),
    Tool("pdf-lib", _node("pdf-lib"), _has_module("pdf-lib"), SEEN),
    Tool(
        "iText 2", _java("Itext2Maker", "itext"), _has_jar("itext"), HELD_OUT,
        ({}, _BOX), _CHANGES | {"again", "certify"},
    ),
    Tool(
        "PDFBox", _java("PdfboxMaker", "pdfbox2"), _has_jar("pdfbox2"), HELD_OUT,
        ({}, {"algorithm": "SHA512WithRSA"}, {"algorithm": "SHA256WithRSAAndMGF1"},
         {"key": "p256", "algorithm": "SHA256WithECDSA"},
         {"key": "p521", "algorithm": "SHA512WithECDSA"},
         {"key": "p256", "algorithm": "SHA256WITHPLAIN-ECDSA"},
         {"key": "brainpool", "algorithm": "SHA256WithECDSA"},
         {"key": "ed25519", "algorithm": "Ed25519"}, {"algorithm": "SHA3-256WithRSA"},
         {"direct": "yes"}),
        _CHANGES | {"again", "certify"},
    ),
    Tool(
        "LibreOffice", _soffice, _has("soffice"), HELD_OUT,
        ({}, {"version": "2"}, {"version": "17"}, {"tagged": "yes"}, _TIME, *_own("form")),
        makes_own=True, is_bound=True,
    ),
    Tool(
        "zgapdfsigner", _node("zga"), _has_module("zgapdfsigner"), HELD_OUT,
        ({}, _BOX, _TIME), frozenset({"again", "certify", "stamp"}),
    ),
    Tool(
        "@f-o-t/e-signature", _node("fot"), _has_module("@f-o-t/e-signature"), HELD_OUT,
        ({}, _BOX), frozenset({"again", "certify"}),
    ),
    Tool(
        "pdfsignerpy", _python("pdfsignerpy"), _has_python("pdfsignerpy"), HELD_OUT,
        ({}, _BOX, {"pades": "bt", **_TIME}), frozenset({"again"}),
    ),
    Tool("pdfsig", _pdfsig, _has("pdfsig"), HELD_OUT, ({},), frozenset({"again"})),
    Tool(
        "@signpdf, pdf-lib", _node("signpdf-pdf-lib"), _has_module("@signpdf/placeholder-pdf-lib"),
        HELD_OUT, ({},),
    ),
    Tool("mutool", _mutool, _has("mutool"), HELD_OUT, ({}, {"key": "rsa3072"}), is_bound=True),
    Tool("pypdf", _python("pypdf"), _has_python("pypdf"), HELD_OUT, (), _CHANGES),
)  # fmt: skip
