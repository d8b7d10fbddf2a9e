"""A hand-made stock of twelve dwellings, every figure counted by hand from the table below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ozoir.catalogue.loading import load_catalogue
from ozoir.catalogue.model import Source
from ozoir.catalogue.toml_reading import build
from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import Finding
from ozoir.ingestion.dwelling_columns import DwellingColumns, parse_day
from ozoir.ingestion.dwellings import AGGREGATES, build_aggregates, extract_dwellings, find_withheld
from ozoir.ingestion.facts import encode_columns, make_frame
from ozoir.ingestion.grids import Grid
from ozoir.ingestion.layouts import build_layouts
from ozoir.ingestion.recognition import recognise
from ozoir.ingestion.sheets import Job
from ozoir.ingestion.vintages import Period

HERE = Path(__file__)
DAY = date(2020, 12, 31)

HEADER = ["IDENT_INT", "RESIDENCE", "DEPCOM", "QPV", "NBPIECE", "SURFHAB", "MODE", "BAIL", "DATE_DEP_DERLOCAT"]
HEADER += ["LOYERPRINC", "NB_OCCUPANTS", "IMPAYES_MONTANT", "IMPAYES_MOIS", "COMMENTAIRE", "DPEENERGIE", "PMR"]
ROWS = [
    # id, résidence, commune, QPV, rooms, area, mode, lease, departure, rent,
    # occupants, arrears, months, free text, energy label, accessible
    ["A1", "R1", "77350", 1.0, 3.0, 60.0, "1", "03/2015", "", 400.0, 3.0, 0.0, 0.0, "", "D", 1.0],
    ["A2", "R1", "77350", 1.0, 3.0, 62.0, "1", "15/06/2020", "", "420,50", 5.0, 900.0, 2.0, "", "E", 2.0],
    ["A3", "R1", "77350", 1.0, 4.0, 80.0, "1", date(2020, 1, 1), "", 500.0, 1.0, 2000.0, 4.0, "dette", "G", 2.0],
    ["A4", "R1", "77350", "1", "T2", 45.0, 1.0, datetime(2019, 12, 31), "", 9999.0, 2.0, "NC", "NC", "", "NC", 2.0],
    ["A5", "R2", "77350", "oui", 2.0, 44.0, "2", "", "09/2020", 0.0, "NA", "", "", "", "d", "oui"],
    ["A6", "R2", "77350", 1.0, 1.0, 30.0, "2", "", "15/12/2020", "", "", "", "", "", "", ""],
    ["A7", "R2", "77350", 1.0, 5.0, 95.0, "3", "", "01/2018", "", "", "", "", "", "F", "2"],
    ["A8", "R2", "77350", 1.0, 3.0, 999.0, "4", "", "", "", 999.0, "", "", "", "C", "2"],
    ["B1", "R3", "77350", 2.0, 3.0, 61.0, "1", "02/2012", "", "1.1144e+003", 4.0, 0.0, "0", "", "F", 2.0],
    ["B2", "R3", "77350", "non", 6.0, 110.0, "1", "11/2020", "", 700.0, 4.0, 150.0, 1.0, "", "A", 1.0],
    ["B3", "R3", "77350", 2.0, 3.0, 63.0, "9", "", "", "", "", "", "", "", "A", 1.0],
    ["C1", "R9", "77131", 2.0, 3.0, 63.0, "1", "02/2020", "", 500.0, 3.0, 0.0, 0.0, "", "A", 1.0],
]

COLUMNS = {
    "identifiant": ["IDENT_INT"],
    "commune": ["DEPCOM"],
    "etat": ["MODE", "STATUT"],
    "pieces": ["NBPIECE", "TYPOLOGIE"],
    "surface": ["SURFHAB"],
    "entree": ["BAIL", "DATE_ENTREE"],
    "depart": ["DATE_DEP_DERLOCAT", "DATE_VACANCE"],
    "loyer": ["LOYERPRINC"],
    "occupants": ["NB_OCCUPANTS"],
    "impayes": ["IMPAYES_MONTANT"],
    "mois_impayes": ["IMPAYES_MOIS"],
    "dpe": ["DPEENERGIE"],
    "accessible": ["PMR"],
}


STATES = {"1": "loue", "2": "vacant", "3": "vide", "4": "association", "5": "occupe", "9": "sorti"}


def a_layout(**changes) -> dict:
    table = {
        "nom": "Logements",
        "forme": "logements",
        "signature": ["QPV", "MODE"],
        "territoire": {
            "regle": "colonne",
            "colonnes": ["QPV"],
            "valeurs": {"1": "quartier", "oui": "quartier", "2": "commune", "non": "commune"},
        },
        "blocs": [
            {
                "nom": "Parc",
                "source": "bailleur",
                "millesime": {"regle": "fichier"},
                "colonnes": {name: name for name in AGGREGATES},
            }
        ],
        "dimensions": [
            {
                "colonne": "NBPIECE",
                "dimension": "typologie",
                "valeurs": {"1": "t1", "2": "t2", "3": "t3", "4": "t4", "5": "t5_plus", "6": "t5_plus"},
            }
        ],
        "logements": {
            "colonnes": COLUMNS,
            "codes": {
                "etat": {**STATES, "occupé": "loue", "vacant": "vacant"},
                "dpe": {letter: letter for letter in "ABCDEFG"},
                "accessible": {"1": "oui", "oui": "oui", "2": "non"},
            },
            "pieces": {"T2": 2, "Studio": 1},
            "inconnus": {
                "toutes": ["NA", "NC"],
                "loyer": ["0", "9999"],
                "surface": ["999"],
                "occupants": ["0", "999"],
            },
            "pieces_normales": [1, 2, 3, 4, 4, 5],
        },
    }
    return {**table, **changes}


def a_source(seuil: int, layout: dict) -> Source:
    words = dict.fromkeys(("titre", "producteur", "partenaire", "licence", "frequence"), "x")
    return build(Source, {"id": "b", "locale": True, "protegee": False, "seuil": seuil, "tableaux": [layout], **words}, HERE)


@dataclass(frozen=True)
class Extraction:
    faits: pd.DataFrame
    findings: list[Finding]
    lecture: dict[str, int]


def read(rows=ROWS, header=HEADER, layout=None, seuil=2, day=DAY) -> Extraction:
    """The table in a sheet « Parc », its header in row 6, read by the engine's own parts."""
    width = max(len(row) for row in (header, *rows))
    lines = [[*row, *[""] * (width - len(row))] for row in (*[[]] * 5, header, *rows)]
    source = a_source(seuil, layout or a_layout())
    sheet = recognise(Grid("Parc", lines), build_layouts([source]))
    job = Job(load_catalogue(), source, {})
    extract_dwellings(job, sheet, Period("2020", (day,)))
    assert job.is_row_level
    return Extraction(make_frame(encode_columns(job.builder.build())), job.findings, job.lecture["Parc"])


