"""What a command loads, and what it must not: a start grows by one import at a time."""

import ast
import importlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from rpa.bootstrap.clock import clock
from rpa.environment import environment_with
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.testing.signatures import credential, signing_request

ROOT = Path(__file__).parents[3]
SPY = """
import os, sys
path, seen = sys.argv.pop(1), set()
def spy(event, args):
    if event == "import" and args[0] not in seen:
        seen.add(args[0])
        log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(log, f"{os.getpid()} {args[0]}\\n".encode())
        os.close(log)
sys.addaudithook(spy)
from rpa.cli.main import main
main()
"""
"""Runs a command, and keeps which process imports what, forks of it included."""

NEVER = {
    "PIL", "alembic", "aiohttp", "certomancer", "cv2", "fastapi", "httpx", "jinja2", "lxml",
    "numpy", "ocrmypdf", "pdfplumber", "playwright", "prefect", "psutil",
    "pydantic_settings", "pypdfium2", "pytesseract", "qrcode", "sqlalchemy", "starlette",
    "uvicorn", "weasyprint", "yaml", "zxingcpp",
}  # fmt: skip
FACES = {
    "babel", "fontTools", "uharfbuzz", "rpa.signing.adapters.appearance",
    "rpa.signing.adapters.fonts", "rpa.signing.adapters.qr",
}  # fmt: skip
CHECKS = {
    "asyncio", "multiprocessing", "pyhanko.sign.validation",
    "pyhanko_certvalidator.context", "requests", "rich", "rpa.signing.adapters.verification",
}  # fmt: skip


@pytest.fixture
def imported(tmp_path):
    """Return what runs ``rpa`` and says which modules each of its processes imported."""

    def run(*command, ends=(0,)):
        log = tmp_path / "imports"
        done = subprocess.run(
            [sys.executable, "-c", SPY, str(log), *command],
            env=environment_with(PYTHONPATH=str(ROOT), LC_ALL="C.UTF-8"),
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode in ends, done.stderr
        found: dict[int, set[str]] = {}
        for line in log.read_text().splitlines():
            process, module = line.split()
            found.setdefault(int(process), set()).add(module)
        return found

    return run


@pytest.fixture
def imported_by():
    """Return what says which modules the import of one brings along."""

    def loaded(module):
        child = f"import sys, {module}; print(*sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", child],
            env=environment_with(PYTHONPATH=str(ROOT)),
            capture_output=True,
            check=True,
            text=True,
        )
        return set(done.stdout.split())

    return loaded


@pytest.fixture
def signed(pki, tmp_path):
    folder, _address = pki
    pdf, content = pikepdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.save(content)
    request = signing_request(content.getvalue(), credential(folder), clock(), visible=False)
    path = tmp_path / "signed.pdf"
    path.write_bytes(PyHankoSigner(timestamp_url=None).sign(request).pdf)
    return path


@pytest.fixture
def letters(tmp_path):
    folder = tmp_path / "letters"
    folder.mkdir()
    for number in range(20):
        pdf = pikepdf.new()
        pdf.add_blank_page()
        pdf.save(folder / f"{number}.pdf")
    return folder


@pytest.fixture
def key(pki, tmp_path):
    folder, _address = pki
    phrase = tmp_path / "phrase"
    phrase.write_text(credential(folder).passphrase, encoding="utf-8")
    return ["--key", str(folder / "sceau.p12"), "--passphrase", f"file:{phrase}"]


def met(modules, unwanted):
    """Return which of the unwanted packages and modules are among the imported ones."""
    return {one for one in unwanted for name in modules if f"{name}.".startswith(f"{one}.")}


def test_sealing_without_a_face_loads_no_fonts_no_checks_and_asks_nobody(
    imported, letters, key, tmp_path
):
    found = imported(
        *("seal", str(letters), str(tmp_path / "out"), *key),
        *("--level", "B-B", "--invisible", "--workers", "2"),
    )

    everything = set().union(*found.values())
    assert len(found) == 1, "a worker imported what its caller should have, once for all"
    assert "rpa.signing.adapters.pyhanko_signer" in everything
    assert met(everything, NEVER | FACES | CHECKS) == set()


def test_sealing_with_a_face_loads_its_fonts_once(imported, letters, key, tmp_path):
    found = imported(
        *("seal", str(letters), str(tmp_path / "out"), *key),
        *("--level", "B-B", "--visible", "--workers", "2"),
    )

    assert len(found) == 1
    assert met(set().union(*found.values()), NEVER | CHECKS) == set()


def rooms():
    """Return every module of pyHanko's that we import from."""
    named = set()
    for path in (ROOT / "rpa").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pyhanko"):
                named.add(node.module)
    return sorted(named)


@pytest.mark.parametrize("room", rooms())
def test_each_room_of_pyhanko_that_we_use_can_be_the_first_to_be_loaded(room):
    child = f"import rpa.signing.adapters, importlib; importlib.import_module({room!r})"
    done = subprocess.run(
        [sys.executable, "-c", child],
        env=environment_with(PYTHONPATH=str(ROOT)),
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "package",
    [
        "pyhanko.sign",
        "pyhanko.sign.signers",
        "pyhanko.sign.timestamps",
        "pyhanko.sign.validation",
        "pyhanko_certvalidator",
    ],
)
def test_no_name_that_a_package_gives_out_hides_a_room_of_that_name(package):
    given = importlib.import_module(package)
    folder = Path(os.fspath(given.__path__[0]))
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}

    assert set(given.__all__)
    assert not names & set(given.__all__)


def test_a_file_that_nothing_was_added_to_is_verified_without_renderers_and_comparisons(
    imported, signed, pki
):
    folder, _address = pki

    found = imported("verify", "--trust", str(folder / "root.pem"), str(signed), ends=(0, 3))

    command = set().union(*found.values())
    assert met(command, NEVER | FACES | {"asyncio", "pikepdf", "rpa.settings"}) == set()
    assert met(command, {"pyhanko.sign", "pyhanko.pdf_utils.reader"}) == set()


def test_the_process_that_checks_loads_no_renderer_no_comparison_and_no_service(imported_by):
    loaded = imported_by("rpa.signing.adapters.verification.server")

    ours = "rpa.signing.adapters.verification.comparison"
    unwanted = {"requests", "rich", "typer", ours}
    assert met(loaded, NEVER | FACES | unwanted) == set()
