"""Letters drawn for measurement: eight layouts in French and in English.

The rules of ``rpa/ocr/unknown/letters.yaml`` were written while looking at those of ``TUNED``.
Every person and place is invented.
"""

from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from rpa.testing.faxes import DPI

SERIF: Final = "LiberationSerif-Regular.ttf"
SANS: Final = "LiberationSans-Regular.ttf"
BOLD: Final = "LiberationSans-Bold.ttf"
DEJAVU: Final = "DejaVuSans.ttf"
MONO: Final = "LiberationMono-Regular.ttf"
LEADING: Final = 1.3

BODY_FR: Final = """\
Nous avons bien reçu votre lettre du 3 novembre dernier et nous vous en
remercions. Après étude, le comité a retenu votre demande, sous réserve
des conditions que vous trouverez plus bas.

Vous disposez de trente jours pour nous faire parvenir les documents
manquants. Passé ce délai, la demande sera fermée sans autre avis."""
BODY_EN: Final = """\
Thank you for your letter of November 3. We have reviewed your request
and are pleased to confirm that it has been approved, subject to the
conditions described below.

Please send us the missing documents within thirty days. After that,
the request will be closed without further notice."""


@dataclass(frozen=True, slots=True)
class At:
    """Lines that begin at a place, in inches from the top left; aligned left, middle or right."""

    x: float
    y: float
    text: str
    size: float = 11
    face: str = ""
    align: str = "l"


@dataclass(frozen=True, slots=True)
class Letter:
    """A page of letters, and what a person would say of it."""

    name: str
    parts: tuple[At, ...]
    truth: dict[str, str]
    face: str = SERIF
    lines: tuple[tuple[float, float, float, float], ...] = field(default=())

    def page(self) -> Image.Image:
        """Return the page in grey, Letter size."""
        image = Image.new("L", (round(8.5 * DPI), 11 * DPI), 255)
        draw = ImageDraw.Draw(image)
        for part in self.parts:
            size = round(part.size * DPI / 72)
            font = ImageFont.truetype(part.face or self.face, size)
            for number, line in enumerate(part.text.split("\n")):
                place = (part.x * DPI, part.y * DPI + number * size * LEADING)
                draw.text(place, line, fill=0, font=font, anchor=f"{part.align}a")
        for line in self.lines:
            draw.line([edge * DPI for edge in line], fill=0, width=4)
        return image