def value(facts, mesure: str, territoire: str = "QP077018", detail: str = "") -> float:
    found = facts[(facts.mesure == mesure) & (facts.territoire == territoire) & (facts.detail == detail)]
    assert len(found) == 1
    return float(found.iloc[0].valeur)


@pytest.fixture(scope="module")
def stock():
    result = read()
    assert not [finding for finding in result.findings if finding.gravite == "bloquant"]
    return result


@pytest.mark.parametrize(
    ("mesure", "quartier", "commune"),
    [
        ("logements", 8, 10),  # B3 is sold, C1 lies in another commune
        ("loues", 4, 6),
        ("occupes", 5, 7),  # with A8, let to an association
        ("proposes", 6, 8),
        ("vacants", 2, 2),
        ("vides", 1, 1),
        ("vacants_longue_duree", 1, 1),  # A5 since 09/2020; A6 for 16 days; A7 is not proposed
        ("emmenagements", 2, 3),  # A2, A3 on 1 January, B2; A4 moved in the day before
        ("departs", 2, 2),  # A5, A6
        ("accessibles", 2, 3),
        ("dpe_connus", 6, 8),
        ("energivores", 3, 4),  # A2, A3, A7; B1
        ("surfaces_louees", 202, 373),  # 60 + 62 + 80; 61 + 110 beyond
        ("loyers_connus", 3, 5),  # A4 says 9999
        ("loyers", 1320.5, 1320.5 + 1114.4 + 700),
        ("loyer_moyen", 1320.5 / 3, 3134.9 / 5),
        ("loyer_m2", 1320.5 / 202, 3134.9 / 373),
        ("occupants", 11, 19),
        ("occupation_connue", 4, 6),
        ("suroccupes", 1, 2),  # A2: 3 rooms for 5, 4 wanted; B1: 3 rooms for 4
        ("suroccupes_lourds", 0, 0),
        ("sousoccupes", 1, 2),  # A3: 4 rooms for 1; B2: 6 rooms for 4
        ("sousoccupes_lourds", 1, 2),
        ("impayes_connus", 3, 5),
        ("menages_impayes", 2, 3),
        ("impayes", 2900, 3050),
        ("menages_impayes_longs", 1, 1),
    ],
)
def test_every_aggregate_equals_the_count_by_hand(stock, mesure, quartier, commune):
    assert value(stock.faits, mesure) == pytest.approx(quartier)
    # the rest of the commune has one household in arrears: with a threshold of 2 the commune's amount is withheld
    if mesure == "impayes":
        assert np.isnan(value(stock.faits, mesure, "77350"))
    else:
        assert value(stock.faits, mesure, "77350") == pytest.approx(commune)


