import pytest

from rpa.ocr.unknown.anchors import invoice_anchors
from rpa.ocr.unknown.found import DocumentKind
from rpa.ocr.unknown.letters import letter_findings, letter_rules
from rpa.ocr.unknown.page import understood
from rpa.ocr.unknown.segments import rows_of, upright
from rpa.ocr.unknown.tables import Rules
from rpa.testing.typed_words import page_text

FRENCH = (
    (100, 60, "Ville de Rivière-aux-Pins"),
    (100, 90, "1, rue de l'Église, Rivière-aux-Pins (Québec) G0R 2T0"),
    (100, 180, "Rivière-aux-Pins, le 24 novembre 2026"),
    (100, 260, "Madame Julie Bélanger"),
    (100, 288, "48, chemin du Moulin"),
    (100, 316, "Saint-Aubin (Québec) G0R 2T1"),
    (100, 400, "N/Réf. : 2026-0417"),
    (600, 400, "V/Réf. : JB-22"),
    (100, 460, "Objet : Demande de permis"),
    (100, 520, "Madame,"),
    (100, 580, "Nous avons bien reçu votre demande du 3 novembre 2026."),
    (100, 660, "Veuillez agréer, Madame, nos salutations distinguées."),
    (100, 720, "Le directeur de l'urbanisme,"),
    (100, 820, "Marc Gagnon"),
    (100, 900, "p. j. Plan du terrain"),
    (100, 960, "c. c. Service des finances"),
)
ENGLISH = (
    (100, 60, "Northfield Hydro Ltd."),
    (100, 88, "200 King Street West, Suite 900"),
    (100, 116, "Toronto, Ontario M5H 3T4"),
    (100, 200, "November 24, 2026"),
    (100, 280, "Ms. Karen Doyle"),
    (100, 308, "77 Elm Avenue"),
    (100, 336, "Oakville, ON L6J 2X1"),
    (100, 420, "Our file: NH-88213"),
    (100, 480, "Re: Renewal of agreement"),
    (100, 540, "Dear Ms. Doyle:"),
    (100, 600, "Thank you for your letter of November 3."),
    (100, 680, "Yours truly,"),
    (100, 780, "Alan Whitmore"),
    (100, 808, "Director, Accounts"),
    (100, 880, "Encl. Draft agreement"),
)
MAIL = (
    (100, 100, "De :"), (300, 100, "Roy, Marie <marie@ville.example>"),
    (100, 128, "Envoyé :"), (300, 128, "24 novembre 2026 15:42"),
    (100, 156, "À :"), (300, 156, "Bélanger, Julie"),
    (100, 184, "Objet :"), (300, 184, "RE: Accès au bâtiment"),
    (100, 260, "Bonjour Julie,"),
    (100, 320, "Oui, passez demain."),
    (100, 400, "Cordialement,"),
    (100, 428, "Marie Roy"),
    (100, 520, "De : Bélanger, Julie"),
    (100, 548, "Envoyé : 23 novembre 2026 09:12"),
    (100, 576, "Objet : Accès au bâtiment"),
)  # fmt: skip


def rows(*texts):
    return rows_of(upright(page_text(*texts)))


def told(*texts):
    found = letter_findings(rows(*texts), letter_rules())
    return {f.name: f.canonical if f.name == "date" else f.value.text for f in found}


def without(texts, *words):
    return [text for text in texts if not text[2].startswith(words)]


def test_a_letter_in_french_is_understood():
    assert told(*FRENCH) == {
        "sender": "Ville de Rivière-aux-Pins",
        "sender_address": "1, rue de l'Église, Rivière-aux-Pins (Québec) G0R 2T0",
        "recipient": "Madame Julie Bélanger",
        "recipient_address": "48, chemin du Moulin Saint-Aubin (Québec) G0R 2T1",
        "signatory": "Marc Gagnon",
        "signatory_title": "Le directeur de l'urbanisme,",
        "date": "2026-11-24",
        "place": "Rivière-aux-Pins",
        "our_reference": "2026-0417",
        "your_reference": "JB-22",
        "subject": "Demande de permis",
        "copies": "Service des finances",
        "enclosures": "Plan du terrain",
        "salutation": "Madame,",
        "closing": "Veuillez agréer, Madame, nos salutations distinguées.",
    }


def test_a_letter_in_english_is_understood():
    assert told(*ENGLISH) == {
        "sender": "Northfield Hydro Ltd.",
        "sender_address": "200 King Street West, Suite 900 Toronto, Ontario M5H 3T4",
        "recipient": "Ms. Karen Doyle",
        "recipient_address": "77 Elm Avenue Oakville, ON L6J 2X1",
        "signatory": "Alan Whitmore",
        "signatory_title": "Director, Accounts",
        "date": "2026-11-24",
        "our_reference": "NH-88213",
        "subject": "Renewal of agreement",
        "enclosures": "Draft agreement",
        "salutation": "Dear Ms. Doyle:",
        "closing": "Yours truly,",
    }


