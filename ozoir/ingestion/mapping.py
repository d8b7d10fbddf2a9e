"""A layout described by choices (what each column holds) becomes a declaration like those which ship."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Bloc, ColonneDimension, Millesime, ReglesTerritoire, Source, Tableau
from ozoir.errors import OzoirError
from ozoir.ingestion.headers import YEAR, normalise
from ozoir.ingestion.layouts import TRANSPOSE

IGNORER, TERRITOIRE, DATE, LIBELLE, MESURE = "", "territoire", "date", "libelle", "mesure"
QUARTIER, COMMUNE = "quartier", "commune"
DIMENSION = "dimension:"
PAR_COLONNE, PAR_LIBELLE, PAR_TABLEAU = "colonne", "libelle", "entetes"  # a code or a name per row; a territory per column
EN_LIGNE, DU_FICHIER, DES_ENTETES = "ligne", "fichier", "suffixe"
BLOC = "données"
_MARKS = {"n.c.": "non_diffuse", "nc": "non_diffuse", "s": "non_diffuse", "///": "sans_objet"}


@dataclass(frozen=True)
class Colonne:
    """One column: its header and what it holds: a fact key, or one of the words above.

    valeurs: cell → modality or key; for a territory, cell → « quartier », « commune » or « ignorer ».
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
        words = (IGNORER, TERRITOIRE, DATE, LIBELLE, MESURE, QUARTIER, COMMUNE)
        return self.contenu not in words and not self.dimension


@dataclass(frozen=True)
class Description:
    """What the analyst says of one sheet. statistique: the source written on its facts. fixe: the territory of the whole file.

    lignes: label of a row → fact key, when there is a column per territory. jour: completes a date reduced to its year.
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

    @property
    def is_transposed(self) -> bool:
        return any(colonne.contenu in (QUARTIER, COMMUNE) for colonne in self.colonnes)

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
    statistique = catalogue.statistiques.get(description.statistique)
    if statistique is None:
        raise OzoirError("Source statistique absente.", "Dites de quel producteur viennent ces chiffres.")
    tableau = _transposed(description) if description.is_transposed else _table(description)
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
        tableaux=(tableau,),
        vide=description.vide,
        marques=dict(_MARKS),
    )


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
    territoire = ReglesTerritoire(PAR_LIBELLE if names else PAR_COLONNE, (place,), dict(names))
    if not place:
        territoire = ReglesTerritoire("fixe", valeurs={"*": description.fixe})
    is_dated = description.periode == EN_LIGNE
    headers = [_header(colonne.entete, description) for colonne in values]
    bloc = _bloc(description, dict(zip(headers, (colonne.contenu for colonne in values), strict=True)))
    signature = [place, *(item.colonne for item in dimensions), dates if is_dated else "", *headers]
    return Tableau(
        nom=BLOC,
        forme="tableau",
        signature=tuple(dict.fromkeys(filter(None, signature))),
        territoire=territoire,
        blocs=(bloc,),
        dimensions=dimensions,
        date=dates if is_dated else "",
        feuilles=_sheets(description),
        ignorees=_ignored(description),
    )


def _transposed(description: Description) -> Tableau:
    label = description.find(LIBELLE)
    places = {colonne.entete: colonne.contenu for colonne in description.colonnes if colonne.contenu in (QUARTIER, COMMUNE)}
    if not label:
        raise OzoirError("Colonne des libellés à préciser.", "Dites quelle colonne nomme ce qui est compté à chaque ligne.")
    lines = {text: cle for text, cle in description.lignes.items() if cle}
    if not lines:
        raise OzoirError("Aucune mesure choisie.", "Dites ce que compte au moins une ligne.")
    return Tableau(
        nom=BLOC,
        forme=TRANSPOSE,
        signature=(label, *places),
        territoire=ReglesTerritoire(PAR_TABLEAU, tuple(places), places),
        blocs=(_bloc(description, lines),),
        feuilles=_sheets(description),
        ignorees=_ignored(description),
    )


def _bloc(description: Description, colonnes: dict[str, str]) -> Bloc:
    return Bloc(BLOC, description.statistique, Millesime(description.periode, jour=description.jour), colonnes)


def _header(entete: str, description: Description) -> str:
    """The header, its year made a template when the year is read there: « ABC 2021 » is « ABC 20{aa} »."""
    if description.periode != DES_ENTETES:
        return entete
    templated = re.sub(r"20\d{2}", f"20{YEAR}", entete, count=1)
    return templated if templated != entete else re.sub(r"\d{2}(?!.*\d{2})", YEAR, entete, count=1)


def _sheets(description: Description) -> tuple[str, ...]:
    return (description.feuille,) if description.feuille else ()


def _ignored(description: Description) -> tuple[str, ...]:
    used = {normalise(colonne.entete) for colonne in description.colonnes if colonne.contenu}
    return tuple(
        colonne.entete
        for colonne in description.colonnes
        if not colonne.contenu and colonne.entete and normalise(colonne.entete) not in used
    )


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
        known = contents.get(normalise(same_as.get(entete, entete)))
        if known:
            found[entete] = Colonne(entete, known.contenu, known.valeurs)
    return found
