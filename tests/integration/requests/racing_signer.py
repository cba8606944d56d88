"""Signs a request as one person as soon as a file says go; prints how it ended.

Usage: racing_signer.py FOLDER PKI REQUEST PERSON
"""

import json
import sys
import time
from pathlib import Path

from rpa.domain.errors import RpaError
from rpa.steps.signature_requests import sign_requested
from rpa.testing.clock import FrozenClock
from rpa.testing.office import signing_office
from rpa.testing.requests import opened_consent


def main():
    folder, pki, number, person = Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]
    tools = signing_office(folder, pki, FrozenClock(), timestamp_url=None)
    consent = opened_consent(number, person, tools)
    (folder / f"ready-{person}").touch()
    while not (folder / "go").exists():
        time.sleep(0.005)
    try:
        sign_requested(number, consent, tools=tools)
        ended = "signed"
    except RpaError as error:
        ended = error.reason
    sys.stdout.write(json.dumps({"person": person, "ended": ended}))


if __name__ == "__main__":
    main()
