"""What may be shown: figures already masked, each with its status, its reason and where it came from.

Charts, pages and exports receive these and nothing else: no unmasked value is reachable from a Result.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ozoir.catalogue.model import Cle, Indicateur

CONNU, PROVISOIRE, MASQUE, NON_DIFFUSE = "connu", "provisoire", "masque", "non_diffuse"
MANQUANT, SANS_OBJET, NON_CALCULE = "manquant", "sans_objet", "non_calcule"
SIGNES = {MASQUE: "s", NON_DIFFUSE: "nd", MANQUANT: "…", SANS_OBJET: "///", NON_CALCULE: "///", PROVISOIRE: "p"}
LEGENDE_SIGNES = (
    ("s", "secret statistique : effectif trop faible pour être diffusé, ou valeur qui permettrait de le retrouver"),
    ("nd", "non diffusé par le producteur"),
    ("…", "donnée non disponible"),
    ("///", "sans objet, ou non calculé : la raison est donnée sous le tableau"),
    ("n.s.", "évolution ou écart non significatif"),
    ("p", "donnée provisoire"),
)


@dataclass(frozen=True)
class Provenance:
    """One cell of one file, from which a figure was made."""

    import_id: int
    fichier: str
    feuille: str
    cellule: str
    entete: str
    edition: str
    origine: str = ""


@dataclass(frozen=True)
class Figure:
    """One number, unrounded, or the French reason why there is none.

    unite: that of the figure itself (« % », « points », « personnes », « € »); marge: half-width of the 95 % interval.
    """

    valeur: float | None
    statut: str = CONNU
    raison: str = ""
    unite: str = ""
    decimales: int = 0
    numerateur: float | None = None
    denominateur: float | None = None
    marge: float | None = None
    provenances: tuple[Provenance, ...] = ()

    @property
    def is_shown(self) -> bool:
        return self.valeur is not None

    @property
    def signe(self) -> str:
        """The conventional sign to print when there is no number (or after it when provisional)."""
        return SIGNES.get(self.statut, "")


@dataclass(frozen=True)
class Comparateur:
    """The same figure for all QPV of an area, and how many of them published it."""

    libelle: str
    figure: Figure
    qpv_publies: int
    qpv_non_diffuses: int


@dataclass(frozen=True)
class Point:
    """One reference date of one series: the quartier, the rest, the whole commune, and what they say of each other.

    ecart in points (rates) or in the unit (published values against « commune entière »); rapport, part (%),
    sur_representation and a_rattraper (persons) as METHOD §1. comparateur says which of reste/commune écart uses.
    """

    date_reference: date
    periode: str  # « au 31/12/2020 », « en 2018 », « RP 2018 »
    source: str
    zonage: str
    segment: int  # changes when a line must not be drawn through: other source, other zoning, break
    qpv: Figure
    reste: Figure
    commune: Figure
    ecart: Figure
    rapport: Figure
    part: Figure
    sur_representation: Figure
    a_rattraper: Figure
    comparateur: str  # « reste », « commune » or "" when nothing compares
    comparateurs: tuple[Comparateur, ...] = ()
    source_denominateur: str = ""
    date_denominateur: date | None = None  # when D is older than N: the latest population known


@dataclass(frozen=True)
class Evolution:
    """From T0 to the latest comparable date: of the quartier's figure, and of the gap; each with its margin.

    is_significant bears on the gap when there is one, else on the quartier's figure; so does `sens`.
    """

    debut: date
    fin: date
    qpv: Figure
    ecart: Figure
    is_significant: bool
    sens: str  # « favorable », « defavorable », « stable » (n.s. or neutral)
    raison: str = ""  # why it cannot be judged, when it cannot

    @property
    def is_noise(self) -> bool:
        """Judged, and within its margin: « n.s. ». What cannot be judged is not said to be noise."""
        return not self.is_significant and not self.raison


@dataclass(frozen=True)
class Serie:
    """One modality of a breakdown (« » for the total), points in order of date."""

    modalite: str
    libelle: str
    cle: Cle
    points: tuple[Point, ...]
    evolution: Evolution | None
    cle_denominateur: Cle | None = None

    @property
    def latest(self) -> Point | None:
        """The latest date at which the quartier's figure is shown, else the latest date."""
        shown = [point for point in self.points if point.qpv.is_shown]
        return shown[-1] if shown else (self.points[-1] if self.points else None)


@dataclass(frozen=True)
class Result:
    """An indicator, answered: its series (total first, then modalities), and the words that go with them."""

    indicateur: Indicateur
    decoupage: str
    series: tuple[Serie, ...]
    message: str  # the title: what the figures say, in one sentence
    lecture: str  # Insee-style reading sentence, or the refusal sentence
    source: str  # « Pôle emploi via Insee, édition 2021 ; … »
    champ: str
    notes: tuple[str, ...]
    attente: str = ""  # when empty: who must send what
    fictif: bool = False
    producteurs: tuple[tuple[str, str], ...] = ()  # source → who counts, when the dates of the total come from several

    def period_of(self, point: Point) -> str:
        """« au 31/12/2020 »; « au 31/12/2020 (Bailleur social) » where another producer counts otherwise at other dates."""
        name = dict(self.producteurs).get(point.source)
        return f"{point.periode} ({name})" if name else point.periode

    @property
    def total(self) -> Serie | None:
        return self.series[0] if self.series else None

    @property
    def is_empty(self) -> bool:
        return not any(point.qpv.is_shown or point.commune.is_shown for serie in self.series for point in serie.points)

    @property
    def provenances(self) -> tuple[Provenance, ...]:
        """Every cell behind the shown figures, once, in order."""
        seen: dict[Provenance, None] = {}
        for serie in self.series:
            for point in serie.points:
                for figure in (point.qpv, point.commune):
                    seen.update(dict.fromkeys(figure.provenances))
        return tuple(seen)
