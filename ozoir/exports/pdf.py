"""A Document as an accessible PDF (PDF/UA-1): tags, title, language, alternative texts; fonts embedded."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from ozoir.exports.cleaning import plain_text, shorten
from ozoir.exports.contents import (
    Bloc,
    ChiffresCles,
    Document,
    Dossier,
    Graphique,
    SautDePage,
    Tableau,
    Texte,
    Titre,
)
from ozoir.exports.lettering import FONTS
from ozoir.exports.pictures import draw_chart

PREVIEW = 80  # pixels per inch
TEMPLATE = Path(__file__).parent / "document.typ"


def render_pdf(document: Document, dossier: Dossier) -> bytes:
    """The same bytes for the same document: the moment written inside is the day of the dossier."""
    moment = datetime.combine(dossier.edite_le, time(12), UTC)
    inputs = {"data": _data(document, dossier)}
    return _compiler().compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=moment)


def render_pages(document: Document, dossier: Dossier) -> list[bytes]:
    """Each page as a PNG, to look at before downloading."""
    pages = _compiler().compile(format="png", ppi=PREVIEW, sys_inputs={"data": _data(document, dossier)})
    return pages if isinstance(pages, list) else [pages]


def _data(document: Document, dossier: Dossier) -> str:
    """What the template reads, as JSON."""
    data = {
        "titre": document.titre,
        "sous_titre": document.sous_titre,
        "titre_courant": shorten(document.titre),
        "auteur": dossier.contrat,
        "bandeau": dossier.bandeau,
        "pied": f"{dossier.contrat} – {dossier.version}",
        "corps": document.corps,
        "long": document.is_long,
        "couverture": [dossier.contrat, f"{dossier.quartier} – {dossier.commune}"],
        "blocs": [_bloc(bloc) for bloc in document.blocs if not _is_empty(bloc)],
    }
    return json.dumps(_cleaned(data), ensure_ascii=False)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _compiler() -> typst.Compiler:
    return typst.Compiler(input=TEMPLATE.read_bytes(), font_paths=_fonts(), ignore_system_fonts=True)


def _is_empty(bloc: Bloc) -> bool:
    return isinstance(bloc, ChiffresCles) and not bloc.chiffres


def _bloc(bloc: Bloc) -> dict[str, Any]:
    match bloc:
        case Titre():
            return {"type": "titre", "texte": bloc.texte, "niveau": bloc.niveau}
        case Texte():
            return {"type": "texte", "texte": bloc.texte, "style": bloc.style}
        case Tableau():
            return {
                "type": "tableau",
                "titre": bloc.titre,
                "colonnes": bloc.colonnes,
                "lignes": [[cell.texte for cell in line] for line in bloc.lignes],
                "largeurs": bloc.parts,
                "droite": bloc.droite,
                "source": bloc.source,
                "notes": bloc.notes,
                "vide": bloc.vide,
            }
        case Graphique():
            return _chart(bloc)
        case ChiffresCles():
            figures = [item.__dict__ for item in bloc.chiffres]
            return {"type": "chiffres", "chiffres": figures, "colonnes": 3 if len(figures) > 4 else 2}
        case SautDePage():
            return {"type": "saut"}


def _chart(bloc: Graphique) -> dict[str, Any]:
    picture = draw_chart(bloc.resultat, largeur=bloc.largeur, hauteur=bloc.hauteur)
    if picture is None:
        return {"type": "texte", "texte": bloc.resultat.lecture, "style": "lecture"}
    return {
        "type": "graphique",
        "svg": picture.svg,
        "alt": picture.alt,
        "legende": bloc.legende,
        "largeur": bloc.largeur,
    }


def _cleaned(value: Any) -> Any:
    """Every text without what a document cannot hold."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(item) for item in value]
    return value
