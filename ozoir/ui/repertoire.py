"""Everything that can be found, with the address of the exact view that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur
from ozoir.catalogue.recherche import Fiche, Index, Trouvaille
from ozoir.indicators.publication import Publication
from ozoir.ui.filters import OPENED, bands
from ozoir.ui.menu import REPEATED, offered_entries
from ozoir.ui.session import keep

GENRES = {
    "indicateur": "Indicateurs",
    "action": "Actions",
    "objectif": "Objectifs",
    "orientation": "Orientations",
    "terme": "Glossaire",
    "source": "Sources",
    "page": "Pages",
}


@dataclass(frozen=True)
class Repertoire:
    """The index, and where each record is shown: (genre, id) → page and filters."""

    index: Index
    places: dict[tuple[str, str], tuple[str, dict[str, str]]]

    def address(self, found: Trouvaille) -> str:
        """The page and the filters that show what was found, under the breakdown asked for."""
        page, filters = self.places[found.fiche.genre, found.fiche.id]
        if found.decoupage:
            filters = {**filters, "decoupage": found.decoupage}
        return f"{page}?{urlencode(filters)}" if filters else page


def load_repertoire(publication: Publication) -> Repertoire:
    """Made once per state of the base and set of pages offered."""
    pages = tuple(entry.name for entry in offered_entries())
    return keep(publication, ("repertoire", pages), lambda: _build(publication.catalogue))


def _build(catalogue: Catalogue) -> Repertoire:
    rows = [*_indicators(catalogue), *_contract(catalogue), *_words(catalogue), *_pages(catalogue)]
    places = {(fiche.genre, fiche.id): (page, filters) for fiche, page, filters in rows}
    return Repertoire(Index(fiche for fiche, _, _ in rows), places)


Row = tuple[Fiche, str, dict[str, str]]


def _indicators(catalogue: Catalogue) -> Iterator[Row]:
    for item in catalogue.indicateurs.values():
        detail = {name: " ".join(_modalities(catalogue, item, name)) for name in item.decoupages}
        names = [catalogue.statistiques[source].titre for source in item.sources]
        words = " ".join([item.theme, item.champ, *names])
        filters = {"pilier": item.pilier, **({"theme": item.theme} if item.theme else {}), OPENED: item.id}
        yield Fiche("indicateur", item.id, item.titre, item.definition, words, item.id, detail), "pilier", filters


def _modalities(catalogue: Catalogue, item: Indicateur, name: str) -> list[str]:
    dimension = catalogue.dimensions[name]
    return [dimension.titre, *(dimension.modalites[modality] for modality in bands(item, name, catalogue))]


def _contract(catalogue: Catalogue) -> Iterator[Row]:
    for pilier in catalogue.contrat.piliers:
        diagnostics = {diagnostic.id: diagnostic.titre for diagnostic in pilier.diagnostics}
        for orientation in pilier.orientations:
            yield (
                Fiche("orientation", orientation.id, orientation.titre, diagnostics[orientation.diagnostic]),
                "pilier",
                {"pilier": pilier.id},
            )
        for objectif in pilier.objectifs:
            words = " ".join([*objectif.acteurs, *objectif.leviers, *objectif.pilotes])
            titre = f"{objectif.numero}. {objectif.titre}"
            yield Fiche("objectif", objectif.id, titre, mots=words), "pilier", {"pilier": pilier.id, "objectif": objectif.id}
            for action in objectif.actions:
                words = " ".join([*action.details, *action.pilotes, *action.publics, *action.dispositifs])
                yield Fiche("action", action.id, action.titre, action.texte, words), "actions", {"action": action.id}


def _words(catalogue: Catalogue) -> Iterator[Row]:
    for term in catalogue.contrat.glossaire:
        yield Fiche("terme", term.sigle, term.sigle, f"{term.definition} {term.note}", sigle=term.sigle), "methode", {}
    for name, source in catalogue.statistiques.items():
        text = f"{source.producteur}. {source.precaution or ''}"
        yield Fiche("source", name, source.titre, text, sigle=name), "methode", {}


def _pages(catalogue: Catalogue) -> Iterator[Row]:
    for entry in offered_entries():
        for titre, filters in REPEATED[entry.name](catalogue) if entry.name in REPEATED else [(entry.titre, {})]:
            yield Fiche("page", f"{entry.name}/{titre}", titre, entry.texte), entry.name, filters
