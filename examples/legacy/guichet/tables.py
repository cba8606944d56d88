"""Code tables, as such applications keep them."""

import unicodedata

SERVICES = {
    "01": "Ressources humaines",
    "02": "Finances",
    "03": "Greffe",
    "04": "Travaux publics",
}
REASONS = {
    "VA": "Vacances",
    "MA": "Maladie",
    "OF": "Obligations familiales",
    "FO": "Formation",
}
PROVINCES = {
    "AB": "Alberta",
    "BC": "Colombie-Britannique",
    "MB": "Manitoba",
    "NB": "Nouveau-Brunswick",
    "NL": "Terre-Neuve-et-Labrador",
    "NS": "Nouvelle-Écosse",
    "ON": "Ontario",
    "PE": "Île-du-Prince-Édouard",
    "QC": "Québec",
    "SK": "Saskatchewan",
}
REGIONS = {
    "AB": ("Calgary", "Edmonton"),
    "BC": ("Fraser", "Île de Vancouver"),
    "MB": ("Entre-les-Lacs", "Winnipeg"),
    "NB": ("Acadie-Bathurst", "Fundy"),
    "NL": ("Avalon", "Labrador"),
    "NS": ("Cap-Breton", "Halifax"),
    "ON": ("Centre", "Est", "Nord", "Ouest"),
    "PE": ("Kings", "Prince", "Queens"),
    "QC": (
        "Abitibi-Témiscamingue", "Bas-Saint-Laurent", "Capitale-Nationale", "Centre-du-Québec",
        "Chaudière-Appalaches", "Côte-Nord", "Estrie", "Gaspésie--Îles-de-la-Madeleine",
        "Lanaudière", "Laurentides", "Laval", "Mauricie", "Montérégie", "Montréal",
        "Nord-du-Québec", "Outaouais", "Saguenay--Lac-Saint-Jean",
    ),
    "SK": ("Regina", "Saskatoon"),
}  # fmt: skip
CHANNELS = {"C": "Courrier", "T": "Téléphone", "G": "Comptoir"}
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
YEARS = range(1915, 2041)

_NAMES = """
Alma; Amos; Amqui; Baie-Comeau; Baie-Saint-Paul; Beaconsfield; Beauharnois; Bécancour; Beloeil;
Blainville; Boisbriand; Bonaventure; Boucherville; Brossard; Candiac; Chambly; Chandler;
Châteauguay; Chibougamau; Coaticook; Cowansville; Deux-Montagnes; Dolbeau-Mistassini; Donnacona;
Drummondville; Dorval; Farnham; Fermont; Gaspé; Gatineau; Granby; Joliette; Kirkland; La
Malbaie; La Pocatière; La Prairie; La Sarre; La Tuque; Lac-Mégantic; Lachute; Laval;
L'Ancienne-Lorette; L'Assomption; Lévis; Longueuil; Louiseville; Magog; Maniwaki; Mascouche;
Matane; Mirabel; Mont-Joli; Mont-Laurier; Mont-Royal; Mont-Saint-Hilaire; Mont-Tremblant;
Montmagny; Montréal; New Richmond; Nicolet; Pointe-Claire; Pont-Rouge; Port-Cartier; Prévost;
Québec; Rawdon; Repentigny; Rimouski; Rivière-du-Loup; Roberval; Rosemère; Rouyn-Noranda;
Saguenay; Saint-Augustin-de-Desmaures; Saint-Basile-le-Grand; Saint-Bruno-de-Montarville;
Saint-Constant; Saint-Eustache; Saint-Félicien; Saint-Georges; Saint-Hyacinthe;
Saint-Jean-sur-Richelieu; Saint-Jérôme; Saint-Lambert; Saint-Lin-Laurentides; Saint-Raymond;
Saint-Sauveur; Sainte-Adèle; Sainte-Agathe-des-Monts; Sainte-Anne-des-Monts; Sainte-Catherine;
Sainte-Julie; Sainte-Marie; Sainte-Thérèse; Salaberry-de-Valleyfield; Sept-Îles; Shawinigan;
Sherbrooke; Sorel-Tracy; Terrebonne; Thetford Mines; Trois-Pistoles; Trois-Rivières; Val-d'Or;
Varennes; Vaudreuil-Dorion; Victoriaville; Westmount; Windsor
"""
MUNICIPALITIES = {
    f"{10_000 + 35 * rank}": " ".join(name.split())
    for rank, name in enumerate(_NAMES.split(";"), start=1)
}
"""Codes of the example's own, not those of the Répertoire des municipalités."""


def municipalities(part: str) -> dict[str, str]:
    """Return the municipalities whose name contains ``part``, whatever its accents and case."""
    wanted = _folded(part)
    return {code: name for code, name in MUNICIPALITIES.items() if wanted in _folded(name)}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode().casefold()
