"""Six more layouts of letters, drawn after the rules were written and only counted on."""

from typing import Final

from letter_layouts import BODY_EN, BODY_FR, BOLD, DEJAVU, MONO, SANS, SERIF, At, Letter

LATER: Final = (
    Letter(
        "bandeau",
        (
            At(0.8, 0.5, "Hydro-Vallée", 22, BOLD),
            At(7.7, 0.55, "Service à la clientèle\nC. P. 11604\n"
               "Sherbrooke (Québec)  J1H 5N1", 8, SANS, "r"),
            At(0.8, 1.7, "Vos réf.", 8, SANS),
            At(2.8, 1.7, "Nos réf.", 8, SANS),
            At(5.0, 1.7, "Date", 8, SANS),
            At(0.8, 1.9, "FX-2291", 10, SANS),
            At(2.8, 1.9, "HV-33-081", 10, SANS),
            At(5.0, 1.9, "17 février 2026", 10, SANS),
            At(0.8, 2.6, "M. Gérard Bouchard\nFerme des Saules inc.\n640, rang 5 Ouest\n"
               "Coaticook (Québec)  J1A 2S2", 10, SANS),
            At(0.8, 3.7, "Objet : Déplacement d'un poteau", 10, BOLD),
            At(0.8, 4.1, "Bonjour Monsieur Bouchard,", 10, SANS),
            At(0.8, 4.5, BODY_FR, 10, SANS),
            At(0.8, 6.2, "Salutations cordiales,", 10, SANS),
            At(0.8, 7.0, "Mélanie Trudel\nConseillère, Projets résidentiels", 10, SANS),
        ),
        {
            "sender": "Hydro-Vallée",
            "sender_address": "C. P. 11604 Sherbrooke (Québec) J1H 5N1",
            "your_reference": "FX-2291",
            "our_reference": "HV-33-081",
            "date": "2026-02-17",
            "recipient": "M. Gérard Bouchard Ferme des Saules inc.",
            "recipient_address": "640, rang 5 Ouest Coaticook (Québec) J1A 2S2",
            "subject": "Déplacement d'un poteau",
            "salutation": "Bonjour Monsieur Bouchard,",
            "closing": "Salutations cordiales,",
            "signatory": "Mélanie Trudel",
            "signatory_title": "Conseillère, Projets résidentiels",
        },
    ),
    Letter(
        "typewriter",
        (
            At(1.2, 1.0, "LAC-AUX-SABLES, LE 8 JUIN 2026", 12),
            At(1.2, 1.8, "MINISTERE DES TRANSPORTS\nDIRECTION DES PERMIS\n"
               "700, BOUL. RENE-LEVESQUE EST\n"
               "QUEBEC (QUEBEC) G1R 5H1", 12),
            At(1.2, 3.1, "SUJET: PERMIS SPECIAL DE CIRCULATION", 12),
            At(1.2, 3.7, "MESSIEURS,", 12),
            At(1.2, 4.2, "Je vous demande de renouveler mon permis special de\n"
               "circulation pour 2027. Ci-joint"
               " mon cheque de 120 $.", 12),
            At(1.2, 5.0, "Merci de votre attention.", 12),
            At(1.2, 5.6, "Bien a vous,", 12),
            At(1.2, 6.6, "Normand Perreault\n15, ch. Ste-Marie\nLac-aux-Sables QC G0X 1M0", 12),
        ),
        {
            "sender": "Normand Perreault",
            "sender_address": "15, ch. Ste-Marie Lac-aux-Sables QC G0X 1M0",
            "place": "LAC-AUX-SABLES",
            "date": "2026-06-08",
            "recipient": "MINISTERE DES TRANSPORTS DIRECTION DES PERMIS",
            "recipient_address": "700, BOUL. RENE-LEVESQUE EST QUEBEC (QUEBEC) G1R 5H1",
            "subject": "PERMIS SPECIAL DE CIRCULATION",
            "salutation": "MESSIEURS,",
            "closing": "Bien a vous,",
            "signatory": "Normand Perreault",
        },
        MONO,
    ),
    Letter(
        "london",
        (
            At(7.3, 0.8, "Thornbury Borough Council\nHousing Services\n"
               "Civic Offices, 4 Market Lane\n"
               "Thornbury TH3 9QP\nTel: 020 5550 0199", 10, SANS, "r"),
            At(1, 2.2, "Mr & Mrs J Patel\n12 Orchard Close\nThornbury\nTH3 7DA", 11),
            At(5.0, 2.2, "Our Ref: HS/26/118\nYour Ref: JP/2\n\n19th March 2026", 11),
            At(1, 3.6, "Dear Mr and Mrs Patel", 11),
            At(1, 4.0, "Tenancy transfer request - 12 Orchard Close", 11, BOLD),
            At(1, 4.5, BODY_EN, 11),
            At(1, 6.3, "Yours sincerely", 11),
            At(1, 7.3, "Helen Marsh\nHousing Officer", 11),
        ),
        {
            "sender": "Thornbury Borough Council",
            "sender_address": "4 Market Lane Thornbury TH3 9QP",
            "recipient": "Mr & Mrs J Patel",
            "recipient_address": "12 Orchard Close Thornbury TH3 7DA",
            "our_reference": "HS/26/118",
            "your_reference": "JP/2",
            "date": "2026-03-19",
            "salutation": "Dear Mr and Mrs Patel",
            "closing": "Yours sincerely",
            "signatory": "Helen Marsh",
            "signatory_title": "Housing Officer",
        },
        SANS,
    ),
    Letter(
        "thread",
        (
            At(0.7, 0.6, "Julie Bélanger", 14, BOLD),
            At(0.7, 1.1, "De :            Marie Roy <marie.roy@ville.example>", 9, DEJAVU),
            At(0.7, 1.3, "Date :         mardi 24 novembre 2026 à 15:42", 9, DEJAVU),
            At(0.7, 1.5, "À :              julie.belanger@exemple.example", 9, DEJAVU),
            At(0.7, 1.7, "Objet :        Votre demande 2026-0417", 9, DEJAVU),
            At(0.7, 2.3, "Madame Bélanger,", 9, DEJAVU),
            At(0.7, 2.6, BODY_FR, 9, DEJAVU),
            At(0.7, 4.1, "Merci et bonne journée!", 9, DEJAVU),
            At(0.7, 4.5, "Marie Roy | Agente de bureau\nVille de Saint-Aubin\n"
               "2, rue Principale, Saint-Aubin (Québec) G0R 3A0", 9, DEJAVU),
            At(0.7, 5.4, "Le 23 nov. 2026 à 09:12, Julie Bélanger a écrit :\n> Bonjour,\n"
               "> Avez-vous reçu ma demande?", 9, DEJAVU),
        ),
        {
            "sender": "Marie Roy <marie.roy@ville.example>",
            "sender_address": "2, rue Principale, Saint-Aubin (Québec) G0R 3A0",
            "date": "2026-11-24",
            "recipient": "julie.belanger@exemple.example",
            "subject": "Votre demande 2026-0417",
            "salutation": "Madame Bélanger,",
            "closing": "Merci et bonne journée!",
        },
    ),
    Letter(
        "firm",
        (
            At(4.25, 0.6, "MACKAY DUNLOP LLP", 16, SERIF, "m"),
            At(4.25, 0.9, "Barristers & Solicitors", 10, SERIF, "m"),
            At(4.25, 1.15, "1800 - 505 Burrard Street, Vancouver, British Columbia V7X 1M8\n"
               "Telephone 604 555 0120  Facsimile 604 555 0121", 8.5, SERIF, "m"),
            At(1, 1.9, "Reply to: Susan Cho\nOur File No. 81220-3"),
            At(1, 2.5, "VIA COURIER"),
            At(1, 2.9, "September 15, 2026"),
            At(1, 3.3, "District of Arrow Bay\n3388 Shoreline Road\nArrow Bay, B.C.\nV0N 1A0"),
            At(1, 4.2, "Attention: Mr. Paul Greene, Chief Administrative Officer"),
            At(1, 4.6, "Dear Sirs/Mesdames:"),
            At(1, 5.0, "Re:    Easement over Lot 7, Plan 2214", 11, BOLD),
            At(1, 5.4, BODY_EN),
            At(1, 7.0, "Yours truly,\nMACKAY DUNLOP LLP"),
            At(1, 8.0, "Susan Cho"),
            At(1, 8.4, "SC/lm\nEnclosure\ncc: client"),
        ),
        {
            "sender": "MACKAY DUNLOP LLP",
            "sender_address": "1800 - 505 Burrard Street, Vancouver, British Columbia V7X 1M8",
            "our_reference": "81220-3",
            "date": "2026-09-15",
            "recipient": "District of Arrow Bay",
            "recipient_address": "3388 Shoreline Road Arrow Bay, B.C. V0N 1A0",
            "subject": "Easement over Lot 7, Plan 2214",
            "salutation": "Dear Sirs/Mesdames:",
            "closing": "Yours truly,",
            "signatory": "Susan Cho",
            "copies": "client",
        },
    ),
    Letter(
        "ecole",
        (
            At(4.25, 0.7, "École secondaire du Versant", 14, DEJAVU, "m"),
            At(1, 1.5, "Le vendredi 9 octobre 2026", 10.5),
            At(1, 2.1, "Aux parents des élèves de la 3e secondaire", 10.5),
            At(1, 2.6, "Objet : Sortie au musée", 10.5, BOLD),
            At(1, 3.1, "Chers parents,", 10.5),
            At(1, 3.5, BODY_FR, 10.5),
            At(1, 5.2, "En vous remerciant de votre collaboration, je vous prie de "
               "croire, chers parents,"
               "\nà mes sentiments les meilleurs.", 10.5),
            At(4.5, 6.0, "Le directeur adjoint,", 10.5),
            At(4.5, 6.9, "François Dubé", 10.5),
            At(1, 7.6, "p. j. Formulaire d'autorisation", 10.5),
            At(4.25, 10.4, "75, rue du Versant, Gatineau (Québec)  J8T 4J2  |  819 "
               "555-0144", 8, DEJAVU, "m"),
        ),
        {
            "sender": "École secondaire du Versant",
            "sender_address": "75, rue du Versant, Gatineau (Québec) J8T 4J2",
            "date": "2026-10-09",
            "recipient": "Aux parents des élèves de la 3e secondaire",
            "subject": "Sortie au musée",
            "salutation": "Chers parents,",
            "closing": "En vous remerciant de votre collaboration, je vous prie de croire, chers"
            " parents, à mes sentiments les meilleurs.",
            "signatory": "François Dubé",
            "signatory_title": "Le directeur adjoint,",
            "enclosures": "Formulaire d'autorisation",
        },
    ),
)  # fmt: skip