def test_of_a_printed_mail_its_own_head_counts_and_not_the_one_it_answers():
    assert told(*MAIL) == {
        "sender": "Roy, Marie <marie@ville.example>",
        "recipient": "Bélanger, Julie",
        "date": "2026-11-24",
        "subject": "RE: Accès au bâtiment",
        "signatory": "Marie Roy",
        "salutation": "Bonjour Julie,",
        "closing": "Cordialement,",
    }


def test_sender_and_recipient_may_stand_beside_each_other():
    found = told(
        (60, 100, "Coopérative du Parc"), (560, 100, "Monsieur Étienne Roy"),
        (60, 128, "450, boulevard Laurier"), (560, 128, "12, rue du Pont"),
        (60, 156, "Gatineau (Québec) J8Y 3Z9"), (560, 156, "Hull (Québec) J8Y 1A1"),
        (60, 300, "Monsieur,"),
        (60, 500, "Recevez, Monsieur, nos salutations."),
    )  # fmt: skip
    assert found["sender"] == "Coopérative du Parc"
    assert found["sender_address"] == "450, boulevard Laurier Gatineau (Québec) J8Y 3Z9"
    assert found["recipient"] == "Monsieur Étienne Roy"
    assert found["recipient_address"] == "12, rue du Pont Hull (Québec) J8Y 1A1"


def test_who_signs_is_the_sender_where_no_letterhead_is():
    texts = without(ENGLISH, "Northfield")
    assert told(*texts)["sender"] == "Alan Whitmore"


def test_a_letter_to_somebody_without_letterhead_is_not_from_them():
    found = told(*without(FRENCH, "Ville", "1, rue"))
    assert found["sender"] == "Marc Gagnon"
    assert found["recipient"] == "Madame Julie Bélanger"
    assert "sender_address" not in found


def test_a_day_in_the_text_is_not_the_letter_s_date():
    assert "date" not in told(*without(FRENCH, "Rivière-aux-Pins, le"))


def test_a_subject_and_a_closing_may_have_two_lines():
    found = told(
        (100, 100, "Objet : Aménagement d'un sentier"),
        (180, 128, "sur les lots 12 et 14"),
        (100, 200, "Monsieur,"),
        (100, 400, "Dans l'attente, veuillez recevoir, Monsieur,"),
        (100, 428, "l'assurance de ma considération."),
        (100, 520, "Claire Moreau"),
    )
    assert found["subject"] == "Aménagement d'un sentier sur les lots 12 et 14"
    assert found["closing"].endswith("considération.")
    assert found["signatory"] == "Claire Moreau"


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("Notre référence : 7610-04-01", "our_reference", "7610-04-01"),
        ("Our ref.: CL/2026/7781", "our_reference", "CL/2026/7781"),
        ("Votre dossier : A-12", "your_reference", "A-12"),
        ("Your reference: PO 5521", "your_reference", "PO 5521"),
        ("Dossier no 26-1187", "file", "26-1187"),
        ("File No.: WPG-0099812", "file", "WPG-0099812"),
        ("RE: Claim for water damage", "subject", "Claim for water damage"),
        ("Pièces jointes : Formulaire", "enclosures", "Formulaire"),
        ("Enclosure(s): 1", "enclosures", "1"),
        ("p. j. (2)", "enclosures", "(2)"),
        ("cc: Broker Services", "copies", "Broker Services"),
    ],
)
def test_what_stands_behind_an_anchor_is_told(line, name, value):
    assert told((100, 100, line))[name] == value


@pytest.mark.parametrize("line", ["Claims Centre, 310 Portage", "Le dossier est clos", "Encore"])
def test_words_that_only_begin_like_an_anchor_are_none(line):
    assert told((100, 100, line)).keys().isdisjoint({"file", "enclosures"})


def test_a_reference_may_stand_under_two_languages():
    found = told((600, 100, "Our file Notre référence"), (600, 128, "0412-26/77"))
    assert found["our_reference"] == "0412-26/77"


def test_an_address_of_the_foot_is_the_sender_s_without_its_telephone():
    foot = "51 Terminal Road, Halifax, Nova Scotia B3J 1A1 Tel. 902-555-0110"
    found = told(*without(ENGLISH, "200", "Toronto"), (100, 1300, foot))
    assert found["sender_address"] == "51 Terminal Road, Halifax, Nova Scotia B3J 1A1"


def test_a_large_name_is_the_sender_s():
    page = page_text(*without(ENGLISH, "Northfield"), (300, 20, "Harbour Insurance"))
    words = tuple(type(w)(w.text, w.x0, 5, w.x1, 45, 0.9) if w.y0 == 20 else w for w in page.words)
    found = letter_findings(rows_of(upright(type(page)(1000, 1400, words))), letter_rules())
    assert {f.name: f.value.text for f in found}["sender"] == "Harbour Insurance"


