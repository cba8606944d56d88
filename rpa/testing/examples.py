"""The repository's examples, for tests that run where it is checked out."""

import sys
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

from rpa.testing.legacy import EXAMPLES


@cache
def example_documents() -> ModuleType:
    """Return the module that draws the demonstration's incoming documents."""
    spec = spec_from_file_location("example_documents", EXAMPLES / "documents.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(EXAMPLES / "documents.py")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
