"""Each step on a page that makes it hard, filed by a bot of its own."""

import datetime as dt
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from rpa.bots.api import FilingRequest, Target
from rpa.bots.checking import kinds_alone
from rpa.bots.definition import load_definition
from rpa.bots.errors import PageMismatchError
from rpa.bots.finding_again import check_found_again
from rpa.bots.written import load_written
from rpa.domain.errors import DefinitionError, OutcomeUnknownError, TargetRefusedError
from rpa.domain.filing import Presence
from rpa.domain.form import FieldKind

pytestmark = pytest.mark.browser

HEAD = "<html><head><meta charset=utf-8></head><body>"
SEND = '<form method=post action="/sent">{}<input type=submit value=OK></form>'
MONTHS = "January February March April May June July August September October November December"
CALENDAR = """<table id=cal></table><input name=d id=d><script>
let at = new Date(2026, 10, 1);
const names = 'MONTHS'.split(' ');
function draw() {
  const table = document.getElementById('cal');
  let html = `<tr><td><a href="javascript:go(-1)">&lt;</a></td><td colspan=5>${names[at.getMonth()]}
    ${at.getFullYear()}</td><td><a href="javascript:go(1)">&gt;</a></td></tr>`;
  const first = new Date(at.getFullYear(), at.getMonth(), 1 - (at.getDay() || 7));
  for (let w = 0; w < 6; w++) {
    html += '<tr>';
    for (let i = 0; i < 7; i++) {
      const day = new Date(first.getFullYear(), first.getMonth(), first.getDate() + 7 * w + i);
      html += `<td><a href="javascript:pick(${day.getTime()})">
        ${day.getDate()}</a></td>`;
    }
  }
  table.innerHTML = html;
}
function go(by) { at = new Date(at.getFullYear(), at.getMonth() + by, 1); draw(); }
function pick(time) { const day = new Date(time); document.getElementById('d').value =
  [day.getFullYear(), day.getMonth() + 1, day.getDate()].join('-'); }
draw();
</script>""".replace("MONTHS", MONTHS)
ROWS = """<table><tr><th>No</th><th>Nom</th><th>Naissance</th><th></th></tr>
<tr><td>1</td><td>Roy</td><td>1950-01-02</td><td><a href="/person?1">Voir</a></td></tr>
<tr><td>2</td><td>Roy</td><td>1960-01-02</td><td><a href="/person?2">Voir</a></td></tr>
<tr><td>3</td><td>Roy-Côté</td><td>1960-01-02</td><td><a href="/person?3">Voir</a></td></tr>
</table>"""


