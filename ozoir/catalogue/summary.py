"""The catalogue told: as nested JSON for a program, as a table of contents for a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from ozoir.catalogue.contrat import Contrat, Objectif
from ozoir.catalogue.loading import Catalogue, known_indicators
from ozoir.catalogue.model import Indicateur, Source
from ozoir.catalogue.suivi import load_cadre, load_financements
from ozoir.numbers import plural


def catalogue_summary(catalogue: Catalogue) -> dict[str, Any]:
    """comptes · contrat (pillar → orientation → objective → action → indicators named) · indicateurs · sources · mesures."""
    contrat = catalogue.contrat
    return {
        "comptes": counts(catalogue),
        "territoire": asdict(catalogue.territoire),
        "contrat": {
            "id": contrat.id,
            "titre": contrat.titre,
            "periode": asdict(contrat.periode),
            "signataires": [asdict(item) for item in contrat.signataires],
            "gouvernance": asdict(contrat.gouvernance),
            "suivi": asdict(contrat.suivi),
            "piliers": [
                {
                    "id": pilier.id,
                    "titre": pilier.titre,
                    "acteurs": pilier.acteurs,
                    "publics_cibles": pilier.publics_cibles,
                    "dispositifs": pilier.dispositifs,
                    "diagnostics": [asdict(item) for item in pilier.diagnostics],
                    "orientations": [
                        {
                            "id": orientation.id,
                            "titre": orientation.titre,
                            "objectifs": [_objectif(contrat, contrat.objectif(name)) for name in orientation.objectifs],
                        }
                        for orientation in pilier.orientations
                    ],
                }
                for pilier in contrat.piliers
            ],
            "axes": [asdict(axe) for axe in contrat.axes],
            "indicateurs": [asdict(item) for item in contrat.indicateurs],
            "etat_initial": [asdict(item) for item in contrat.etat_initial],
            "notes": [asdict(item) for item in contrat.notes],
            "glossaire": [asdict(item) for item in contrat.glossaire],
        },
        "indicateurs": [asdict(item) for item in catalogue.indicateurs.values()],
        "mesures": [asdict(item) for item in catalogue.mesures.values()],
        "dimensions": {name: asdict(item) for name, item in catalogue.dimensions.items()},
        "statistiques": {name: asdict(item) for name, item in catalogue.statistiques.items()},
        "sources": [asdict(item) for item in catalogue.sources.values()],
    }


def _objectif(contrat: Contrat, objectif: Objectif) -> dict[str, Any]:
    """One objective whole; each indicator named there carries its definition beside the contract's words."""
    table = asdict(objectif)
    for place in (table, *table["actions"]):
        for cite in place["indicateurs"]:
            definition = contrat.indicateur(cite["id"])
            cite |= {"libelle": definition.libelle, "unite": definition.unite, "alimentation": definition.alimentation}
            cite["observation"] = definition.observation
    return table


def counts(catalogue: Catalogue) -> dict[str, int]:
    """How many of each thing is declared."""
    contrat = catalogue.contrat
    return {
        "piliers": len(contrat.piliers),
        "orientations": len(contrat.orientations),
        "objectifs": len(contrat.objectifs),
        "actions": len(contrat.actions),
        "indicateurs_realisation": len(contrat.indicateurs),
        "mentions_indicateurs": len(contrat.mentions),
        "axes": len(contrat.axes),
        "engagements_axes": sum(len(axe.engagements) for axe in contrat.axes),
        "indicateurs_observation": len(catalogue.indicateurs),
        "sources": len(catalogue.sources),
        "mesures": len(catalogue.mesures),
    }


def catalogue_text(catalogue: Catalogue) -> str:
    """The same as a table of contents in French."""
    contrat = catalogue.contrat
    annees = load_cadre(contrat).annees
    lines = [contrat.titre, f"Années suivies : {annees[0]} à {annees[-1]}", ""]
    for pilier in contrat.piliers:
        lines.append(f"{pilier.titre}")
        for orientation in pilier.orientations:
            lines.append(f"  {orientation.titre}")
            for objectif in map(contrat.objectif, orientation.objectifs):
                named = len(objectif.indicateurs) + sum(len(action.indicateurs) for action in objectif.actions)
                lines.append(f"    {objectif.numero}. {objectif.titre}")
                lines.append(
                    f"       {plural(len(objectif.actions), 'action')}, {plural(named, 'indicateur cité', 'indicateurs cités')}"
                )
    for pilier in contrat.piliers:
        followed = [item for item in catalogue.indicateurs.values() if item.pilier == pilier.id]
        lines += ["", f"Indicateurs d’observation, {pilier.titre_court} : {len(followed)}", *_named(followed)]
    others = [item for item in known_indicators().values() if item.id not in catalogue.indicateurs]
    if others:
        lines += ["", "Indicateurs d’observation que le contrat ne suit pas :", *_named(others)]
    lines += ["", "Sources reconnues :", *_named(catalogue.sources.values())]
    lines += ["", "Sources statistiques, clés de [t0] :"]
    lines += [f"  {name} – {source.titre}" for name, source in catalogue.statistiques.items()]
    lines += ["", "Thèmes des crédits :", *(f"  {name} – {titre}" for name, titre in load_financements().themes.items())]
    return "\n".join(lines)


def _named(items: Iterable[Indicateur | Source]) -> list[str]:
    return [f"  {item.id} – {item.titre}" for item in items]