def test_copies_may_go_to_several():
    lines = [
        (100, 900, "c. c. Mme Line Morin"),
        (160, 928, "M. Luc Roy"),
        (160, 956, "M. Jean Dubé"),
    ]
    assert told(*lines)["copies"] == "Mme Line Morin M. Luc Roy M. Jean Dubé"


@pytest.mark.parametrize(
    ("line", "day", "place"),
    [
        ("LYON, I3 AVRIL I958.", "1958-04-13", "LYON"),
        ("Le vendredi 9 octobre 2026", "2026-10-09", None),
        ("Mon, Nov 23, 2026 at 9:05 AM", "2026-11-23", None),
        ("19th March 2026", "2026-03-19", None),
        ("Date: July 9, 2026", "2026-07-09", None),
        ("Trois-Rivières, ce 3 mars 2026", "2026-03-03", "Trois-Rivières"),
    ],
)
def test_a_line_says_when_and_where(line, day, place):
    found = told((100, 100, line))
    assert (found["date"], found.get("place")) == (day, place)


def test_a_body_does_not_sign_and_two_closings_are_no_name():
    texts = [
        (100, 100, "Monsieur,"),
        (100, 300, "Tout à vous,"),
        (100, 340, "Salut fraternel"),
        (100, 440, "Ville de Lévis"),
        (100, 480, "Auguste Roy"),
    ]
    assert told(*texts)["signatory"] == "Auguste Roy"


def test_somebody_may_be_addressed_without_an_address():
    found = told((100, 100, "Aux parents des élèves"), (100, 200, "Chers parents,"))
    assert found["recipient"] == "Aux parents des élèves"


def test_an_empty_page_says_nothing():
    assert told() == {}


def kind(*texts):
    page = page_text(*texts)
    return understood(page, Rules(), invoices=invoice_anchors(), letters=letter_rules()).document


INVOICE = (
    (100, 100, "Papeterie du Fleuve inc."),
    (100, 160, "Facture n° : F-118"),
    (100, 220, "Total 114,98 $"),
)


@pytest.mark.parametrize(
    ("texts", "document"),
    [
        pytest.param(FRENCH, "letter", id="french letter"),
        pytest.param(ENGLISH, "letter", id="english letter"),
        pytest.param(MAIL, "letter", id="mail"),
        pytest.param((*FRENCH, (100, 1000, "Total 12,00 $")), "letter", id="letter of a sum"),
        pytest.param(INVOICE, "invoice", id="invoice"),
        pytest.param(
            (
                (100, 100, "Nom :"),
                (250, 100, "Roy"),
                (100, 200, "Date :"),
                (250, 200, "2026-11-24"),
            ),
            "form",
            id="form",
        ),
        pytest.param(((100, 100, "Madame, voici la suite."),), None, id="text"),
        pytest.param((), None, id="empty"),
    ],
)
def test_what_a_page_is_is_told_by_the_page(texts, document):
    assert kind(*texts) == document


def test_anchors_of_invoices_are_not_looked_for_in_letters_nor_on_pages_of_text():
    letter = page_text(*FRENCH, (100, 1000, "Total 12,00 $"))
    text = page_text((100, 100, "Le 24 novembre 2026"), (100, 160, "il neigeait."))
    names = [
        {
            f.name
            for f in understood(
                page, Rules(), invoices=invoice_anchors(), letters=letter_rules()
            ).findings
        }
        for page in (letter, text)
    ]
    assert names[0].isdisjoint({"issuer", "total"})
    assert names[1] == set()


@pytest.mark.parametrize(
    ("texts", "before", "document"),
    [
        pytest.param(((100, 100, "Total 114,98 $"),), "invoice", "invoice", id="the sum"),
        pytest.param(((100, 100, "Yours truly,"),), "letter", "letter", id="the closing"),
        pytest.param(((100, 100, "et la suite du texte."),), "letter", "letter", id="text"),
        pytest.param(((100, 100, "et la suite du texte."),), "form", None, id="after a form"),
        pytest.param(INVOICE, "letter", "invoice", id="an enclosed invoice"),
        pytest.param(
            ((100, 100, "Nom :"), (250, 100, "Roy"), (100, 200, "Ville :"), (250, 200, "Lévis")),
            "letter",
            "form",
            id="an enclosed form",
        ),
    ],
)
def test_a_page_goes_on_as_the_one_before_where_it_says_nothing_else(texts, before, document):
    found = understood(
        page_text(*texts),
        Rules(),
        invoices=invoice_anchors(),
        letters=letter_rules(),
        before=DocumentKind(before),
    )
    assert found.document == document
