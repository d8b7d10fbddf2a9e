"""The words of the catalogue: measures, sources, observation indicators, territory.

Declarations are TOML files with the same keys as these classes; `loading` reads them, `contrat` holds the
contract's own referential. A « clé de fait » is written `mesure; dimension=modalité; …`, e.g. `defm_abc; sexe=femmes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ozoir.errors import OzoirError

STATUTS = ("connu", "provisoire", "non_diffuse", "manquant", "sans_objet")
ENSEMBLE = "ensemble"
CHAMP = "champ"  # pseudo-dimension of a sum of QPV: « only those which also published this other key »


@dataclass(frozen=True, order=True)
class Cle:
    """What is counted, apart from where and when: a measure and its breakdown.

    `detail` holds the dimensions other than sex and age, sorted: « diplome:bac », « dispositif:cui|nature:eav ».
    """

    mesure: str
    sexe: str = ENSEMBLE
    age: str = ENSEMBLE
    detail: str = ""

    def with_modality(self, dimension: str, modality: str) -> Cle:
        """The same key, one dimension further broken down."""
        if dimension == "sexe":
            return Cle(self.mesure, modality, self.age, self.detail)
        if dimension == "age":
            return Cle(self.mesure, self.sexe, modality, self.detail)
        parts = dict(part.split(":", 1) for part in self.detail.split("|") if part)
        parts[dimension] = modality
        return Cle(self.mesure, self.sexe, self.age, "|".join(f"{k}:{v}" for k, v in sorted(parts.items())))

    @cached_property  # masking asks for it thousands of times
    def breakdown(self) -> dict[str, str]:
        """Dimension → modality, totals left out."""
        dims = {"sexe": self.sexe, "age": self.age}
        dims = {name: value for name, value in dims.items() if value != ENSEMBLE}
        dims.update(part.split(":", 1) for part in self.detail.split("|") if part)
        return dims

    def __str__(self) -> str:
        return "; ".join([self.mesure, *(f"{name}={value}" for name, value in self.breakdown.items())])


def parse_cle(text: str) -> Cle:
    """« defm_abc; sexe=femmes; diplome=bac » → Cle."""
    mesure, *pairs = (part.strip() for part in text.split(";"))
    cle = Cle(mesure)
    for pair in pairs:
        dimension, equals, modality = (part.strip() for part in pair.partition("="))
        if not (dimension and equals and modality):
            raise OzoirError("Clé de fait mal formée.", f"« {text} » : on attend « mesure; dimension=modalité ».")
        cle = cle.with_modality(dimension, modality)
    return cle


@dataclass(frozen=True)
class Dimension:
    """A breakdown and its modalities, in display order: id → French label.

    croissantes: modalities whose values never decrease in that order (quantiles): checked when a file is read.
    regroupements: modality → those it stands for when they are too small to be shown (statistical confidentiality).
    sommes: modality → those it adds up, given beside them. inclusions: modality → those within it, which may be a part of
    it only. Neither is ever computed: both say which differences would give a small count.
    """

    titre: str
    modalites: dict[str, str]
    croissantes: tuple[str, ...] = ()
    regroupements: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sommes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    inclusions: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Mesure:
    """Something counted or measured by a producer.

    nature: effectif (additive) · taux (%) · montant (€) · indice. Only « effectif » may be summed or subtracted.
    periode: stock (au JJ/MM/AAAA) · annee (en AAAA) · recensement (RP AAAA) · trimestre · douze_mois (12 mois au JJ/MM/AAAA).
    familles: for one dimension, the modalities which add up to the total (an additive family).
    parties: other measures which add up to this one (A + B = AB): what masking one of them must not leave findable.
    effectif: the count which an amount, a mean or a rate describes: masked with it (statistical confidentiality).
    complement_public: what this leaves out of the measure that contains it concerns no one (rents not known…), so
    that it need not be protected however few.
    """

    titre: str
    unite: str
    nature: str
    periode: str = "stock"
    decimales: int = 0
    definition: str = ""
    inclus_dans: str = ""
    familles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parties: tuple[str, ...] = ()
    effectif: str = ""
    complement_public: bool = False
    id: str = ""

    @property
    def linked(self) -> tuple[str, ...]:
        """The measures whose difference with this one, or with others besides, would be of someone."""
        whole = () if self.complement_public or not self.inclus_dans else (self.inclus_dans,)
        return *whole, *self.parties

    @property
    def is_counted(self) -> bool:
        """Whether the confidentiality threshold applies to its own values: persons, dwellings…, not euros nor square metres."""
        return self.nature == "effectif" and not self.effectif


@dataclass(frozen=True)
class Millesime:
    """How the reference date of a block of columns is found.

    regle: edition (edition + decalage; `editions` gives the reference year of the editions that do otherwise;
    outside `premiere`…`derniere` edition the date is supposed, and a finding says so) ·
    ligne (the table's date column) · suffixe ({aa} in the column name, one year for the table) · colonne ({date} in the
    column name, each column its own) · feuille (in the sheet's name) · fichier (in the file's name or title) · fixe.
    `jour` completes a date of which only the year is known.
    """

    regle: str
    decalage: int | None = None
    jour: str = "12-31"
    editions: dict[str, int] = field(default_factory=dict)
    premiere: int | None = None
    derniere: int | None = None
    date: date | None = None


@dataclass(frozen=True)
class Bloc:
    """Columns of one table that share their producer, their date rule and their meaning.

    colonnes: header → fact key; `{aa}` in a header stands for a two-digit year, `{date}` for a year or a date (rule
    « colonne »: as many columns as there are dates); a header under a merged header is
    written « Femmes > Moins de 25 ans ». anciens_noms: old header → header. A header may stand in several blocks.
    source: the statistical source written on the facts: two facts compare only within one source.
    territoire: empty (the row's own) · commune_du_quartier (the commune's figure repeated on the row of its QPV: kept
    for the contract's own quartier only, whose commune is known, as facts of that commune).
    """

    nom: str
    source: str
    millesime: Millesime
    colonnes: dict[str, str]
    anciens_noms: dict[str, str] = field(default_factory=dict)
    note: str = ""
    territoire: str = ""


@dataclass(frozen=True)
class ReglesTerritoire:
    """Where the territory is: colonne (a code column) · libelle (a label column) · fixe (the whole file) · entetes (columns).

    colonnes: accepted headers of that column (entetes: the headers which are territories). valeurs: text of the cell,
    of the header, or (fixe) found in the file name, sheet name or title → « quartier », « commune », « epci »,
    « departement », « region », « france », « ignorer » or a code; a `*` stands for any text; names of the catalogue's territory are known without being listed.
    libelles, communes: headers of the columns holding the territory's name, and its commune's name or code.
    zonage: what the codes are when their shape does not say it (epci, departement, region).
    """

    regle: str
    colonnes: tuple[str, ...] = ()
    valeurs: dict[str, str] = field(default_factory=dict)
    libelles: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    zonage: str = ""


@dataclass(frozen=True)
class ColonneDimension:
    """A column whose values are modalities: dimension « mesure » chooses the measure, others the breakdown.

    valeurs: text of the cell (compared without case, accents, spaces) → modality, or fact key for « mesure ».
    """

    colonne: str
    dimension: str
    valeurs: dict[str, str]
    anciens_noms: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReglesLogements:
    """How a table of one row per dwelling is counted: the role of its columns, its codes, its marks, its norm.

    colonnes: role → accepted headers (the roles are in `ingestion.dwelling_columns`). codes: role → text of the cell →
    meaning (etat: loue · association · occupe · vacant · vide · sorti; dpe: A…G; accessible: oui · non).
    pieces: text → rooms, for what is not a plain number. inconnus: role → values that mean « unknown », `toutes` for
    every role. pieces_normales: rooms for 1, 2, 3… occupants, the last for more; ecart_lourd: rooms away from that
    norm from which occupation is « lourde ».
    """

    colonnes: dict[str, tuple[str, ...]]
    codes: dict[str, dict[str, str]]
    pieces: dict[str, int] = field(default_factory=dict)
    inconnus: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pieces_normales: tuple[int, ...] = ()
    ecart_lourd: int = 2


@dataclass(frozen=True)
class Tableau:
    """One table of a layout, recognised by `signature`: headers that must all stand in one row.

    forme: tableau (a row per territory × breakdown) · transpose (a row per measure, a column per territory: blocks
    map row labels, found in the first column of the signature) · serie (the project's own long format) ·
    logements (a row per dwelling: aggregated while read, rows never kept; its blocks map an aggregate → a fact key).
    titre: a text which must stand above the header or be the sheet's name, `*` for any text.
    absentes: headers that must not stand there. feuilles: the only sheet names accepted, `*` for any text. date: header
    of the date column. ignorees: known headers, not loaded. notes: flag columns (a digit per row). lignes_ignorees: rows
    whose territory cell reads so (`*` for any text) are left out without a finding.
    """

    nom: str
    forme: str
    signature: tuple[str, ...]
    territoire: ReglesTerritoire
    blocs: tuple[Bloc, ...] = ()
    dimensions: tuple[ColonneDimension, ...] = ()
    date: str = ""
    absentes: tuple[str, ...] = ()
    feuilles: tuple[str, ...] = ()
    ignorees: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lignes_ignorees: tuple[str, ...] = ()
    logements: ReglesLogements | None = None
    titre: str = ""


@dataclass(frozen=True)
class Source:
    """One partner's layout: how to recognise it and what its cells mean.

    protegee: the producer has applied its own statistical confidentiality; a blank is then « non diffusé ».
    seuil: the smallest count that may be shown; fichiers: name patterns, with (?P<edition>) and (?P<date>) groups.
    feuilles_ignorees: sheets known to hold no figure, `*` for any text.
    statistiques, mesures, indicateurs: what is declared together with the layout, because nothing counted it before.
    """

    id: str
    titre: str
    producteur: str
    partenaire: str
    locale: bool
    protegee: bool
    seuil: int
    licence: str
    frequence: str
    tableaux: tuple[Tableau, ...]
    description: str = ""
    fichiers: tuple[str, ...] = ()
    titres: tuple[str, ...] = ()
    vide: str = "non_diffuse"
    marques: dict[str, str] = field(default_factory=dict)
    feuilles_ignorees: tuple[str, ...] = ()
    demande: str = ""
    statistiques: dict[str, SourceStatistique] = field(default_factory=dict)
    mesures: dict[str, Mesure] = field(default_factory=dict)
    indicateurs: tuple[Indicateur, ...] = ()


@dataclass(frozen=True)
class Rupture:
    """A break in a series: values on both sides do not compare."""

    date: date
    texte: str


@dataclass(frozen=True)
class Indicateur:
    """One observation indicator: what is compared between the quartier and the town, and how it is said.

    nature: effectif (N) · taux (100·N/D) · valeur (published rate, median, index: never subtracted).
    sens: the wanted direction: hausse · baisse · neutre. sources: statistical sources, best first.
    denominateur_dernier_connu: D may be the latest one known at N's date (a census population), else same date.
    decoupages: dimensions offered beside the total. unites: `unite` is written after the number.
    """

    id: str
    titre: str
    definition: str
    unite: str
    nature: str
    numerateur: str
    pilier: str
    sources: tuple[str, ...]
    sens: str = "neutre"
    denominateur: str = ""
    source_denominateur: str = ""
    denominateur_dernier_connu: bool = False
    objectifs: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    decoupages: tuple[str, ...] = ()
    champ: str = ""
    theme: str = ""
    lecture: str = ""
    precautions: tuple[str, ...] = ()
    ruptures: tuple[Rupture, ...] = ()
    decimales: int = 1
    principal: bool = False
    ordre: int = 100

    @property
    def cle_numerateur(self) -> Cle:
        return parse_cle(self.numerateur)

    @property
    def cle_denominateur(self) -> Cle | None:
        return parse_cle(self.denominateur) if self.denominateur else None


@dataclass(frozen=True)
class Region:
    """A région and its départements."""

    titre: str
    departements: tuple[str, ...]


@dataclass(frozen=True)
class SourceStatistique:
    """A statistical source as written on facts: its name for people, and the threshold below which a count is masked.

    protegee: published by its producer under its own confidentiality, not masked again.
    annees_entre_evolutions: the fewest years between two values that may be said to have moved (census: 5).
    seuils: unit → threshold, where it is not `seuil` (households counted among dwellings).
    seuil_public: the threshold of the public diffusion, when it is higher. fiscale: no convention lowers its threshold.
    """

    titre: str
    producteur: str
    seuil: int
    protegee: bool
    partenaire: str = ""
    precaution: str = ""
    annees_entre_evolutions: int = 1
    seuils: dict[str, int] = field(default_factory=dict)
    seuil_public: int = 0
    fiscale: bool = False


@dataclass(frozen=True)
class Zonage:
    """One vintage of the priority zoning: the quartier's code in it, and when it holds."""

    id: str
    code: str
    libelle: str
    debut: date
    fin: date | None = None

    @property
    def codes(self) -> str:
        """As read: « A et B » for quartiers together."""
        return self.code.replace("+", " et ")


@dataclass(frozen=True)
class Territoire:
    """The quartier and its commune: codes, names met in files, dates that count.

    When the contract has several quartiers (`territoires.py`): id tells which; code_commune joins the codes of the
    communes added together; voisins are the codes of the other quartiers of these communes, membres those of each of
    them, this one included; noms is how files call every place of the contract.
    """

    nom_quartier: str
    nom_commune: str
    code_commune: str
    departement: str
    region: str
    zonages: tuple[Zonage, ...]
    alias_quartier: tuple[str, ...]
    alias_commune: tuple[str, ...]
    epci: str = ""
    nom_epci: str = ""
    iris: dict[str, str] = field(default_factory=dict)
    t0: dict[str, date] = field(default_factory=dict)
    comparateurs: dict[str, str] = field(default_factory=dict)
    id: str = ""
    communes: tuple[str, ...] = ()
    voisins: tuple[str, ...] = ()
    membres: tuple[tuple[str, ...], ...] = ()
    noms: dict[str, str] = field(default_factory=dict)

    @property
    def codes_lus(self) -> tuple[str, ...]:
        """The codes whose facts are needed: the quartier's and its neighbours', the commune's or communes'."""
        quartiers = tuple(code for codes in self.membres for code in codes) or self.codes_quartier
        return (*quartiers, *(self.communes or (self.code_commune,)))

    @property
    def codes_quartier(self) -> tuple[str, ...]:
        return tuple(zonage.code for zonage in self.zonages)
