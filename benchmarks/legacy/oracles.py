"""Whether an application holds what was filed: each case once, right in every field."""

import html
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from benchmarks.legacy.cases import Line, amount, fields_of

Row = dict[str, Any]
Rows = list[tuple[str, Row]]
"""What an application holds, each with the number of its case."""


def flaws(app: str, running: Any, lines: Sequence[Line]) -> Iterator[str]:
    """Yield what is wrong: lost, twice, strange, or wrong in a field."""
    stored, expected = _APPLICATIONS[app]
    rows, wanted = stored(running), {number_of(app, line): line for line in lines}
    counted = Counter(number for number, _row in rows)
    yield from (f"{number}: lost" for number in wanted if not counted[number])
    yield from (f"{number}: {times} times" for number, times in counted.items() if times > 1)
    yield from (f"{number}: not one of ours" for number in counted if number not in wanted)
    for number, row in rows:
        if number not in wanted:
            continue
        for name, value in expected(wanted[number]).items():
            if not _equal(row.get(name), value):
                yield f"{number}: {name} is {row.get(name)!r}, not {value!r}"


def _equal(found: object, expected: object) -> bool:
    if isinstance(found, float) or isinstance(expected, float):
        return abs(float(str(found or 0)) - float(str(expected))) < 0.001
    return str(found or "").replace("\r\n", "\n").strip() == str(expected or "").strip()


def number_of(app: str, line: Line) -> str:
    """Return what an application knows a case by."""
    if app == "postfix-admin":
        return f"{fields_of(line)['compte']}@example.org"
    return str(line.get("key") or line["case"])


def _in_brackets(text: str) -> str:
    return text.rpartition("[")[2].rstrip("]")


# ---- SQL-Ledger ------------------------------------------------------------------------------


def _customers(running: Any) -> Rows:
    return [(row["customernumber"], row) for row in running.customers()]


def _customer(line: Line) -> Row:
    said = fields_of(line)
    same = {
        "name": "nom", "address1": "adresse", "address2": "adresse2", "city": "ville",
        "state": "province", "zipcode": "code_postal", "country": "pays", "phone": "telephone",
        "email": "courriel", "notes": "notes", "startdate": "debut",
    }  # fmt: skip
    row: Row = {name: said[field] for name, field in same.items()}
    return {**row, "creditlimit": amount(said["limite"])}


# ---- Roundup ---------------------------------------------------------------------------------


def _issues(running: Any) -> Rows:
    return [(_in_brackets(row["title"]), _with_note(running, row)) for row in running.issues()]


def _with_note(running: Any, row: Row) -> Row:
    """Add an issue's note."""
    notes = [each["id"] for each in running.messages() if each["issue"] == row["id"]]
    said = running.content("msg", notes[0]).decode("utf-8") if notes else ""
    return {**row, "note": said}


def _issue(line: Line) -> Row:
    said = fields_of(line)
    codes = {
        "Critique": "critical", "Urgent": "urgent", "Anomalie": "bug", "Ajout": "feature",
        "Souhait": "wish",
    }  # fmt: skip
    return {
        "title": f"{said['titre']} [{line['case']}]", "status": said["etat"], "note": said["note"],
        "priority": codes[said["priorite"]], "assignedto": said["responsable"],
        "files": line["files"]["piece"],
    }  # fmt: skip


# ---- ASP.NET ---------------------------------------------------------------------------------


def _visits(running: Any) -> Rows:
    """Put together what belongs to one case: the posts up to the one that commits."""
    visits: Rows = []
    row: Row = {}
    for post in running.posts():
        page, form = str(post["path"]).rpartition("/")[2], post["form"]
        if page == "calendar.aspx":
            row = {"day": form["__EVENTARGUMENT"]}
        elif page == "htmlinputfile.aspx":
            row["file"] = form.get("myFile") or [file[1] for file in post["files"]]
        elif page == "validator1.aspx":
            row |= {name: form[name] for name in ("txt1", "txt2", "txt3")}
        elif page == "session1.aspx":
            visits.append((str(form["txt1"]).partition(" ")[0], row))
    return visits


