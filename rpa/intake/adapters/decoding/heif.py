"""HEIC, where the optional library that decodes it is installed (extra ``images``)."""

import importlib
from importlib.util import find_spec
from typing import Final

HAS_HEIF: Final = find_spec("pi_heif") is not None

if HAS_HEIF:
    importlib.import_module("pi_heif").register_heif_opener(thumbnails=False, decode_threads=1)
