"""``rpa doctor`` on what reading uses: modules hidden from a process of its own."""

import json
import platform
import subprocess
import sys
from functools import cache, partial

import pytest

from rpa.environment import environment_with

EXTRA = "pip install 'paperless-rpa[ocr]'"
HIDDEN = """
import sys
for name in {hidden!r}:
    sys.modules[name] = None
"""


def examined(folder, *hidden, broken=(), locale="en_CA.UTF-8", path=None):
    """Run ``rpa doctor`` where ``hidden`` modules aren't installed, and others are ``broken``."""
    modules = folder / "modules"
    modules.mkdir(exist_ok=True)
    (modules / "sitecustomize.py").write_text(HIDDEN.format(hidden=hidden))
    for name in broken:
        (modules / f"{name}.py").write_text("import os; os.abort()")
    changes = {"PYTHONPATH": str(modules), "LC_ALL": locale}
    if path is not None:
        changes["PATH"] = str(path)
    done = subprocess.run(
        [sys.executable, "-m", "rpa", "doctor", "--json"],
        cwd=folder, env=environment_with(**changes), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    told = json.loads(done.stdout)
    return done.returncode, {check["what"]: check for check in told["checks"]}


@pytest.fixture
def doctor(tmp_path):
    return partial(examined, tmp_path)


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    """Return the checks where some modules aren't there; those that need each other apart."""
    apart = (("rapidocr", "openvino", "pi_heif"), ("onnxruntime", "tesserocr"))

    @cache
    def checks(hidden):
        return examined(tmp_path_factory.mktemp("without"), *hidden)[1]

    return lambda module: checks(next(hidden for hidden in apart if module in hidden))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The checks where nothing is hidden, and where the makers of a module would be told of it."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "modules").mkdir()
    reporter = folder / "modules" / "openvino_telemetry.py"
    reporter.write_text(f"open({str(folder / 'reported')!r}, 'w').close()")
    return examined(folder)[1], folder / "reported"


@pytest.mark.parametrize(
    ("module", "mend", "loss"),
    [
        ("rapidocr", EXTRA, "Tesseract reads alone"),
        ("onnxruntime", EXTRA, "Tesseract reads alone"),
        ("openvino", EXTRA, "slower"),
        ("tesserocr", EXTRA, "a program is started"),
        ("pi_heif", "pip install 'paperless-rpa[images]'", "HEIC photos are refused"),
    ],
)
def test_an_extra_that_is_missing_is_named_with_its_loss_and_its_command(
    without, module, mend, loss
):
    if module == "openvino" and platform.machine() != "x86_64":
        pytest.skip("the extra has no openvino here")
    check = without(module)[module]

    assert (check["is_well"], check["is_needed"], check["mend"]) == (False, False, mend)
    assert loss in check["found"]


def test_what_is_missing_is_told_in_french(doctor):
    _status, checks = doctor("rapidocr", "pi_heif", locale="fr_CA.UTF-8")

    assert checks["rapidocr"]["found"] == "manque : Tesseract lit seul"
    assert checks["pi_heif"]["found"] == "manque : les photos HEIC sont refusées"


def test_the_converter_is_needed(doctor):
    status, checks = doctor("ocrmypdf")

    assert status == 5
    assert checks["ocrmypdf"]["is_needed"]
    assert "ocrmypdf" in checks["ocrmypdf"]["mend"]


def test_a_package_that_crashes_is_told_from_one_that_is_missing(doctor):
    status, checks = doctor(broken=["tesserocr"])

    assert status == 5
    assert checks["tesserocr"]["is_needed"]
    assert "can't be imported" in checks["tesserocr"]["found"]
    assert checks["tesserocr"]["mend"].startswith("pip install --force-reinstall ")


def test_languages_and_models_are_found_where_they_are(whole, missing):
    checks, _reported = whole
    if not checks["tesserocr"]["is_well"] or not checks["rapidocr"]["is_well"]:
        missing("missing: the extra ocr")

    assert checks["models of rapidocr"]["is_well"]
    assert checks["tesserocr fra"]["is_well"]
    assert checks["tesserocr eng"]["is_well"]


def test_models_that_are_not_in_the_package_are_missed(doctor, tmp_path):
    package = tmp_path / "modules" / "rapidocr"
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "models" / "PP_det_small.onnx").touch()

    status, checks = doctor()

    assert status == 5
    assert checks["models of rapidocr"]["found"] == "missing: rec"
    assert checks["models of rapidocr"]["mend"].endswith("rapidocr")


def test_without_tesseract_no_language_is_there(doctor, tmp_path):
    _status, checks = doctor(path=tmp_path)

    for name in ("tesseract", "tesseract fra", "tesseract eng", "gs"):
        assert not checks[name]["is_well"]
        assert checks[name]["mend"].startswith("sudo apt-get install -y ")


def test_nobody_is_told_that_the_doctor_looked(whole):
    _checks, reported = whole

    assert not reported.exists()
