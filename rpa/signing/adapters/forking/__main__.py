"""Runs a program that forks: ``python -m rpa.signing.adapters.forking MODULE``."""

import gc
import runpy
import sys

if __name__ == "__main__":
    gc.disable()  # until all is loaded: serving puts it on again
    runpy.run_module(sys.argv[1], run_name="__main__")