class Office(ThreadingHTTPServer):
    """Serves pages by path and keeps the forms that are sent to it."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Desk)
        self.pages, self.sent = {}, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._answer(self.server.pages.get(urlsplit(self.path).path, ""))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.sent.append(body)
        self._answer(f"<p id=receipt>No R-{len(self.server.sent)}</p>")

    def _answer(self, page):
        body = (HEAD + page).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture(scope="module")
def office():
    with Office() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def file(office, bot, tmp_path):
    def run(page, *steps, fields=None, values=None, files=None, **pages):
        office.pages = {"/": SEND.format(page), **{f"/{name}": p for name, p in pages.items()}}
        office.sent.clear()
        path = tmp_path / "bot.yaml"
        before = [{"goto": "{url}/"}, *steps]
        after = [{"click": {"button": "OK", "commits": True}}]
        receipt = {"receipt": {"selector": "#receipt", "pattern": "R-\\d+"}}
        said = {"fields": fields or {}, "file": [*before, *after, receipt]}
        path.write_text(json.dumps(said), encoding="utf-8")
        request = FilingRequest(
            key="K-1",
            values=values or {},
            kinds=kinds_alone(load_definition(path)),
            definition=path,
            target=Target(office.url, "", "", timeout_s=3),
            files=files or {},
        )
        exhibits = {}
        bot.file(
            request,
            before_commit=lambda _seen: None,
            keep=lambda one: exhibits.update({one.name: one.content}),
        )
        record = json.loads(exhibits["record.json"])
        return parse_qs(office.sent[0].decode("latin-1"), keep_blank_values=True), record

    return run


@pytest.mark.parametrize(
    "day", ["2026-11-30", "2026-11-01", "2026-10-31", "2027-02-01", "2024-12-31"]
)
def test_a_calendar_of_links_is_leafed_to_the_day_of_its_own_month(file, day):
    sent, _record = file(
        CALENDAR,
        {"date": {"value": "{jour}", "calendar": {"id": "cal"}}},
        fields={"jour": {"kind": "date"}},
        values={"jour": day},
    )

    (said,) = sent["d"]
    assert dt.date(*map(int, said.split("-"))) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("months", "sent_month"),
    [("<option value=0>-<option value=3>mars", "3"), ("<option value=2>March", "2")],
)
def test_a_date_in_three_lists_is_set_by_what_they_show(file, months, sent_month):
    page = f"""<select name=j><option><option>01<option>03</select><select name=m>{months}</select>
    <input name=a>"""
    sent, _record = file(
        page,
        {
            "date": {
                "value": "{jour}",
                "day": {"name": "j"},
                "month": {"name": "m"},
                "year": {"name": "a"},
            }
        },
        fields={"jour": {"kind": "date"}},
        values={"jour": "1984-03-03"},
    )

    assert (sent["j"], sent["m"], sent["a"]) == (["03"], [sent_month], ["1984"])


def test_a_date_in_one_field_is_written_as_the_target_wants_it(file):
    sent, _record = file(
        "Date <input name=d>",
        {"date": {"label": "Date", "value": "{jour}", "format": "MM/DD/YYYY"}},
        fields={"jour": {"kind": "date"}},
        values={"jour": "1984-03-09"},
    )

    assert sent["d"] == ["03/09/1984"]


def test_a_file_is_handed_over_to_a_field_that_is_hidden(file, tmp_path):
    paper = tmp_path / "pièce.txt"
    paper.write_text("Bonjour", encoding="utf-8")
    page = '<input type=file name=f style="display:none">'
    office_form = page.replace("<input", "</form><form method=post action=/sent "
                               "enctype=multipart/form-data><input")  # fmt: skip

    _sent, record = file(office_form, {"upload": {"name": "f", "file": "piece"}},
                         files={"piece": paper})  # fmt: skip

    assert record["steps"][1]["value"] == "pièce.txt"


def test_a_case_without_its_file_is_refused_before_anything_is_opened(file):
    with pytest.raises(TargetRefusedError, match="no file “piece”") as caught:
        file("<input type=file name=f>", {"upload": {"name": "f", "file": "piece"}})

    assert caught.value.reason == "missing-file"


def test_the_one_row_that_equals_what_is_asked_is_picked(file):
    page = ROWS.replace('<a href="', '<a target=_self href="')
    sent, _record = file(
        "<input name=who>",
        {"goto": "{url}/list"},
        {"pick": {"where": {"Nom": "{nom}", "Naissance": "{ne}"}}},
        {"read": {"into": "who", "url": "person.(\\d)"}},
        {"goto": "{url}/"},
        {"fill": {"name": "who", "value": "{read.who}"}},
        values={"nom": "Roy", "ne": "1960-01-02"},
        list=page,
        person="<p>Fiche</p>",
    )

    assert sent["who"] == ["2"]


@pytest.mark.parametrize(
    ("where", "error", "reason"),
    [
        ({"Nom": "Roy"}, PageMismatchError, "ambiguous-row"),
        ({"Nom": "R"}, TargetRefusedError, "no-such-row"),
    ],
)
def test_a_similar_row_is_never_picked(file, where, error, reason):
    with pytest.raises(error) as caught:
        file("", {"goto": "{url}/list"}, {"pick": {"where": where}}, list=ROWS)

    assert caught.value.reason == reason


def test_a_list_that_posts_back_when_changed_keeps_what_is_filled_after(file):
    page = """<select name=p onchange="setTimeout(() => location = '/?' + this.value, 0)">
    <option>ON<option>QC</select><script>
    document.querySelector('select').value = location.search.slice(1) || 'ON'</script>
    <input name=v>"""

    sent, _record = file(
        page, {"select": {"name": "p", "option": "QC"}}, {"fill": {"name": "v", "value": "Lévis"}}
    )

    assert (sent["p"], sent["v"]) == (["QC"], ["Lévis"])


def test_a_field_that_is_emptied_behind_the_bot_is_noticed_before_the_commit(file, office):
    page = """<input name=a><input name=b
    onchange="setTimeout(() => document.querySelector('[name=a]').value = '', 30)">"""

    with pytest.raises(TargetRefusedError) as caught:
        file(page, {"fill": {"name": "a", "value": "x"}}, {"fill": {"name": "b", "value": "y"}},
             {"wait": 0.2})  # fmt: skip

    assert (caught.value.reason, office.sent) == ("value-not-kept", [])


def test_a_field_that_opens_late_is_waited_for(file):
    page = """<input name=a disabled><script>
    setTimeout(() => document.querySelector('input').disabled = false, 1500)</script>"""

    sent, _record = file(page, {"fill": {"name": "a", "value": "x"}})

    assert sent["a"] == ["x"]


def test_keys_and_change_are_heard_by_pages_that_listen_to_them(file):
    page = """<input name=a onkeyup="b.value = this.value.length">
    <input name=b id=b><input name=c onchange="d.value = this.value"><input name=d id=d>"""

    sent, _record = file(
        page, {"fill": {"name": "a", "value": "abc"}}, {"fill": {"name": "c", "value": "été"}}
    )

    assert (sent["b"], sent["d"]) == (["3"], ["été"])


def test_the_record_says_which_way_an_element_was_found(file):
    step = {"label": "Nom de famille", "or": [{"label": "Nom"}, {"name": "n"}], "value": "{nom}"}

    _sent, record = file("Nom : <input name=n>", {"fill": step}, values={"nom": "Roy"})

    filled = record["steps"][1]
    assert (filled["used"], filled["fallback"], filled["value"]) == ("label: Nom", True, "Roy")


def test_sensitive_values_are_covered_in_the_record(file):
    _sent, record = file(
        "<input name=n><input name=m>",
        {"fill": {"name": "n", "value": "{nas}"}},
        {"fill": {"name": "m", "value": "{nas.spaced}"}},
        fields={"nas": {"kind": "sin", "sensitive": True}},
        values={"nas": "046454286"},
    )

    assert [step["value"] for step in record["steps"][1:3]] == ["•••", "•••"]


@pytest.mark.parametrize(
    ("step", "values", "reason"),
    [
        ({"value": "{nom}", "max": 5}, {"nom": "Tremblay"}, "too-long"),
        ({"value": "{nom}", "allowed": "[A-Z]+"}, {"nom": "Roy"}, "not-allowed"),
        ({"value": "{nom}", "map": {"Roy": "1"}}, {"nom": "Côté"}, "map"),
    ],
)
def test_what_the_target_cannot_take_is_told_before_its_form_is_opened(
    file, office, step, values, reason
):
    with pytest.raises(TargetRefusedError) as caught:
        file("<input name=n>", {"fill": {"name": "n", **step}}, values=values)

    assert (caught.value.reason, office.sent) == (reason, [])
    assert values["nom"] not in str(caught.value)


def test_a_code_table_gives_what_the_target_wants(file):
    sent, _record = file(
        "<select name=s><option value=01>Greffe<option value=02>Voirie</select>",
        {"select": {"name": "s", "value": "{service}", "map": {"Travaux": "02"}}},
        values={"service": "Travaux"},
    )

    assert sent["s"] == ["02"]


def test_a_menu_that_only_a_mouse_opens_is_used_all_the_same(file):
    page = '<div style="display:none"><a href="/form">Ajouter</a></div>'
    sent, _record = file(
        "",
        {"goto": "{url}/menu"},
        {"click": {"link": "Ajouter", "hidden": True}},
        {"fill": {"label": "Nom", "value": "x"}},
        menu=page,
        form=SEND.format("Nom <input name=n>"),
    )

    assert sent["n"] == ["x"]


def test_what_must_be_seen_and_what_must_be_gone_is_waited_for(file):
    page = """<p id=w>Un instant...</p><b id=t>0</b><script>setTimeout(() => {
    document.getElementById('w').remove(); document.getElementById('t').textContent = '12,50'},
    400)</script>"""

    sent, _record = file(
        page + "<input name=n>",
        {"gone": {"text": "Un instant"}},
        {"expect": {"id": "t", "value": "{total.comma}"}},
        {"fill": {"name": "n", "value": "x"}},
        fields={"total": {"kind": "amount"}},
        values={"total": "12.50"},
    )

    assert sent["n"] == ["x"]


def test_a_value_that_is_not_as_expected_is_a_refusal(file):
    with pytest.raises(TargetRefusedError) as caught:
        file("<b id=t>13</b>", {"expect": {"id": "t", "value": "12"}})

    assert caught.value.reason == "not-as-expected"


WRITTEN = """
from rpa.bots.written import WrittenBot

