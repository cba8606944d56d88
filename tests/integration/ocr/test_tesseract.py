import pytest

from rpa.domain.errors import ToolTimeoutError, ToolUnavailableError
from rpa.ocr.adapters.pixels import grey
from rpa.ocr.adapters.tesseract import TesseractEngine
from rpa.ocr.api import Layout

BLANK = grey([[255] * 40] * 40)
STROKE = grey([[0 if 15 < x < 22 else 255 for x in range(60)]] * 60)


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a program called tesseract on the path that does what it is told."""

    def written(script):
        path = tmp_path / "tesseract"
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        return tmp_path

    return written


def test_a_missing_program_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ToolUnavailableError, match="tesseract-ocr-fra") as failed:
        TesseractEngine().recognize([STROKE], layout=Layout.LINE)

    assert failed.value.reason == "tesseract-missing"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("exit 3", id="at once"),
        pytest.param('[ "$1" = --version ] && echo "tesseract 5.3.0" || exit 3', id="on reading"),
    ],
)
def test_a_program_that_fails_is_unavailable(program, script):
    program(script)

    with pytest.raises(ToolUnavailableError, match="status 3"):
        TesseractEngine().recognize([STROKE], layout=Layout.LINE)


@pytest.mark.tesseract
def test_a_language_that_is_not_installed_is_named():
    with pytest.raises(ToolUnavailableError, match="klingon"):
        TesseractEngine(languages="klingon").recognize([STROKE], layout=Layout.LINE)


def test_a_program_that_hangs_is_stopped_in_time(program):
    program('[ "$1" = --version ] && echo "tesseract 5.3.0" || exec sleep 30')

    with pytest.raises(ToolTimeoutError, match=r"0\.5 s"):
        TesseractEngine(timeout_s=0.5).recognize([STROKE], layout=Layout.LINE)


def test_the_program_runs_on_one_core_and_the_callers_environment_stays(program, monkeypatch):
    folder = program('echo "$OMP_THREAD_LIMIT $KEPT" > "$(dirname "$0")/seen"; exit 3')
    monkeypatch.setenv("KEPT", "kept")
    monkeypatch.delenv("OMP_THREAD_LIMIT", raising=False)

    with pytest.raises(ToolUnavailableError):
        TesseractEngine().recognize([STROKE], layout=Layout.LINE)

    assert (folder / "seen").read_text(encoding="utf-8") == "1 kept\n"


@pytest.mark.tesseract
def test_more_images_than_a_batch_holds_are_read_in_several_processes():
    images = [STROKE, BLANK, STROKE, STROKE, STROKE]
    together, apart = TesseractEngine(), TesseractEngine(batch=2)

    assert apart.recognize(images, layout=Layout.LINE) == together.recognize(
        images, layout=Layout.LINE
    )


def test_blank_paper_is_not_sent_to_the_program(program):
    program("exit 3")

    assert TesseractEngine().recognize([BLANK], layout=Layout.LINE) == [()]
