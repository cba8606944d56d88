"""What reading uses, looked for one by one: Python packages, their models, languages."""

import platform
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from rpa.doctor import APT, Diagnosis
from rpa.i18n import _

EXTRA: Final = "pip install 'paperless-rpa[{extra}]'"
AGAIN: Final = "pip install --force-reinstall --no-deps {package}"
PATIENCE_S: Final = 60
MODELS_NEEDED: Final = ("det", "rec")
"""What RapidOCR's networks do: find lines, read them."""
LANGUAGES: Final = ("fra", "eng")
_QUIETLY: Final = "import sys; sys.modules['openvino_telemetry'] = None; "
"""OpenVINO would report to its makers that it is imported."""


def reading_diagnoses() -> Iterator[Diagnosis]:
    """Look for everything that reads pages beside the program ``tesseract``."""
    yield _package("ocrmypdf", mend=AGAIN.format(package="ocrmypdf"), is_needed=True)
    ocr = EXTRA.format(extra="ocr")
    rapid = _package("rapidocr", mend=ocr, without=_("Tesseract reads alone"))
    yield rapid
    if rapid.is_well:
        yield _rapid_models()
    yield _package("onnxruntime", mend=ocr, without=_("Tesseract reads alone"))
    if platform.machine() == "x86_64":  # the extra brings it for no other
        slower = _("RapidOCR reads slower on newer processors")
        yield _package("openvino", mend=ocr, without=slower)
    tesserocr = _package("tesserocr", mend=ocr, without=_("a program is started for each batch"))
    yield tesserocr
    if tesserocr.is_well:
        yield from _tesserocr_languages()
    heif = EXTRA.format(extra="images")
    yield _package("pi_heif", mend=heif, without=_("HEIC photos are refused"))


def _package(name: str, *, mend: str, without: str = "", is_needed: bool = False) -> Diagnosis:
    """Look for a Python package, and import it in a process of its own: a broken one may crash."""
    if find_spec(name) is None:
        found = _("missing: {without}", without=without) if without else _("missing")
        return Diagnosis(name, found, is_well=False, mend=mend, is_needed=is_needed)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, a name from above
            [sys.executable, "-c", f"{_QUIETLY}import {name}"],
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _broken(name, mend)
    if done.returncode != 0:
        return _broken(name, mend)
    return Diagnosis(name, _version(name), is_well=True)


def _broken(name: str, mend: str) -> Diagnosis:
    """Return the diagnosis of what is installed but can't be used: reading would fail by it."""
    repair = mend.replace("pip install ", "pip install --force-reinstall ", 1)
    return Diagnosis(name, _("installed, but it can't be imported"), is_well=False, mend=repair)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return _("there")


def _rapid_models() -> Diagnosis:
    """Look for the networks that come with RapidOCR's package; without them it would fetch some."""
    spec = find_spec("rapidocr")
    folders = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    files = {path.name for folder in folders for path in (folder / "models").glob("*.onnx")}
    absent = [kind for kind in MODELS_NEEDED if not any(f"_{kind}_" in name for name in files)]
    mend = AGAIN.format(package="rapidocr")
    found = _("missing: {without}", without=", ".join(absent)) if absent else _("there")
    return Diagnosis(_("models of {name}", name="rapidocr"), found, is_well=not absent, mend=mend)


def _tesserocr_languages() -> Iterator[Diagnosis]:
    """Look for the models in the folder that tesserocr will open."""
    engine: Any = import_module("rpa.ocr.adapters.tesserocr_engine")
    folder = next((Path(place) for place in engine.MODELS if Path(place).is_dir()), None)
    for language in LANGUAGES:
        has = folder is not None and (folder / f"{language}.traineddata").is_file()
        yield Diagnosis(
            f"tesserocr {language}",
            _("there") if has else _("missing"),
            is_well=has,
            mend=APT.format(package=f"tesseract-ocr-{language}"),
        )
