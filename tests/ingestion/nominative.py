"""Twenty files about persons, invented, and thirty tables of totals which look a little like them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import openpyxl
from openpyxl.comments import Comment

from tests.ingestion.samples import demo_cells
from tests.ingestion.test_personal_data import NUMBERS

SECRET = "Zorglubette"  # an invented surname: what must not be found again anywhere
NAMES = [f"{SECRET} Fatima", f"{SECRET} Julien", "Petitpas Marie", "Grandjean Mohamed", "Vertbois Camille", "Rougemont Lucas"]
BIRTHS = ["12/03/1987", "25/11/1999", "08/07/1964", "17/01/2001", "03/09/1978", "22/05/1992"]
PHONES = ["06 12 34 56 78", "07 98 76 54 32", "06 11 22 33 44", "06 55 44 33 22", "07 10 20 30 40", "06 99 88 77 66"]
STREETS = [
    "12 rue des Lilas",
    "3 bis avenue du Parc",
    "45 allée des Tilleuls",
    "7 place du Marché",
    "18 rue des Acacias",
    "9 impasse des Prés",
]
Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class File:
    """name: what it is; fichier: the name it is received under."""

    nom: str
    fichier: str
    contenu: bytes


def text(rows: Rows, separator: str = ";") -> bytes:
    return "\r\n".join(separator.join("" if cell is None else str(cell) for cell in row) for row in rows).encode("utf-8-sig")


def workbook(sheets: dict[str, Rows], change: Callable | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def columns(*cells: Sequence[object]) -> list[list[object]]:
    return [list(row) for row in zip(*cells, strict=True)]


def hide(name: str, state: str = "hidden") -> Callable:
    def change(book) -> None:
        book[name].sheet_state = state

    return change


def comment(*texts: str) -> Callable:
    def change(book) -> None:
        for line, said in enumerate(texts, 2):
            book.worksheets[0].cell(line, 2).comment = Comment(said, "agent")

    return change


def with_part(content: bytes, name: str, xml: str) -> bytes:
    """The same workbook with one more part."""
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, source.read(part))
        target.writestr(name, xml)
    return stream.getvalue()


def pivot_cache(values: Sequence[str]) -> str:
    items = "".join(f'<s v="{value}"/>' for value in values)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<cacheFields count="1"><cacheField name="Libellé" numFmtId="0"><sharedItems>{items}</sharedItems></cacheField></cacheFields>'
        "</pivotCacheDefinition>"
    )


def linked_values(values: Sequence[str]) -> str:
    cells = "".join(
        f'<row r="{line}"><cell r="A{line}" t="str"><v>{value}</v></cell></row>' for line, value in enumerate(values, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<externalBook><sheetDataSet><sheetData sheetId="0">{cells}</sheetData></sheetDataSet></externalBook></externalLink>'
    )


def nominative_files() -> list[File]:
    """Twenty, all to be refused."""
    counted = {"QP": demo_cells()}
    ages = [23, 31, 58, 19, 45, 30]
    initials = ["F. Z.", "J. Z.", "M. P.", "M. G.", "C. V.", "L. R."]
    capitals = ["FZ", "JZ", "MP", "MG", "CV", "LR"]
    numbers = ["1234567A", "2345678B", "3456789C", "4567891D", "5678912E", "6789123F"]
    return [
        File(
            "liste d’allocataires",
            "caf.csv",
            text(
                [
                    ["Nom", "Prénom", "Date de naissance"],
                    *columns([n.split()[0] for n in NAMES], [n.split()[1] for n in NAMES], BIRTHS),
                ]
            ),
        ),
        File("noms sans en-tête", "liste.csv", text(columns(NAMES, [1, 2, 3, 4, 5, 6]))),
        File(
            "prénoms et naissances sans en-tête", "liste.xlsx", workbook({"F": columns([n.split()[1] for n in NAMES], BIRTHS)})
        ),
        File(
            "initiales pointées et âge", "suivi.csv", text([["Jeune", "Âge", "Entrée"], *columns(initials, ages, ["CEJ"] * 6)])
        ),
        File("initiales sans points et âge", "suivi.xlsx", workbook({"F": [["Réf.", "Âge"], *columns(capitals, ages)]})),
        File("NIR sans en-tête", "paie.csv", text(columns(NUMBERS, [10, 20, 30]))),
        File(
            "NIR espacés",
            "nir.csv",
            text(
                [
                    ["Rang", "Code"],
                    *columns([1, 2, 3], [f"{n[0]} {n[1:3]} {n[3:5]} {n[5:7]} {n[7:10]} {n[10:13]} {n[13:]}" for n in NUMBERS]),
                ]
            ),
        ),
        File(
            "numéros de téléphone",
            "contacts.csv",
            text([["Libellé", "Joindre au"], *columns(["a", "b", "c", "d", "e", "f"], PHONES)]),
        ),
        File(
            "adresses électroniques",
            "mails.csv",
            text(
                [["Libellé", "Joindre"], *columns(["a", "b", "c"], [f"{n.split()[0].lower()}@exemple.fr" for n in NAMES[:3]])]
            ),
        ),
        File("adresses sans en-tête", "logements.csv", text(columns(STREETS, [2, 3, 4, 5, 1, 2]))),
        File(
            "identifiants de demandeurs d’emploi",
            "defm.csv",
            text([["Réf.", "Catégorie"], *columns(numbers, ["A", "B", "A", "C", "A", "A"])]),
        ),
        File(
            "numéros d’allocataires", "alloc.csv", text([["N° allocataire", "Montant"], ["1234567", "100"], ["2345678", "200"]])
        ),
        File("numéros i-Milo", "milo.csv", text([["Identifiant i-Milo", "Dispositif"], ["77123", "CEJ"], ["77124", "PACEA"]])),
        File(
            "feuille masquée",
            "DEMO_2021.xlsx",
            workbook({**counted, "src": [["Nom", "Prénom"], *columns(NAMES[:3], ["x", "y", "z"])]}, hide("src")),
        ),
        File(
            "feuille très masquée, sans en-tête",
            "DEMO_2021.xlsx",
            workbook({**counted, "src": columns(NAMES, BIRTHS)}, hide("src", "veryHidden")),
        ),
        File(
            "commentaires",
            "DEMO_2021.xlsx",
            workbook(counted, comment(f"Mme {SECRET}, née le 12/03/1987", "tél. 06 12 34 56 78")),
        ),
        File("commentaire avec un NIR", "DEMO_2021.xlsx", workbook(counted, comment(f"dossier {NUMBERS[0]}"))),
        File(
            "cache d’un tableau croisé",
            "DEMO_2021.xlsx",
            with_part(workbook(counted), "xl/pivotCache/pivotCacheDefinition1.xml", pivot_cache(NAMES)),
        ),
        File(
            "valeurs d’un classeur lié",
            "DEMO_2021.xlsx",
            with_part(workbook(counted), "xl/externalLinks/externalLink1.xml", linked_values(NAMES)),
        ),
        File(
            "sexe et âge, une ligne par personne",
            "suivis.xlsx",
            workbook(
                {"F": [["Sexe", "Âge", "Quartier"], *columns(["F", "H"] * 8, list(range(16, 32)), ["QPV", "hors QPV"] * 8)]}
            ),
        ),
    ]


def nameless_lists() -> list[File]:
    """Fourteen lists of persons without header, or with one that says nothing; all to be refused."""
    surnames = ["BENALI", "TRAORE", "DURAND", "NGUYEN", "FERREIRA", "DIALLO", "LEFEBVRE", "YILMAZ"]
    rare = ["ZAVATTERO", "OKPOKPO", "VERSTRAETE", "QUILLIEN", "BOUKHELIFA", "ARRIGHI", "TEKIN", "MBODJ"]
    given = ["Zoltan", "Ezinne", "Griet", "Erwan", "Lounes", "Battista", "Umut", "Penda"]
    ages = [23, 31, 58, 19, 45, 30, 62, 27]
    letters = ["ZK", "OE", "VG", "QE", "BL", "AB", "TU", "MP"]
    return [
        File("patronymes seuls", "liste.csv", text(columns(surnames))),
        File("patronymes seuls, classeur", "liste.xlsx", workbook({"Feuil1": columns(surnames)})),
        File(
            "patronymes en minuscules et un rang", "emargement.csv", text(columns(range(1, 9), [n.title() for n in surnames]))
        ),
        File("patronymes et un petit nombre", "menages.xlsx", workbook({"F": columns(surnames, [3, 1, 4, 2, 5, 1, 2, 6])})),
        File("patronymes sous un en-tête anodin", "liste.csv", text([["Dossier", "Mesure"], *columns(surnames, ["CEJ"] * 8)])),
        File("patronymes, civilité", "liste.csv", text(columns([f"Mme {n.title()}" for n in surnames], ["oui"] * 8))),
        File("patronymes rares et prénoms rares", "liste.xlsx", workbook({"F": columns(rare, given)})),
        File("patronymes rares et âges", "suivi.csv", text(columns(rare, ages))),
        File("patronymes rares et sexes", "suivi.csv", text(columns(rare, ["F", "M"] * 4))),
        File("NOM Prénom, rares", "liste.csv", text(columns([f"{n} {g}" for n, g in zip(rare, given, strict=True)]))),
        File(
            "NOM, Prénom et une date",
            "liste.csv",
            text(columns([f"{n}, {g}" for n, g in zip(rare, given, strict=True)], ["2021"] * 8)),
        ),
        File("initiales et âges sans en-tête", "suivi.csv", text(columns(letters, ages))),
        File(
            "initiales pointées et âges sans en-tête",
            "suivi.xlsx",
            workbook({"F": columns([f"{a[0]}. {a[1]}." for a in letters], ages)}),
        ),
        File("patronymes rares et naissances", "liste.csv", text(columns(rare, [*BIRTHS, *BIRTHS][:8]))),
    ]


def nameless_tables() -> list[File]:
    """Fourteen tables of totals without header, or of names which are places: none to be refused."""
    communes = ["ROISSY", "PONTAULT", "LESIGNY", "CHEVRY", "GRETZ", "TOURNAN", "FAVIERES", "FEROLLES"]
    counts = [5600, 14200, 7400, 3900, 8700, 9100, 1100, 3300]
    schools = [
        "Gérard Philipe",
        "Marie Curie",
        "Jean Moulin",
        "Louise Michel",
        "Anne Sylvestre",
        "Jacques Prévert",
        "Victor Hugo",
        "Jules Ferry",
    ]
    words = ["Femmes", "Hommes", "Ensemble", "Logements", "Allocataires", "Vacants", "Entrées", "Sorties"]
    codes = ["CODGEO", "LIBGEO", "POP", "MEN", "ACSSENF", "ACAVENF", "AMONO", "AISOLE"]
    texts = [
        "Code de la zone",
        "Nom de la zone",
        "Population",
        "Ménages",
        "Couples sans enfant",
        "Couples avec enfant",
        "Parents seuls",
        "Isolés",
    ]
    quartiers = ["Anne Frank", "Belle Croix", "Les Épinettes", "La Doutre", "Archevêché", "Notre-Dame", "Vieux Village", "Gare"]
    cases: list[tuple[str, Rows]] = [
        ("communes en capitales et effectifs", columns(communes, counts)),
        ("communes en capitales, seules", columns(communes)),
        ("communes et codes postaux", columns(communes, [77680, 77340, 77150, 77173, 77220, 77220, 77220, 77150])),
        ("quartiers et effectifs", columns(quartiers, counts)),
        ("écoles sous leur en-tête", [["École", "Élèves"], *columns(schools, counts)]),
        ("rues de résidences", [["Résidence", "Logements"], *columns([f"{n} rue de Verdun" for n in range(1, 9)], counts)]),
        ("résidences au nom de personnes", [["Résidence", "Logements"], *columns(schools, counts)]),
        ("libellés seuls", columns(words)),
        ("libellés et effectifs", columns(words, counts)),
        ("dictionnaire de variables", columns(codes, texts)),
        ("mois et effectifs", columns(["Janvier", "Février", "Mars", "Avril", "Mai", "Juin", "Juillet", "Août"], counts)),
        (
            "bailleurs et effectifs",
            columns(["OSICA", "DOMAXIS", "FSM", "TRIMOUX", "LOGIREP", "ICF", "ANTIN", "EFIDIS"], counts),
        ),
        ("âges et effectifs sans en-tête", columns(range(16, 24), [12, 14, 9, 8, 15, 11, 13, 10])),
        ("modalités et taux", columns(words, [51.8, 48.2, 100.0, 12.5, 30.1, 4.2, 8.8, 9.9])),
    ]
    return [
        File(name, f"table_{rank}.{'csv' if rank % 2 else 'xlsx'}", text(rows) if rank % 2 else workbook({"F": rows}))
        for rank, (name, rows) in enumerate(cases)
    ]


def aggregated_files() -> list[File]:
    """Thirty, none to be refused: places with people's names, contacts, words which also name persons."""
    two = ["QPV", "Commune"]
    months = [datetime(2020, month, 1) for month in range(1, 13)]
    ends = [date(2019, 3, 31), date(2019, 6, 30), date(2019, 9, 30), date(2019, 12, 31), date(2020, 3, 31)]
    schools = ["Gérard Philipe", "Marie Curie", "Jean Moulin", "Louise Michel", "Anne Sylvestre"]
    residences = ["Résidence Victor Hugo", "Résidence Jean Jaurès", "Résidence Émile Zola", "Résidence Louise Michel"]
    tables: list[tuple[str, Rows]] = [
        (
            "indicateur appelé Nom",
            [
                ["Nom", *two],
                ["Demandeurs d’emploi de longue durée", 90, 600],
                ["Foyers percevant le RSA", 71, 300],
                ["Jeunes de moins de 25 ans", 30, 200],
            ],
        ),
        (
            "nom de la résidence",
            [["Nom de la résidence", "Logements", "Vacants"], *columns(residences, [120, 80, 60, 40], [1, 2, 0, 1])],
        ),
        ("nom, des résidences", [["Nom", "Logements"], *columns(residences, [120, 80, 60, 40])]),
        (
            "résidences et leur adresse",
            [
                ["Résidence", "Adresse", "Logements"],
                *columns(["Les Lilas", "Le Parc", "Les Tilleuls", "Le Marché"], STREETS[:4], [12, 30, 45, 20]),
            ],
        ),
        (
            "rues dans le nom des résidences",
            [["Résidence", "Logements", "Vacants"], *columns(STREETS[:4], [12, 30, 45, 20], [0, 1, 2, 0])],
        ),
        (
            "écoles au nom de personnes",
            [["École", "Élèves", "Demi-pension"], *columns(schools, [200, 180, 220, 150, 140], [100, 90, 110, 80, 70])],
        ),
        ("collèges, établissement", [["Établissement", "Taux de réussite"], *columns(schools, [82.5, 79.1, 88.0, 90.2, 75.4])]),
        (
            "quartiers au nom de personnes",
            [["Quartier", "Population"], *columns([*schools, "Les Épinettes"], [2034, 1800, 1500, 1200, 1100, 900])],
        ),
        (
            "contact en pied de tableau",
            [
                ["Indicateur", *two],
                ["Foyers allocataires", 529, 3430],
                ["RSA", 71, 300],
                ["Contact", "Mme Durand", None],
                ["Téléphone", "01 64 00 00 00", None],
            ],
        ),
        (
            "contact en tête",
            [
                ["Service", "Observatoire", None],
                ["Téléphone", "01 64 00 00 00", None],
                ["Courriel", "statistiques@exemple.fr", None],
                ["Indicateur", *two],
                ["Foyers", 529, 3430],
            ],
        ),
        ("adresse du service en tête", [["Adresse", "12 rue de la Gare", None], ["Indicateur", *two], ["Foyers", 529, 3430]]),
        ("lieu de naissance comme catégorie", [["Lieu de naissance", *two], ["France", 1500, 17000], ["Étranger", 500, 3000]]),
        ("civilités comme catégories", [["Catégorie", "Effectif"], ["Femmes", 104], ["Hommes", 110]]),
        ("âges détaillés", [["Âge", "Femmes", "Hommes"], *columns(list(range(16, 30)), [5] * 14, [6] * 14)]),
        ("âges et sexe, effectifs", [["Sexe", "Âge", "Effectif"], *columns(["F", "H"] * 7, list(range(16, 30)), [8] * 14)]),
        ("dates de situation", [["Date", "Demandeurs d’emploi"], *columns(ends, [194, 198, 201, 205, 214])]),
        ("mois", [["Mois", "Entrées"], *columns(months, list(range(10, 22)))]),
        (
            "dates de construction des immeubles",
            [
                ["Résidence", "Mise en location", "Logements"],
                *columns(
                    residences, [date(1968, 5, 12), date(1972, 9, 3), date(1981, 2, 17), date(1995, 11, 8)], [120, 80, 60, 40]
                ),
            ],
        ),
        (
            "sigles de dispositifs",
            [["Dispositif", "Entrées"], *columns(["CEJ", "PEC", "CUI", "CIE", "IAE", "EPIDE"], [12, 7, 5, 3, 9, 2])],
        ),
        (
            "codes d’activité à deux lettres",
            [["Secteur", "Établissements"], *columns(["AZ", "BE", "FZ", "GI", "JZ", "MN"], [1, 12, 30, 45, 8, 22])],
        ),
        (
            "numéros SIREN",
            [
                ["Structure", "Siren", "Postes"],
                *columns(["A", "B", "C", "D"], [712345678, 623456789, 734567891, 645678912], [2, 3, 1, 1]),
            ],
        ),
        (
            "codes UAI des écoles",
            [
                ["UAI", "École", "Élèves"],
                *columns(["0771234A", "0772345B", "0773456C", "0774567D"], schools[:4], [200, 180, 220, 150]),
            ],
        ),
        (
            "structures et leur téléphone",
            [
                ["Structure", "Téléphone", "Places"],
                *columns(
                    ["Crèche des Lilas", "Maison de l’emploi", "Espace social", "PMI"],
                    ["01 64 00 00 01", "01 64 00 00 02", "01 64 00 00 03", "01 64 00 00 04"],
                    [20, 30, 12, 8],
                ),
            ],
        ),
        (
            "codes Insee et communes",
            [
                ["Code", "Commune", "Population"],
                *columns(["77350", "77018", "77083"], ["Saint-Martin", "Sainte-Marie", "Champs"], [20000, 9000, 24000]),
            ],
        ),
        (
            "noms des communes",
            [["Nom commune", "Foyers"], *columns(["Saint-Martin", "Roissy", "Pontault", "Lésigny"], [3430, 5600, 4000, 2100])],
        ),
        ("bailleurs", [["Bailleur", "Logements"], ["Habitat 77", 400], ["Marne et Chantereine", 200], ["Domaxis", 80]]),
        (
            "montants",
            [
                ["Prestation", "Montant total"],
                *columns(["APL", "RSA", "AAH", "Prime d’activité"], [612345678.0, 723456789.0, 634567891.0, 745678912.0]),
            ],
        ),
        (
            "observations courtes",
            [
                ["Indicateur", "Valeur", "Observations"],
                ["Foyers", 529, "provisoire, voir M. Dupont"],
                ["RSA", 71, ""],
                ["AAH", 42, "définitif"],
            ],
        ),
        (
            "nombre de locataires",
            [["Résidence", "Locataires", "Entrées"], *columns(["Les Lilas", "Le Parc"], [210, 95], [12, 4])],
        ),
        (
            "matrice famille et enfants",
            [
                ["Situation familiale", *two],
                ["Familles monoparentales", 140, 600],
                ["Couples avec enfants", 180, 1500],
                ["Personnes isolées", 150, 1200],
            ],
        ),
    ]
    return [
        File(name, f"tableau_{rank}.{'csv' if rank % 2 else 'xlsx'}", text(rows) if rank % 2 else workbook({"Feuille1": rows}))
        for rank, (name, rows) in enumerate(tables)
    ]