def test_typologies_are_counted_and_add_up(stock):
    by_rooms = {
        rooms: value(stock.faits, "logements", detail=f"typologie:{rooms}") for rooms in ("t1", "t2", "t3", "t4", "t5_plus")
    }
    assert by_rooms == {"t1": 1, "t2": 2, "t3": 3, "t4": 1, "t5_plus": 1}
    assert value(stock.faits, "logements", "77350", "typologie:t5_plus") == 2


def test_a_fact_points_to_the_column_it_comes_from(stock):
    fact = stock.faits[stock.faits.mesure == "loyers"].iloc[0]
    assert (fact.feuille, fact.ligne, fact.colonne, fact.entete) == ("Parc", 6, 10, "LOYERPRINC")
    assert (fact.zonage, fact.date_reference.date(), fact.source, fact.edition) == ("QP2015", DAY, "bailleur", "2020")


def test_no_cell_of_a_row_is_ever_returned(stock):
    returned = stock.faits.to_csv() + repr(stock.findings) + repr(stock.lecture)
    for word in ("A1", "A3", "dette", "R1"):
        assert word not in returned


def test_reading_tells_what_was_left_out(stock):
    assert stock.lecture == {"lignes": 12, "lignes_ignorees": 0, "logements": 10, "logements_ecartes": 2}
    texts = " ".join(finding.message for finding in stock.findings)
    assert "Hors de la commune 77350\u00a0: 1\u00a0logement," in texts
    assert "Hors du patrimoine à la date (vente, démolition)\u00a0: 1\u00a0logement," in texts


def test_unknown_values_are_said_with_their_share(stock):
    texts = [finding.message for finding in stock.findings if "LOYERPRINC" in finding.message]
    assert texts == [
        "Valeur attendue et absente\u00a0: 1\u00a0logement (16,7\u202f%) sans «\u00a0LOYERPRINC\u00a0», "
        "absents des chiffres qui en viennent."
    ]


def test_an_amount_of_few_households_is_withheld():
    facts = read(seuil=5).faits
    # three rents known in the quartier: one T4 and two T3; the other modalities have none, a plain zero
    is_borne = facts.detail.isin(["", "typologie:t3", "typologie:t4"])
    withheld = facts[(facts.mesure == "loyers") & (facts.territoire == "QP077018") & is_borne]
    assert len(withheld) == 3
    assert set(withheld.statut) == {"non_diffuse"} and withheld.valeur.isna().all()
    assert value(facts, "loyers_connus") == 3


def test_a_modality_found_by_difference_is_withheld_too():
    # T1 has 2 dwellings, T2 4, T3 10: with a threshold of 5, hiding T1 and T2 (6 dwellings) is enough
    dwellings = np.array([[2, 4, 10], [0, 0, 0]])
    assert find_withheld(dwellings, 5)[0].tolist() == [True, True, False]
    # T1 alone is small: T2, the smallest other, joins it
    assert find_withheld(np.array([[2, 7, 10], [0, 0, 0]]), 5)[0].tolist() == [True, True, False]
    assert not find_withheld(np.array([[5, 7, 10], [0, 0, 0]]), 5).any()
    # small outside the quartier only: both hide, since the commune minus the quartier is the rest
    assert find_withheld(np.array([[20, 20, 20], [3, 20, 20]]), 5).tolist() == [[True, True, False]] * 2


def test_a_file_of_the_quartier_alone_gives_no_figure_for_the_commune():
    result = read([row for row in ROWS if row[0].startswith("A")])
    assert set(result.faits.territoire) == {"QP077018"}
    assert any("aucun chiffre n’est produit pour la commune" in finding.message for finding in result.findings)


def test_the_quartier_takes_its_code_of_the_day():
    assert "QN07718M" in set(read(day=date(2024, 12, 31)).faits.territoire)


def changed(row: int, column: str, cell) -> list[list]:
    rows = [list(cells) for cells in ROWS]
    rows[row][HEADER.index(column)] = cell
    return rows


