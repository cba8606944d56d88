"""A console that runs, with people who have accounts, for tests."""

import dataclasses
import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pikepdf
import yaml

from rpa.bootstrap.console import open_console
from rpa.console.serving import Listening, listening_socket, server_of
from rpa.domain.errors import ToolUnavailableError
from rpa.domain.person import Assurance, Person, PersonId
from rpa.domain.signature import SignatureLevel
from rpa.domain.signature_request import RequestId, SignatureRequest
from rpa.i18n import Language
from rpa.identity.adapters.argon2_passwords import Argon2Passwords
from rpa.settings import HOME_FILE, load_settings
from rpa.steps.accounts import choose_password
from rpa.steps.desk import Desk
from rpa.steps.signature_requests.asking import create_request
from rpa.steps.signature_requests.draft import RequestDraft, SignerDraft
from rpa.testing.hostile_pdfs import pdf_of_many_pages

LUCIE: Final = PersonId("lucie.roy")
MARC: Final = PersonId("marc.gagne")
ASKER: Final = PersonId("odile.cote")
PASSWORDS: Final = {
    LUCIE: "sapin gris au matin",
    MARC: "four green apples, ripe",
    ASKER: "trois canots sur le lac",
}


LOOPBACK: Final = Listening("127.0.0.1", 0, proxies=("127.0.0.1",))


@dataclass(frozen=True, slots=True)
class RunningConsole:
    """A console on loopback."""

    url: str
    desk: Desk
    passphrase: str
    """Of Marc's key, which he alone knows."""

    def ask(
        self,
        *people: PersonId,
        title: str = "Entente de services",
        language: Language = "fr",
        assurance: Assurance = Assurance.LOW,
        pages: int = 1,
        in_order: bool = True,
        **more: Any,
    ) -> RequestId:
        """Ask ``people`` to sign a document; returns the request's number.

        ``more`` are the draft's other terms, and ``within``: how long they have.
        """
        deadline = self.desk.accounts.now() + more.pop("within", timedelta(days=5))
        signers = tuple(
            SignerDraft(person, deadline, stage=stage if in_order else 1)
            for stage, person in enumerate(people, 1)
        )
        draft = RequestDraft(
            title=title,
            pdf=titled_pdf(title, pages=pages),
            signers=signers,
            language=language,
            level=SignatureLevel.B_T,
            assurance=assurance,
            **more,
        )
        return create_request(draft, by=f"person:{ASKER}", tools=self.desk.tools).request_id

    def request(self, number: RequestId) -> SignatureRequest:
        """Return a request as it stands."""
        return self.desk.tools.register.request(number)


def titled_pdf(title: str, *, pages: int = 1) -> bytes:
    """Return a PDF with a word on each page; another title makes another file."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of_many_pages(pages))) as pdf:
        pdf.docinfo["/Title"] = title
        pdf.save(made)
    return made.getvalue()


@contextmanager
def running_console(
    home: Path, *, pki: Path, timestamp_url: str, at: Listening = LOOPBACK
) -> Iterator[RunningConsole]:
    """Make a home with three people in ``home`` and serve its console on a free port."""
    write_console_home(home, pki=pki, timestamp_url=timestamp_url)
    opened = open_console(load_settings(home))
    accounts = dataclasses.replace(opened.accounts, passwords=Argon2Passwords.cheap())
    desk = dataclasses.replace(opened, accounts=accounts)
    _add_people(desk)
    server, taken = server_of(desk, at), listening_socket(at)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        for _look in range(200):
            if server.started:
                break
            time.sleep(0.05)
        else:
            raise ToolUnavailableError("the console did not start")
        scheme, host = ("https", "localhost") if at.certfile else ("http", "127.0.0.1")
        url = f"{scheme}://{host}:{taken.getsockname()[1]}"
        yield RunningConsole(url, desk, (pki / "sceau.pass").read_text(encoding="utf-8").strip())
    finally:
        server.should_exit = True
        thread.join()
        taken.close()


def write_console_home(home: Path, *, pki: Path, timestamp_url: str) -> None:
    """Write the settings of a home whose two signers have keys of ``pki``."""
    said = {
        "organization": "Ville de Val-des-Érables",
        "signing": {
            "timestamp_url": timestamp_url,
            "trust": [str(pki / "root.pem")],
            "credentials": {
                "lucie": {
                    "file": str(pki / "superviseur.p12"),
                    "passphrase": f"file:{pki}/superviseur.pass",
                },
                "marc": {"file": str(pki / "sceau.p12"), "passphrase": "ask"},
            },
        },
        "console": {"upload_mb": 1},
    }
    (home / HOME_FILE).write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")


def _add_people(desk: Desk) -> None:
    people = (
        Person(person_id=LUCIE, name="Lucie Roy", email="lucie@ville.example", credential="lucie"),
        Person(
            person_id=MARC,
            name="Marc Gagné",
            email="marc@ville.example",
            language="en",
            credential="marc",
        ),
        Person(person_id=ASKER, name="Odile Côté", email="odile@ville.example"),
    )
    for person in people:
        desk.accounts.register.add_person(person, actor="person:admin")
        choose_password(
            person.person_id, PASSWORDS[person.person_id], actor="person:admin", tools=desk.accounts
        )