TUNED: Final = (
    Letter(
        "ville",
        (
            At(4.25, 0.6, "Ville de Rivière-aux-Pins", 18, BOLD, "m"),
            At(
                4.25,
                0.95,
                "1, rue de l'Hôtel-de-Ville, Rivière-aux-Pins (Québec)  G0R 2T0\n"
                "Téléphone : 418 555-0134   www.riviere-aux-pins.example",
                9,
                SANS,
                "m",
            ),
            At(7.4, 1.7, "Rivière-aux-Pins, le 24 novembre 2026", align="r"),
            At(
                1.1,
                2.2,
                "Madame Julie Bélanger\n48, chemin du Moulin\nRivière-aux-Pins (Québec)  G0R 2T1",
            ),
            At(1.1, 3.1, "N/Réf. : 2026-0417\nV/Réf. : JB-22"),
            At(1.1, 3.65, "Objet : Demande de permis de construction", face=BOLD),
            At(1.1, 4.1, "Madame,"),
            At(1.1, 4.5, BODY_FR),
            At(1.1, 6.4, "Veuillez agréer, Madame, l'expression de nos sentiments distingués."),
            At(1.1, 6.9, "Le directeur de l'urbanisme,"),
            At(1.1, 7.7, "Marc-André Gagnon, urbaniste"),
            At(1.1, 8.3, "p. j. Plan d'implantation"),
            At(1.1, 8.55, "c. c. Service des finances"),
        ),
        {
            "sender": "Ville de Rivière-aux-Pins",
            "sender_address": "1, rue de l'Hôtel-de-Ville, Rivière-aux-Pins (Québec) G0R 2T0",
            "place": "Rivière-aux-Pins",
            "date": "2026-11-24",
            "recipient": "Madame Julie Bélanger",
            "recipient_address": "48, chemin du Moulin Rivière-aux-Pins (Québec) G0R 2T1",
            "our_reference": "2026-0417",
            "your_reference": "JB-22",
            "subject": "Demande de permis de construction",
            "salutation": "Madame,",
            "closing": "Veuillez agréer, Madame, l'expression de nos sentiments distingués.",
            "signatory": "Marc-André Gagnon, urbaniste",
            "signatory_title": "Le directeur de l'urbanisme,",
            "enclosures": "Plan d'implantation",
            "copies": "Service des finances",
        },
    ),
    Letter(
        "citoyen",
        (
            At(
                1,
                0.9,
                "Pierre Lavoie\n312, avenue des Érables, app. 4\n"
                "Trois-Rivières (Québec)  G9A 1A1\n819 555-0177",
            ),
            At(1, 2.0, "Trois-Rivières, le 3 mars 2026"),
            At(
                1,
                2.6,
                "Service de la taxation\nVille de Trois-Rivières\n1325, place de l'Hôtel-de-Ville\n"
                "Trois-Rivières (Québec)  G9A 5H3",
            ),
            At(1, 3.9, "Objet : Contestation du compte de taxes 2026"),
            At(1, 4.3, "Madame, Monsieur,"),
            At(1, 4.7, BODY_FR),
            At(1, 6.5, "Je vous prie d'agréer, Madame, Monsieur, mes salutations distinguées."),
            At(1, 7.6, "Pierre Lavoie"),
        ),
        {
            "sender": "Pierre Lavoie",
            "sender_address": "312, avenue des Érables, app. 4 Trois-Rivières (Québec) G9A 1A1",
            "place": "Trois-Rivières",
            "date": "2026-03-03",
            "recipient": "Service de la taxation Ville de Trois-Rivières",
            "recipient_address": "1325, place de l'Hôtel-de-Ville Trois-Rivières (Québec) G9A 5H3",
            "subject": "Contestation du compte de taxes 2026",
            "salutation": "Madame, Monsieur,",
            "closing": "Je vous prie d'agréer, Madame, Monsieur, mes salutations distinguées.",
            "signatory": "Pierre Lavoie",
        },
        SANS,
    ),
    Letter(
        "block",
        (
            At(1, 0.7, "Northfield Hydro Ltd.", 16, BOLD),
            At(1, 1.05, "200 King Street West, Suite 900\nToronto, Ontario  M5H 3T4", 9.5),
            At(1, 1.8, "November 24, 2026"),
            At(
                1,
                2.3,
                "Ms. Karen Doyle\nManager, Facilities\nLakeshore School Board\n"
                "77 Elm Avenue\nOakville, ON  L6J 2X1",
            ),
            At(1, 3.6, "Our file: NH-88213\nYour reference: PO 5521"),
            At(1, 4.15, "Re: Renewal of service agreement", face=BOLD),
            At(1, 4.6, "Dear Ms. Doyle:"),
            At(1, 5.0, BODY_EN),
            At(1, 6.8, "Yours truly,"),
            At(1, 7.6, "Alan Whitmore\nDirector, Customer Accounts"),
            At(1, 8.3, "Encl. Draft agreement\nc.c. Legal Department"),
        ),
        {
            "sender": "Northfield Hydro Ltd.",
            "sender_address": "200 King Street West, Suite 900 Toronto, Ontario M5H 3T4",
            "date": "2026-11-24",
            "recipient": "Ms. Karen Doyle Manager, Facilities Lakeshore School Board",
            "recipient_address": "77 Elm Avenue Oakville, ON L6J 2X1",
            "our_reference": "NH-88213",
            "your_reference": "PO 5521",
            "subject": "Renewal of service agreement",
            "salutation": "Dear Ms. Doyle:",
            "closing": "Yours truly,",
            "signatory": "Alan Whitmore",
            "signatory_title": "Director, Customer Accounts",
            "enclosures": "Draft agreement",
            "copies": "Legal Department",
        },
    ),
    Letter(
        "deux-colonnes",
        (
            At(
                0.9,
                0.7,
                "Coopérative d'habitation du Parc\n"
                "450, boulevard Saint-Joseph\nGatineau (Québec)  J8Y 3Z9\n"
                "Tél. : 819 555-0102",
                10,
                SANS,
            ),
            At(
                5.0,
                0.7,
                "Gatineau, le 1er décembre 2026\n\nN/Réf. : CH-310\nDossier no : 88-104",
                10,
                SANS,
            ),
            At(
                5.0,
                2.0,
                "Monsieur Étienne Roy\n"
                "450, boulevard Saint-Joseph, app. 12\nGatineau (Québec)  J8Y 3Z9",
                10,
                SANS,
            ),
            At(0.9, 3.1, "OBJET :   Renouvellement du bail", 10, BOLD),
            At(0.9, 3.6, "Cher Monsieur,", 10, SANS),
            At(0.9, 4.0, BODY_FR, 10, SANS),
            At(0.9, 5.8, "Recevez, cher Monsieur, nos salutations les meilleures.", 10, SANS),
            At(4.6, 6.6, "Sylvie Fortin\nGestionnaire", 10, SANS),
            At(0.9, 7.6, "p. j. (2)", 10, SANS),
        ),
        {
            "sender": "Coopérative d'habitation du Parc",
            "sender_address": "450, boulevard Saint-Joseph Gatineau (Québec) J8Y 3Z9",
            "place": "Gatineau",
            "date": "2026-12-01",
            "recipient": "Monsieur Étienne Roy",
            "recipient_address": "450, boulevard Saint-Joseph, app. 12 Gatineau (Québec) J8Y 3Z9",
            "our_reference": "CH-310",
            "file": "88-104",
            "subject": "Renouvellement du bail",
            "salutation": "Cher Monsieur,",
            "closing": "Recevez, cher Monsieur, nos salutations les meilleures.",
            "signatory": "Sylvie Fortin",
            "signatory_title": "Gestionnaire",
            "enclosures": "(2)",
        },
    ),
    Letter(
        "courriel",
        (
            At(0.8, 0.6, "Bélanger, Julie", 13, BOLD),
            At(0.8, 1.0, "De :\nEnvoyé :\nÀ :\nCc :\nObjet :", 10.5, BOLD),
            At(
                2.2,
                1.0,
                "Roy, Marie <marie.roy@ville.example>\n24 novembre 2026 15:42\nBélanger, Julie\n"
                "Tremblay, Luc\nRE: Accès au bâtiment B",
                10.5,
                SANS,
            ),
            At(0.8, 2.4, "Bonjour Julie,", 10.5, SANS),
            At(0.8, 2.8, BODY_FR, 10.5, SANS),
            At(0.8, 4.5, "Cordialement,", 10.5, SANS),
            At(0.8, 4.9, "Marie Roy\nTechnicienne en bâtiment\nVille de Saint-Aubin", 10.5, SANS),
            At(
                0.8,
                5.8,
                "De : Bélanger, Julie\nEnvoyé : 23 novembre 2026 09:12\nÀ : Roy, Marie\n"
                "Objet : Accès au bâtiment B",
                10.5,
                SANS,
            ),
            At(0.8, 6.9, "Bonjour, est-ce que je peux passer demain?", 10.5, SANS),
        ),
        {
            "sender": "Roy, Marie <marie.roy@ville.example>",
            "date": "2026-11-24",
            "recipient": "Bélanger, Julie",
            "subject": "RE: Accès au bâtiment B",
            "salutation": "Bonjour Julie,",
            "closing": "Cordialement,",
            "signatory": "Marie Roy",
            "signatory_title": "Technicienne en bâtiment",
            "copies": "Tremblay, Luc",
        },
        lines=((0.8, 0.9, 7.7, 0.9),),
    ),
    Letter(
        "note",
        (
            At(4.25, 0.7, "NOTE DE SERVICE", 15, BOLD, "m"),
            At(1, 1.4, "DESTINATAIRES :", 11, BOLD),
            At(2.9, 1.4, "Tous les employés des travaux publics", 11, SANS),
            At(1, 1.8, "EXPÉDITEUR :", 11, BOLD),
            At(2.9, 1.8, "Louise Caron, directrice générale", 11, SANS),
            At(1, 2.2, "DATE :", 11, BOLD),
            At(2.9, 2.2, "Le 5 janvier 2026", 11, SANS),
            At(1, 2.6, "OBJET :", 11, BOLD),
            At(2.9, 2.6, "Horaire d'hiver", 11, SANS),
            At(1, 3.3, BODY_FR, 11, SANS),
        ),
        {
            "sender": "Louise Caron, directrice générale",
            "date": "2026-01-05",
            "recipient": "Tous les employés des travaux publics",
            "subject": "Horaire d'hiver",
        },
        lines=((1, 3.1, 7.5, 3.1),),
    ),
    Letter(
        "footer",
        (
            At(7.5, 0.6, "Harbour Insurance Company", 17, SERIF, "r"),
            At(1.2, 1.5, "24 November 2026"),
            At(1.2, 2.0, "Mr. Thomas Reid\n19 Water Street\nHalifax NS  B3J 1A1"),
            At(1.2, 2.9, "Our ref.: CL/2026/7781          Your file: 44-A"),
            At(1.2, 3.4, "Subject: Claim for water damage"),
            At(1.2, 3.9, "Dear Mr. Reid,"),
            At(1.2, 4.3, BODY_EN),
            At(1.2, 6.0, "Sincerely,"),
            At(1.2, 6.8, "Priya Nair\nClaims Adjuster"),
            At(1.2, 7.5, "Enclosures: Claim form, prepaid envelope"),
            At(
                4.25,
                10.3,
                "5151 Terminal Road, Halifax, Nova Scotia B3J 1A1   Tel. 902-555-0110",
                8,
                SANS,
                "m",
            ),
        ),
        {
            "sender": "Harbour Insurance Company",
            "sender_address": "5151 Terminal Road, Halifax, Nova Scotia B3J 1A1",
            "date": "2026-11-24",
            "recipient": "Mr. Thomas Reid",
            "recipient_address": "19 Water Street Halifax NS B3J 1A1",
            "our_reference": "CL/2026/7781",
            "your_reference": "44-A",
            "subject": "Claim for water damage",
            "salutation": "Dear Mr. Reid,",
            "closing": "Sincerely,",
            "signatory": "Priya Nair",
            "signatory_title": "Claims Adjuster",
            "enclosures": "Claim form, prepaid envelope",
        },
        lines=((1, 10.2, 7.5, 10.2),),
    ),
    Letter(
        "mail",
        (
            At(
                0.8,
                0.7,
                "From: Karen Doyle <kdoyle@lsb.example>\nSent: Tuesday, November 24, 2026 3:42 PM\n"
                "To: Alan Whitmore <awhitmore@nh.example>\nSubject: Meter readings for October\n"
                "Attachments: readings.xlsx",
            ),
            At(0.8, 2.2, "Hi Alan,"),
            At(0.8, 2.6, BODY_EN),
            At(0.8, 4.2, "Best regards,"),
            At(
                0.8,
                4.6,
                "Karen Doyle\nManager, Facilities\nLakeshore School Board\n"
                "77 Elm Avenue, Oakville, ON L6J 2X1",
            ),
        ),
        {
            "sender": "Karen Doyle <kdoyle@lsb.example>",
            "sender_address": "77 Elm Avenue, Oakville, ON L6J 2X1",
            "date": "2026-11-24",
            "recipient": "Alan Whitmore <awhitmore@nh.example>",
            "subject": "Meter readings for October",
            "salutation": "Hi Alan,",
            "closing": "Best regards,",
            "signatory": "Karen Doyle",
            "signatory_title": "Manager, Facilities",
            "enclosures": "readings.xlsx",
        },
        DEJAVU,
    ),
)