@pytest.mark.parametrize(
    ("column", "cell", "place", "said"),
    [
        ("MODE", "7", "G9", "mode d’occupation absent ou inconnu"),
        ("MODE", "", "G9", "mode d’occupation absent ou inconnu"),
        ("QPV", "peut-être", "D9", "on ne sait pas si ce logement est dans le quartier"),
        ("LOYERPRINC", "45O", "J9", "un nombre est attendu"),
        ("LOYERPRINC", -12.0, "J9", "un nombre négatif est impossible"),
        ("BAIL", "31/02/2020", "H9", "une date (JJ/MM/AAAA ou MM/AAAA) est attendue"),
        ("DPEENERGIE", "H", "O9", "code inconnu"),
        ("IDENT_INT", "A1", "A9", "déjà décrit plus haut"),
    ],
)
def test_a_cell_not_understood_blocks_and_is_named_without_its_content(column, cell, place, said):
    result = read(changed(2, column, cell))
    blocking = [finding for finding in result.findings if finding.gravite == "bloquant"]
    assert [finding.cellule for finding in blocking] == [place]
    assert said in blocking[0].message and blocking[0].valeur == ""
    assert result.faits.empty


def test_many_wrong_cells_are_one_finding():
    rows = [[*row[:9], "beaucoup", *row[10:]] for row in ROWS]
    blocking = [finding for finding in read(rows).findings if finding.gravite == "bloquant"]
    assert [finding.cellule for finding in blocking] == ["J7, J8, J9, J10, J11 et 5 autres"]


def test_a_missing_rent_column_leaves_the_other_figures_and_is_said():
    header = ["AUTRE" if name == "LOYERPRINC" else name for name in HEADER]
    result = read(header=header)
    assert value(result.faits, "vacants") == 2
    assert "loyers" not in set(result.faits.mesure)
    assert any("loyer_moyen" in finding.message for finding in result.findings)


def test_no_dwelling_in_the_quartier_blocks():
    rows = [[*row[:3], "2", *row[4:]] for row in ROWS]
    assert any("Aucun logement n’est dans le quartier" in finding.message for finding in read(rows).findings)


def test_notes_and_totals_under_the_table_are_left_out():
    rows = [*ROWS, ["", "", "", "", "", "", "", "", "", "", "", "", "", ""], ["Total", "", "", "", "", 999.0]]
    result = read(rows)
    assert value(result.faits, "logements") == 8
    assert result.lecture["lignes_ignorees"] == 2


def test_headers_of_older_files_are_known():
    header = [{"NBPIECE": "Typologie", "MODE": "Statut"}.get(name, name) for name in HEADER]
    layout = a_layout(signature=["QPV", "LOYERPRINC"])
    states = {"1": "Occupé", 1.0: "Occupé", "2": "VACANT"}
    rows = [[*row[:6], states[row[6]], *row[7:]] for row in ROWS if row[6] in states]
    assert value(read(rows, header, layout).faits, "occupes") == 4


def test_an_unknown_aggregate_is_an_error_with_the_nearest_name():
    bloc = {"nom": "Parc", "source": "b", "millesime": {"regle": "fichier"}, "colonnes": {"vaccants": "x"}}
    with pytest.raises(OzoirError, match="vacants"):
        read(layout=a_layout(blocs=[bloc]))


def test_the_names_of_the_aggregates_are_those_built():
    numbers = {role: np.ones(1) for role in ("pieces", "occupants", "loyer", "surface", "impayes", "mois_impayes")}
    numbers |= {role: np.array(["A"], object) for role in ("dpe", "accessible")}
    days = {role: np.array(["2020-01-01"], "datetime64[D]") for role in ("entree", "depart")}
    columns = DwellingColumns(np.zeros(1, int), np.array(["loue"], object), {**numbers, **days})
    rules = a_source(2, a_layout()).tableaux[0].logements
    assert sorted(build_aggregates(columns, rules, DAY)) == sorted(AGGREGATES)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("09/2020", date(2020, 9, 1)),
        ("15/12/2020", date(2020, 12, 15)),
        ("2020-12-15 00:00:00", date(2020, 12, 15)),
        ("13/2020", None),
        ("2020", None),
    ],
)
def test_days_are_read_in_the_spellings_of_landlords(text, day):
    assert parse_day(text) == day


def test_a_hundred_thousand_dwellings_are_counted_without_a_loop_by_row():
    rows = [[f"L{rank}", *ROWS[rank % 10][1:], *[""] * 16] for rank in range(100_000)]
    result = read(rows, [*HEADER, *[f"X{rank}" for rank in range(16)]])
    assert value(result.faits, "logements") == 80_000
    assert value(result.faits, "loyers", "77350") == pytest.approx(10_000 * 3134.9)
