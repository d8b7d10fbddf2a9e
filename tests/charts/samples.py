"""Results made by hand, with every status a figure may have: what charts and blocks are tried on."""

from __future__ import annotations

from datetime import date

from ozoir.catalogue.model import Cle, Indicateur, Rupture
from ozoir.indicators.results import (
    CONNU,
    MASQUE,
    SANS_OBJET,
    Comparateur,
    Figure,
    Point,
    Provenance,
    Result,
    Serie,
)

AREA = "Ensemble des QPV de Seine-et-Marne"
NOTHING = Figure(None, SANS_OBJET)
CELL = Provenance(1, "IPRO_2021.csv", "", "X512", "ABC", "2021")


def figure(value: float | None, unit: str = "%", decimals: int = 1, status: str = CONNU) -> Figure:
    if value is None:
        return Figure(None, status if status != CONNU else MASQUE, "Effectif trop faible.")
    return Figure(value, status, unite=unit, decimales=decimals, provenances=(CELL,))


def point(year: int, qpv: Figure, reste: Figure = NOTHING, area: Figure = NOTHING, segment: int = 0) -> Point:
    is_gap = qpv.is_shown and reste.is_shown and qpv.unite == "%"
    gap = Figure(qpv.valeur - reste.valeur, unite="points", decimales=1) if is_gap else NOTHING
    return Point(
        date_reference=date(year, 12, 31),
        periode=f"au 31/12/{year}",
        source="insee_pole_emploi",
        zonage="QP2015",
        segment=segment,
        qpv=qpv,
        reste=reste,
        commune=NOTHING,
        ecart=gap,
        rapport=NOTHING,
        part=NOTHING,
        sur_representation=NOTHING,
        a_rattraper=NOTHING,
        comparateur="reste" if reste.is_shown else "",
        comparateurs=(Comparateur(AREA, area, 30, 2),) if area.is_shown else (),
    )


def indicator(**more) -> Indicateur:
    values = {
        "id": "defm_femmes",
        "titre": "Part des femmes parmi les demandeurs d’emploi",
        "definition": "Femmes inscrites en catégories A, B ou C, pour 100 inscrits.",
        "unite": "%",
        "nature": "taux",
        "numerateur": "defm_abc; sexe=femmes",
        "denominateur": "defm_abc",
        "pilier": "emploi",
        "sources": ("insee_pole_emploi",),
        "decoupages": ("age",),
    }
    return Indicateur(**{**values, **more})


def result(*series: Serie, decoupage: str = "", fictif: bool = False, **more) -> Result:
    return Result(
        indicateur=indicator(**more),
        decoupage=decoupage,
        series=series,
        message="Les femmes sont 48,6\u202f% des demandeurs d’emploi du quartier, fin 2021",
        lecture="Fin 2021, 104 des 214 demandeurs d’emploi du quartier sont des femmes, soit 48,6\u202f%.",
        source="France Travail, Insee, édition 2022",
        champ="Inscrits en catégories A, B ou C.",
        notes=("Effectifs exacts au 31 décembre.",),
        fictif=fictif,
    )


def serie(*points: Point, modalite: str = "", libelle: str = "Ensemble") -> Serie:
    return Serie(modalite, libelle, Cle("defm_abc"), points, None)


def rates() -> Result:
    """Six years, the fourth masked, a break before the fifth; the rest of the commune beside."""
    qpv = [52.6, 55.0, 51.4, None, 49.5, 48.6]
    reste = [50.1, 50.4, 49.9, None, 50.8, 51.2]
    points = [
        point(2016 + rank, figure(ours), figure(theirs), segment=int(rank >= 4))
        for rank, (ours, theirs) in enumerate(zip(qpv, reste, strict=True))
    ]
    return result(serie(*points), ruptures=(Rupture(date(2020, 6, 1), "Nouvelle définition."),))


def counts() -> Result:
    """A small count beside one eight times its size."""
    rows = zip([232, 211, 214], [1900, 1850, 1720], strict=True)
    points = [point(2016 + rank, figure(a, "personnes", 0), figure(b, "personnes", 0)) for rank, (a, b) in enumerate(rows)]
    return result(serie(*points), nature="effectif", unite="personnes", titre="Demandeurs d’emploi", denominateur="")


def by_age(with_rest: bool = True) -> Result:
    """Three modalities, the last with a « < » in its label."""
    total = serie(point(2021, figure(48.6), figure(51.2)))
    rest = [49.0, 52.0, 55.3] if with_rest else [None] * 3
    modalities = [
        serie(point(2021, figure(a), figure(b)), modalite=name, libelle=label)
        for name, label, a, b in zip(
            ["jeunes", "milieu", "autres"],
            ["< 25 ans", "De 25 à 49 ans", "50 ans et plus"],
            [45.7, 48.1, 52.4],
            rest,
            strict=True,
        )
    ]
    return result(total, *modalities, decoupage="age")


def counts_by_age() -> Result:
    """Three modalities over three years, one value masked."""
    rows = {"< 25 ans": [45, 39, None], "De 25 à 49 ans": [141, 128, 126], "50 ans et plus": [46, 44, 46]}
    modalities = [
        serie(*(point(2016 + rank, figure(v, "personnes", 0)) for rank, v in enumerate(values)), modalite=name, libelle=name)
        for name, values in rows.items()
    ]
    total = serie(*(point(2016 + rank, figure(v, "personnes", 0)) for rank, v in enumerate([232, 211, 214])))
    return result(total, *modalities, decoupage="age", nature="effectif", unite="personnes", denominateur="")


def other_qpv() -> Result:
    """No figure of the commune: the other QPV stand beside."""
    points = [point(2016 + rank, figure(v), area=figure(v - 3)) for rank, v in enumerate([52.6, 55.0, 51.4, 51.0])]
    return result(serie(*points))


def one_date() -> Result:
    return result(serie(point(2021, figure(48.6), figure(51.2), figure(46.0))))


def slope() -> Result:
    return result(serie(point(2015, figure(25.0), figure(20.0)), point(2021, figure(29.0), figure(21.0))))


def everything_masked() -> Result:
    return result(serie(point(2020, figure(None), figure(None)), point(2021, figure(None), figure(None))))


ALL = {
    "courbe": rates,
    "courbes_separees": counts,
    "haltere": by_age,
    "petits_multiples": counts_by_age,
    "pente": slope,
    "barres": one_date,
}
