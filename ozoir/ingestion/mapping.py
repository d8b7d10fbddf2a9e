"""A layout described by choices (what each column holds) becomes a declaration like those which ship."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import (
    Bloc,
    ColonneDimension,
    Indicateur,
    Mesure,
    Millesime,
    ReglesTerritoire,
    Source,
    SourceStatistique,
    Tableau,
    parse_cle,
)
from ozoir.errors import OzoirError
from ozoir.ingestion.dates import mark_periods
from ozoir.ingestion.headers import PERIOD, normalise
from ozoir.ingestion.layouts import TRANSPOSE

IGNORER, TERRITOIRE, DATE, LIBELLE, MESURE = "", "territoire", "date", "libelle", "mesure"
LIEUX = (QUARTIER, COMMUNE, EPCI, DEPARTEMENT, REGION, FRANCE) = (
    "quartier",
    "commune",
    "epci",
    "departement",
    "region",
    "france",
)
DIMENSION = "dimension:"
PAR_COLONNE, PAR_LIBELLE, PAR_TABLEAU = "colonne", "libelle", "entetes"  # a code or a name per row; a territory per column
EN_LIGNE, DU_FICHIER, DES_ENTETES, DE_LA_FEUILLE = "ligne", "fichier", "colonne", "feuille"
BLOC = "données"
_MARKS = {"n.c.": "non_diffuse", "nc": "non_diffuse", "s": "non_diffuse", "///": "sans_objet"}


@dataclass(frozen=True)
class Colonne:
    """One column: its header and what it holds: a fact key, one of LIEUX, or one of the words above.

    valeurs: cell → modality or key; for a territory, cell → one of LIEUX or « ignorer ».
    """

    entete: str
    contenu: str = IGNORER
    valeurs: dict[str, str] = field(default_factory=dict)

    @property
    def dimension(self) -> str:
        """The dimension whose modalities stand in the column, « mesure » included; empty for other contents."""
        return (
            MESURE
            if self.contenu == MESURE
            else self.contenu.removeprefix(DIMENSION)
            if self.contenu.startswith(DIMENSION)
            else ""
        )

    @property
    def is_value(self) -> bool:
        words = (IGNORER, TERRITOIRE, DATE, LIBELLE, MESURE, *LIEUX)
        return self.contenu not in words and not self.dimension


@dataclass(frozen=True)
class Description:
    """What the analyst says of one sheet. statistique: the source written on its facts. fixe: the territory of the whole file.

    lignes: label of a row → fact key, when there is a column per territory. jour: completes a date reduced to its year.
    zonage: what the territories' codes are, when their shape does not say it. intitule: a text to be found above the
    header. producteur, mesures, indicateurs: what nothing declared before. autres: the other sheets of the same file.
    """

    titre: str
    statistique: str
    colonnes: tuple[Colonne, ...]
    periode: str = DU_FICHIER
    fixe: str = ""
    lignes: dict[str, str] = field(default_factory=dict)
    feuille: str = ""
    jour: str = "12-31"
    vide: str = "manquant"
    zonage: str = ""
    intitule: str = ""
    producteur: SourceStatistique | None = None
    mesures: dict[str, Mesure] = field(default_factory=dict)
    indicateurs: tuple[Indicateur, ...] = ()
    autres: tuple[Description, ...] = ()

    @property
    def is_transposed(self) -> bool:
        return any(colonne.contenu in LIEUX for colonne in self.colonnes)

    @property
    def bloc(self) -> str:
        """The name of its figures, when one date is asked for them."""
        return f"{BLOC}, {self.feuille}" if self.feuille else BLOC

    def find(self, contenu: str) -> str:
        """The header of the first column which holds this; empty when none does."""
        return next((colonne.entete for colonne in self.colonnes if colonne.contenu == contenu), "")


def source_id(titre: str) -> str:
    """« Caf, tableau 2024 » → caf_tableau_2024."""
    return re.sub(r"[^a-z0-9]+", "_", normalise(titre)).strip("_")[:60]


def build_source(description: Description, catalogue: Catalogue) -> Source:
    """The declaration; an OzoirError says what is still to be chosen."""
    name = source_id(description.titre)
    if not name:
        raise OzoirError(
            "Nom absent.", "Donnez un nom à cette mise en page, par exemple «\u00a0Caf, tableau de bord trimestriel\u00a0»."
        )
    statistique = description.producteur or catalogue.statistiques.get(description.statistique)
    if statistique is None:
        raise OzoirError("Source statistique absente.", "Dites de quel producteur viennent ces chiffres.")
    sheets = (description, *description.autres)
    tableaux = tuple(_transposed(one) if one.is_transposed else _table(one) for one in sheets)
    named = {parse_cle(cle).mesure for tableau in tableaux for cle in _named_keys(tableau)}
    return Source(
        id=name,
        titre=description.titre.strip(),
        producteur=statistique.producteur,
        partenaire=statistique.partenaire,
        locale=not statistique.protegee,
        protegee=statistique.protegee,
        seuil=statistique.seuil,
        licence="À préciser avec le producteur",
        frequence="à préciser",
        tableaux=tableaux,
        vide=description.vide,
        marques=dict(_MARKS),
        statistiques=_brought(
            catalogue, "statistiques", {description.statistique}, {description.statistique: description.producteur}
        ),
        mesures=_brought(catalogue, "mesures", named, {key: item for one in sheets for key, item in one.mesures.items()}),
        indicateurs=tuple(item for one in sheets for item in one.indicateurs if item.cle_numerateur.mesure in named),
    )


def _brought(catalogue: Catalogue, kind: str, named: set[str], new: dict) -> dict:
    """Of what is named, what no shipped declaration holds: declared here, or with another layout, and so to be repeated."""
    known = {key: item for source in catalogue.sources.values() for key, item in getattr(source, kind).items()}
    declared = {**known, **{key: item for key, item in new.items() if item is not None}}
    return {key: item for key, item in declared.items() if key in named}


def _named_keys(tableau: Tableau) -> list[str]:
    keys = [cle for bloc in tableau.blocs for cle in bloc.colonnes.values()]
    return keys + [cle for item in tableau.dimensions if item.dimension == MESURE for cle in item.valeurs.values()]


def _table(description: Description) -> Tableau:
    values = [colonne for colonne in description.colonnes if colonne.is_value]
    place = description.find(TERRITOIRE)
    if not place and not description.fixe:
        raise OzoirError(
            "Territoire à préciser.", "Dites quelle colonne donne le territoire, ou que tout le fichier porte sur un seul."
        )
    if not values:
        raise OzoirError("Aucune mesure choisie.", "Dites ce que compte au moins une colonne de nombres.")
    dates = description.find(DATE)
    if description.periode == EN_LIGNE and not dates:
        raise OzoirError(
            "Colonne de date à préciser.", "Dites quelle colonne donne la date, ou donnez une date pour tout le fichier."
        )
    dimensions = tuple(
        ColonneDimension(colonne.entete, colonne.dimension, dict(colonne.valeurs))
        for colonne in description.colonnes
        if colonne.dimension
    )
    names = next((colonne.valeurs for colonne in description.colonnes if colonne.contenu == TERRITOIRE), {})
    territoire = ReglesTerritoire(PAR_LIBELLE if names else PAR_COLONNE, (place,), dict(names), zonage=description.zonage)
    if not place:
        territoire = ReglesTerritoire("fixe", valeurs={"*": description.fixe})
    is_dated = description.periode == EN_LIGNE
    headers = _mark_headers(description, values)
    bloc = _bloc(description, headers)
    signature = [place, *(item.colonne for item in dimensions), dates if is_dated else "", *headers]
    return Tableau(
        nom=description.bloc,
        forme="tableau",
        signature=tuple(dict.fromkeys(filter(None, signature))),
        territoire=territoire,
        blocs=(bloc,),
        dimensions=dimensions,
        date=dates if is_dated else "",
        feuilles=_sheets(description),
        ignorees=_ignored(description),
        titre=description.intitule,
    )


def _transposed(description: Description) -> Tableau:
    label = description.find(LIBELLE)
    places = _mark_headers(description, [colonne for colonne in description.colonnes if colonne.contenu in LIEUX])
    if not label:
        raise OzoirError("Colonne des libellés à préciser.", "Dites quelle colonne nomme ce qui est compté à chaque ligne.")
    lines = {text: cle for text, cle in description.lignes.items() if cle}
    if not lines:
        raise OzoirError("Aucune mesure choisie.", "Dites ce que compte au moins une ligne.")
    return Tableau(
        nom=description.bloc,
        forme=TRANSPOSE,
        signature=(label, *places),
        territoire=ReglesTerritoire(PAR_TABLEAU, tuple(places), places),
        blocs=(_bloc(description, lines),),
        feuilles=_sheets(description),
        ignorees=_ignored(description),
        titre=description.intitule,
    )


def _bloc(description: Description, colonnes: dict[str, str]) -> Bloc:
    return Bloc(description.bloc, description.statistique, Millesime(description.periode, jour=description.jour), colonnes)


def _mark_headers(description: Description, colonnes: Sequence[Colonne]) -> dict[str, str]:
    """Header → content; the dates made a mark when they are read there: « ABC 2020 » and « ABC 2021 » are « ABC {date} »."""
    if description.periode != DES_ENTETES:
        return {colonne.entete: colonne.contenu for colonne in colonnes}
    marked: dict[str, str] = {}
    for colonne in colonnes:
        header = mark_periods(colonne.entete, PERIOD)
        if PERIOD not in header:
            raise OzoirError(
                "Date absente d’un intitulé.",
                f"La colonne «\u00a0{colonne.entete}\u00a0» ne porte ni année ni date\u00a0: "
                "ne la chargez pas, ou donnez la date autrement.",
            )
        if marked.setdefault(header, colonne.contenu) != colonne.contenu:
            raise OzoirError(
                "Deux sens pour un même intitulé.",
                f"«\u00a0{header.replace(PERIOD, '…')}\u00a0» ne peut pas compter deux choses selon l’année.",
            )
    return marked


def _sheets(description: Description) -> tuple[str, ...]:
    if description.periode == DE_LA_FEUILLE and description.feuille:
        return (mark_periods(description.feuille, "*"),)
    return (description.feuille,) if description.feuille else ()


def _ignored(description: Description) -> tuple[str, ...]:
    used = {normalise(colonne.entete) for colonne in description.colonnes if colonne.contenu}
    left = [
        colonne.entete
        for colonne in description.colonnes
        if not colonne.contenu and colonne.entete and normalise(colonne.entete) not in used
    ]
    if description.periode != DES_ENTETES:
        return tuple(left)
    loaded = {mark_periods(colonne.entete, PERIOD) for colonne in description.colonnes if colonne.contenu}
    marked = dict.fromkeys(mark_periods(entete, PERIOD) for entete in left)
    return tuple(entete for entete in marked if entete not in loaded)


def describe_source(source: Source, entetes: Sequence[str], same_as: dict[str, str]) -> dict[str, Colonne]:
    """Header → what a known layout says of it; same_as: header of the file → declared header it replaces."""
    tableau = source.tableaux[0]
    contents: dict[str, Colonne] = {}
    for name in tableau.territoire.colonnes:
        if tableau.territoire.regle in (PAR_COLONNE, PAR_LIBELLE):
            contents[normalise(name)] = Colonne(name, TERRITOIRE, dict(tableau.territoire.valeurs))
    for name, place in tableau.territoire.valeurs.items() if tableau.territoire.regle == PAR_TABLEAU else ():
        contents[normalise(name)] = Colonne(name, place)
    if tableau.date:
        contents[normalise(tableau.date)] = Colonne(tableau.date, DATE)
    for item in tableau.dimensions:
        contents[normalise(item.colonne)] = Colonne(
            item.colonne, MESURE if item.dimension == MESURE else DIMENSION + item.dimension, dict(item.valeurs)
        )
    if tableau.forme == TRANSPOSE:
        contents[normalise(tableau.signature[0])] = Colonne(tableau.signature[0], LIBELLE)
    else:
        for bloc in tableau.blocs:
            for name, cle in bloc.colonnes.items():
                contents[normalise(name)] = Colonne(name, cle)
            for former, name in bloc.anciens_noms.items():
                contents.setdefault(normalise(former), Colonne(former, bloc.colonnes.get(name, IGNORER)))
    found = {}
    for entete in entetes:
        name = same_as.get(entete, entete)
        known = contents.get(normalise(name)) or contents.get(normalise(mark_periods(name, PERIOD)))
        if known:
            found[entete] = Colonne(entete, known.contenu, known.valeurs)
    return found
