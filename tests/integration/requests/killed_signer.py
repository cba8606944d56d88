"""Signs a request for two persons, killed with SIGKILL before and after everything it does.

Usage: killed_signer.py FOLDER PKI LETTER
"""

import sys
from pathlib import Path

from rpa.domain.signature import SignatureLevel
from rpa.domain.signature_request import RequestState
from rpa.register import ledger
from rpa.register.register import Register
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.steps.signature_requests import create_request, sign_requested
from rpa.store.folder import FolderStore
from rpa.testing.clock import FrozenClock
from rpa.testing.deaths import Boundaries, live_until_the_end
from rpa.testing.office import signing_office
from rpa.testing.requests import a_draft, opened_consent

LIVES = 120
WRITES = (
    (PyHankoSigner, "sign"),
    (FolderStore, "put"),
    (ledger, "append"),
    (Register, "open_request"),
    (Register, "change_request"),
)


def live(folder, pki, letter):
    tools = signing_office(folder, pki, FrozenClock(), timestamp_url=None)
    requests = tools.register.requests()
    if not requests:
        draft = a_draft(tools, "marie", "claire", pdf=letter, level=SignatureLevel.B_B)
        requests = [create_request(draft, by="person:chef", tools=tools)]
    (request,) = requests
    for person in ("marie", "claire"):
        now = tools.register.request(request.request_id)
        if any(signer.person == person for signer in now.asked):
            consent = opened_consent(request.request_id, person, tools)
            sign_requested(request.request_id, consent, tools=tools)
    ended = tools.register.request(request.request_id)
    assert ended.state is RequestState.COMPLETED


def main():
    folder, pki, letter = map(Path, sys.argv[1:])
    boundaries = Boundaries(folder / "deaths")
    for owner, name in WRITES:
        boundaries.around(owner, name)
    content = letter.read_bytes()
    live_until_the_end(lambda: live(folder, pki, content), lives=LIVES)


if __name__ == "__main__":
    main()