def _visit(line: Line) -> Row:
    said = fields_of(line)
    day = str((date.fromisoformat(said["jour"]) - date(2000, 1, 1)).days)
    typed = {"txt1": said["remarque"], "txt2": said["objet"], "txt3": said["code"]}
    return {**typed, "day": day, "file": line["files"]["piece"]}


# ---- Request Tracker -------------------------------------------------------------------------


def _requests(running: Any) -> Rows:
    return [(_in_brackets(row["subject"]), _as_text(row)) for row in running.tickets()]


def _as_text(row: Row) -> Row:
    """Add a ticket's message as plain text."""
    lines = re.split(r"</p>|<br ?/?>|\n", str(row["content"]))
    plain = [html.unescape(re.sub(r"<[^>]+>", "", line)).strip() for line in lines]
    return {**row, "text": "\n".join(line for line in plain if line.strip("\xa0 "))}


def _request(line: Line) -> Row:
    said = fields_of(line)
    return {
        "subject": f"{said['objet']} [{line['case']}]", "status": said["etat"],
        "requestors": said["demandeur"], "text": said["message"],
    }  # fmt: skip


# ---- phpLDAPadmin ----------------------------------------------------------------------------


def _people(running: Any) -> Rows:
    rows = [{name: each[0] for name, each in row.items()} for row in running.entries()]
    return [(str(row["cn"]).partition(" ")[0], row) for row in rows]


def _person(line: Line) -> Row:
    said = fields_of(line)
    return {
        "cn": f"{line['case']} {said['nom']}", "sn": said["nom"], "givenName": said["prenom"],
        "o": said["organisation"], "street": said["rue"], "l": said["ville"],
        "postalCode": said["code_postal"], "mail": said["courriel"],
        "telephoneNumber": said["telephone"],
    }  # fmt: skip


# ---- PostfixAdmin ----------------------------------------------------------------------------


def _mailboxes(running: Any) -> Rows:
    return [(row["username"], row) for row in running.mailboxes()]


def _mailbox(line: Line) -> Row:
    said = fields_of(line)
    quota = float(said["quota"]) * 1_024_000
    return {"name": said["nom"], "quota": quota, "email_other": said["autre"]}


# ---- Trac ------------------------------------------------------------------------------------


def _tickets(running: Any) -> Rows:
    return [(_in_brackets(row["summary"]), row) for row in running.tickets()]


def _ticket(line: Line) -> Row:
    said = fields_of(line)
    return {
        "summary": f"{said['objet']} [{line['case']}]", "description": said["description"],
        "type": said["genre"], "priority": said["priorite"], "milestone": said["jalon"],
        "keywords": said["mots"], "files": line["files"]["piece"],
    }  # fmt: skip


# ---- Nagios ----------------------------------------------------------------------------------


def _comments(running: Any) -> Rows:
    time.sleep(6)  # its file is written every five seconds
    return [(_in_brackets(row["comment_data"]), row) for row in running.comments()]


def _comment(line: Line) -> Row:
    said = fields_of(line)
    return {
        "host_name": said["poste"], "persistent": str(int(bool(said["durable"]))),
        "comment_data": f"{said['remarque']} [{line['case']}]",
    }  # fmt: skip


_APPLICATIONS: dict[str, tuple[Callable[[Any], Rows], Callable[[Line], Row]]] = {
    "sql-ledger": (_customers, _customer),
    "roundup": (_issues, _issue),
    "asp-net": (_visits, _visit),
    "request-tracker": (_requests, _request),
    "ldap-admin": (_people, _person),
    "postfix-admin": (_mailboxes, _mailbox),
    "trac": (_tickets, _ticket),
    "nagios": (_comments, _comment),
}