class Two(WrittenBot):
    fields = {"nom": {"kind": "name"}}
    commit = {"button": "OK"}
    receipt = {"find": True}

    def fill(self, window):
        window.do("goto", url="{url}/")
        window.page.evaluate("document.querySelector('input').focus()")
        window.do("fill", label="Nom", value="{nom}")

    def find(self, window):
        window.do("goto", url="{url}/list")
        return [cells[0] for cells in window.rows("tr") if cells[1] == window.text("{nom}")]
"""


@pytest.fixture
def written(office, tmp_path):
    def request(code, **values):
        office.sent.clear()
        path = tmp_path / "bot.py"
        path.write_text(code, encoding="utf-8")
        target = Target(office.url, "", "", timeout_s=3)
        return FilingRequest("K-1", values, {"nom": FieldKind.NAME}, path, target)

    return request


def test_a_bot_written_in_python_has_its_commit_clicked_and_its_case_found(office, bot, written):
    office.pages = {"/": SEND.format("Nom : <input name=n>"), "/list": ROWS}
    exhibits = {}

    filed = bot.file(
        written(WRITTEN, nom="Roy-Côté"),
        before_commit=lambda _seen: None,
        keep=lambda one: exhibits.update({one.name: one.content}),
    )

    kinds = [step["kind"] for step in json.loads(exhibits["record.json"])["steps"]]
    assert (filed.receipt.number, len(office.sent)) == ("3", 1)
    assert kinds == ["goto", "fill", "click", "receipt", "goto"]


def test_what_a_written_bot_raises_after_the_commit_is_a_doubt_that_quotes_no_value(
    office, bot, written
):
    office.pages = {"/": SEND.format("Nom : <input name=n>"), "/list": ROWS}
    code = WRITTEN.replace(
        "return [cells[0]", "raise KeyError(window.text('{nom}'))\n        return [cells[0]"
    )

    with pytest.raises(OutcomeUnknownError) as caught:
        bot.file(written(code, nom="Tremblay"), before_commit=lambda _seen: None)

    assert (caught.value.reason, len(office.sent)) == ("bot-code", 1)
    assert "KeyError (line" in str(caught.value)
    assert "Tremblay" not in str(caught.value)


def test_a_written_bot_must_not_commit_itself(office, bot, written):
    office.pages = {"/": SEND.format("Nom : <input name=n>"), "/list": ROWS}
    code = WRITTEN.replace('''window.do("fill", label="Nom", value="{nom}")''',
                           '''window.do("click", button="OK", commits=True)''')  # fmt: skip

    with pytest.raises(DefinitionError, match="leaves the commit to the engine"):
        bot.file(written(code, nom="Roy"), before_commit=lambda _seen: None)

    assert office.sent == []


def test_a_written_bot_that_cannot_find_must_leave_doubts_to_a_person_in_writing(written):
    silent = WRITTEN[: WRITTEN.index("    def find")].replace(
        """{"find": True}""", """{"pattern": "R-"}"""
    )
    definition = load_written(written(silent).definition)[1]

    with pytest.raises(DefinitionError, match="doubt: person"):
        check_found_again(definition, path=written(silent).definition)

    said = silent.replace("commit =", "doubt = 'person'\n    commit =")
    check_found_again(load_written(written(said).definition)[1], path=written(said).definition)


def test_a_file_without_a_bot_is_told(bot, written):
    with pytest.raises(DefinitionError, match="must hold one class of WrittenBot; it holds 0"):
        bot.file(written("x = 1", nom="Roy"), before_commit=lambda _seen: None)


def test_what_is_to_be_seen_may_be_seen_twice(file):
    page = "<title>Un billet</title><h1>Un billet</h1><p>Un billet</p>"

    sent, _record = file(page, {"expect": {"text": "Un billet"}})

    assert sent is not None


def test_an_editor_for_rich_text_takes_lines(file):
    page = """<input type=hidden name=note><iframe title="Texte riche, note"></iframe><script>
    const inside = document.querySelector('iframe').contentDocument;
    inside.open(); inside.write('<body contenteditable=true><p>Bonjour</p></body>'); inside.close();
    document.querySelector('form').onsubmit = () => {
      document.querySelector('[name=note]').value = inside.body.innerText; };
    </script>"""

    sent, _record = file(
        page,
        {"frame": {"name": "Texte riche, note"}},
        {"fill": {"selector": "body", "value": "{note}"}},
        {"frame": "_top"},
        fields={"note": {}},
        values={"note": "Été\nà l'hôpital"},
    )

    assert [line for line in sent["note"][0].split() if line] == ["Été", "à", "l'hôpital"]


def test_keys_are_pressed_and_typed_one_by_one_where_the_page_listens(file):
    page = """<input name=a onkeydown="if (event.key === 'Tab') b.value += '!'"
    onkeypress="b.value += event.key"><input name=b id=b>"""

    sent, _record = file(
        page, {"fill": {"name": "a", "value": "abc", "keys": True}}, {"press": "Tab"}
    )

    assert (sent["a"], sent["b"]) == (["abc"], ["abc!"])


def test_a_menu_that_opens_under_the_mouse_is_opened_by_it(file):
    page = """<div id=m onmouseover="this.lastChild.style.display = 'block'">Dossiers<div
    style="display:none"><a href="/form">Ajouter</a></div></div>"""

    sent, _record = file(
        "",
        {"goto": "{url}/menu"},
        {"hover": {"text": "Dossiers"}},
        {"click": {"link": "Ajouter"}},
        {"fill": {"label": "Nom", "value": "x"}},
        menu=page,
        form=SEND.format("Nom <input name=n>"),
    )

    assert sent["n"] == ["x"]


def test_frames_are_told_by_name_address_or_what_they_show(file):
    frames = """<iframe name=un src=/one></iframe><iframe src=/two></iframe>
    <iframe src=/three></iframe>"""
    inner = '<input name=n oninput="top.document.forms[0].{}.value = this.value">'

    sent, _record = file(
        "<input name=a><input name=b><input name=c>" + frames,
        {"frame": "un"},
        {"fill": {"name": "n", "value": "1"}},
        {"frame": {"url": "/two"}},
        {"fill": {"name": "n", "value": "2"}},
        {"frame": {"text": "Troisième"}},
        {"fill": {"name": "n", "value": "3"}},
        {"frame": "_top"},
        one=inner.format("a"),
        two=inner.format("b"),
        three="Troisième volet " + inner.format("c"),
    )

    assert (sent["a"], sent["b"], sent["c"]) == (["1"], ["2"], ["3"])


def test_a_prompt_is_answered_with_a_text(file):
    page = """<input name=n id=n><input type=button value=Demander
    onclick="document.getElementById('n').value = prompt('Quel nom ?')">"""

    sent, _record = file(
        page,
        {"dialog": {"answer": "accept", "text": "Quel nom", "type": "{nom}"}},
        {"click": {"button": "Demander"}},
        values={"nom": "Côté"},
    )

    assert sent["n"] == ["Côté"]


def test_a_file_that_is_downloaded_is_kept_as_evidence(office, bot, tmp_path):
    link = "<a href='data:text/plain,accusé' download='accuse.txt'>Télécharger</a>"
    office.pages = {"/": SEND.format(link)}
    path = tmp_path / "bot.yaml"
    steps = [
        {"goto": "{url}/"},
        {"download": {"link": "Télécharger", "keep": "accuse"}},
        {"click": {"button": "OK", "commits": True}},
        {"receipt": {"selector": "#receipt", "pattern": "R-\\d+"}},
    ]
    path.write_text(json.dumps({"file": steps}), encoding="utf-8")
    kept = []
    request = FilingRequest("K", {}, {}, path, Target(office.url, "", "", timeout_s=3))

    bot.file(request, before_commit=lambda _seen: None, keep=kept.append)

    assert [one.name for one in kept] == ["accuse", "record.json"]
    assert kept[0].content.decode("utf-8") == "accusé"


def test_a_window_that_stays_open_is_closed_after_its_steps(file):
    page = """<input name=n id=n><a href="#" onclick="window.open('/look')">Chercher</a>"""
    window = """<input id=q oninput="opener.document.getElementById('n').value = this.value">"""

    sent, _record = file(
        page,
        {
            "popup": {
                "open": {"link": "Chercher"},
                "close": True,
                "steps": [{"fill": {"id": "q", "value": "trouvé"}}],
            }
        },
        look=window,
    )

    assert sent["n"] == ["trouvé"]


@pytest.mark.parametrize(
    ("shown", "presence"),
    [
        ("Côté [K-1]", Presence.FOUND_ONCE),
        ("Cote [K-1]", Presence.UNKNOWN),
        ("Côté [K-1-B]", Presence.ABSENT),
        ("Côté [K-10]", Presence.ABSENT),
        ("Côté", Presence.ABSENT),
    ],
)
def test_a_record_that_holds_the_key_but_differs_is_no_proof_of_absence(
    office, bot, tmp_path, shown, presence
):
    office.pages = {
        "/": SEND.format("<input name=n>"),
        "/list": f"<table><tr><th>No</th><th>Titre</th></tr><tr><td>7</td><td>{shown}</td></tr>",
    }
    path = tmp_path / "bot.yaml"
    hits = {"rows": "tr:has(td)", "match": {"Titre": "{nom} [{key}]"}, "number": {"column": "No"}}
    said = {
        "file": [{"click": {"button": "OK", "commits": True}}, {"receipt": {"find": True}}],
        "find": [{"goto": "{url}/list"}, {"expect": {"text": "Titre"}}, {"hits": hits}],
    }
    path.write_text(json.dumps(said), encoding="utf-8")
    target = Target(office.url, "", "", timeout_s=3)

    found = bot.find(FilingRequest("K-1", {"nom": "Côté"}, {"nom": FieldKind.TEXT}, path, target))

    assert found.presence is presence


def test_a_receipt_is_a_part_of_a_text_or_of_an_address_as_a_person_reads_it(office, bot, tmp_path):
    office.pages = {
        "/": SEND.format("<input name=n>"),
        "/list": "<div class=w><h1>Avis [K-1]</h1><a href='/w?id=avis%3Ak-1'>Lire</a></div>",
    }
    path = tmp_path / "bot.yaml"
    target = Target(office.url, "", "", timeout_s=3)

    def number(cell):
        hits = {"rows": ".w", "match": {"h1": "Avis [{key}]"}, "number": cell}
        said = {
            "file": [{"click": {"button": "OK", "commits": True}}, {"receipt": {"find": True}}],
            "find": [{"goto": "{url}/list"}, {"expect": {"selector": ".w"}}, {"hits": hits}],
        }
        path.write_text(json.dumps(said), encoding="utf-8")
        return bot.find(FilingRequest("K-1", {}, {}, path, target)).receipt.number

    assert number({"selector": "h1", "pattern": "\\[(.+)\\]"}) == "K-1"
    assert number({"link": "id=(avis:k-\\d)"}) == "avis:k-1"


def test_an_address_is_read_decoded_too(file):
    sent, _record = file(
        "<input name=n>",
        {"goto": "{url}/avis?id=avis%3A7"},
        {"read": {"into": "id", "url": "id=(avis:\\d)"}},
        {"goto": "{url}/"},
        {"fill": {"name": "n", "value": "{read.id}"}},
        avis="<p>Avis</p>",
    )

    assert sent["n"] == ["avis:7"]
