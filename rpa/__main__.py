"""Runs the command: ``python -m rpa``."""

from rpa.cli.main import main

if __name__ == "__main__":
    main()
