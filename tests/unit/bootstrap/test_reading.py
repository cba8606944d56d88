"""Which engines read where which packages are installed; none of them is started here."""

import pytest

from rpa.bootstrap.reading import ReadingMode, has_second_engine, open_engines, require
from rpa.domain.errors import SetupError
from rpa.ocr.adapters.contained import ContainedEngine
from rpa.ocr.adapters.tesseract import TesseractEngine


def everything(_package):
    return True


def nothing(_package):
    return False


def without(*missing):
    return lambda package: package not in missing


def test_accurate_reading_is_rapidocr_with_tesseract_for_a_second_opinion():
    engines = open_engines(ReadingMode.ACCURATE, has=everything)

    assert isinstance(engines.first, ContainedEngine)
    assert engines.second is engines.tesseract
    assert engines.first is not engines.tesseract
    assert engines.english is None


def test_fast_reading_is_tesseract():
    engines = open_engines(ReadingMode.FAST, has=everything)

    assert engines.first is engines.tesseract
    assert engines.second is not engines.tesseract
    assert isinstance(engines.english, ContainedEngine)
    assert engines.english is not engines.first


@pytest.mark.parametrize("mode", ReadingMode)
@pytest.mark.parametrize("missing", ["rapidocr", "onnxruntime"])
def test_without_rapidocr_tesseract_is_both(mode, missing):
    engines = open_engines(mode, has=without(missing))

    assert engines.first is engines.second is engines.tesseract
    assert isinstance(engines.tesseract, ContainedEngine)


@pytest.mark.parametrize("mode", ReadingMode)
def test_without_the_extra_the_program_reads(mode):
    engines = open_engines(mode, has=nothing)

    assert isinstance(engines.first, TesseractEngine)
    engines.close()


def test_accurate_reading_asked_for_by_name_says_what_to_install():
    with pytest.raises(SetupError, match=r"paperless-rpa\[ocr\]") as failed:
        require(ReadingMode.ACCURATE, has=without("rapidocr"))
    assert failed.value.reason == "no-second-engine"


def test_fast_reading_needs_nothing():
    require(ReadingMode.FAST, has=nothing)
    assert not has_second_engine(has=nothing)
