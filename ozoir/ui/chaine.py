"""On a pillar's page: each objective with its actions, its indicators, its credits, and where the chain breaks."""

from __future__ import annotations

import streamlit as st

from ozoir.catalogue.contrat import Pilier
from ozoir.catalogue.saisies import VIDE as SANS_REPONSE
from ozoir.charts.words import cell_text, figure_text
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import Result
from ozoir.numbers import plural
from ozoir.suivi.bilan import disclose_line
from ozoir.suivi.chaine import ENTREE, RUPTURES, MaillonAction, MaillonObjectif, build_chain, list_breaks
from ozoir.suivi.dossier import Dossier
from ozoir.suivi.reponses import write_answer
from ozoir.ui.actions import action_link
from ozoir.ui.suivi import (
    figure_cell,
    heading,
    latest_year,
    object_title,
    open_dossier,
    percent,
    progress_text,
    status_html,
    sum_text,
)
from ozoir.ui.texts import raw, safe


def show_chain(publication: Publication, pilier: Pilier) -> None:
    """Objective → actions → indicators → credits, then the breaks."""
    dossier = open_dossier(publication)
    annee = latest_year(dossier)
    chain = build_chain(publication.catalogue, dossier, annee, pilier.id)
    heading("Objectifs, actions, réalisations et crédits", f"année {annee}")
    objectives = "".join(_objective(publication, dossier, maillon, annee) for maillon in chain)
    st.html(objectives + _breaks(dossier, chain, annee))


def _objective(publication: Publication, dossier: Dossier, maillon: MaillonObjectif, annee: int) -> str:
    objectif = maillon.objectif
    state = f"avancement {progress_text(maillon.avancement)}" if maillon.avancement.renseignees else "aucun état saisi"
    money = f", engagé {sum_text(maillon.credits.engage)}" if maillon.credits.lignes else ""
    summary = (
        f"{objectif.numero}. {safe(objectif.titre)} <small>({plural(len(maillon.actions), 'action')}, {state}{money})</small>"
    )
    observed = "".join(f"<li>{_observed(publication.result(id))}</li>" for id in maillon.observation)
    parts = [
        f"<p>Ce que disent les statistiques</p><ul>{observed}</ul>" if observed else "",
        f"<p>Indicateurs de l’objectif</p><ul>{_answers(dossier, maillon)}</ul>" if maillon.indicateurs else "",
        f"<p>Actions</p><ul>{''.join(_action(dossier, item, annee) for item in maillon.actions)}</ul>",
    ]
    asked = " open" if st.query_params.get("objectif") == objectif.id else ""
    return f"<details{asked}><summary>{summary}</summary>{''.join(parts)}</details>"


def _observed(result: Result) -> str:
    """The indicator, with the way to its chart, and its latest figure."""
    link = f'<a href="#{raw(result.indicateur.id)}">{safe(result.indicateur.titre)}</a>'
    point = result.total.latest if result.total else None
    if point is None:
        return f"{link}\u00a0: en attente de données"
    gap = f", écart {cell_text(point.ecart, sign=True)}" if point.ecart.is_shown else ""
    return f"{link}\u00a0: {figure_text(point.qpv)} ({safe(point.periode)}){gap}"


def _action(dossier: Dossier, item: MaillonAction, annee: int) -> str:
    statut = next((id for id, count in item.avancement.par_statut.items() if count), "")
    money = f", engagé {sum_text(item.credits.engage)}" if item.credits.lignes else ""
    answers = _answers(dossier, item)
    return (
        f'<li><a href="{action_link(item.action.id, annee)}" target="_self">{safe(item.action.titre)}</a>\u00a0: '
        f"{status_html(statut)}, {percent(item.avancement.moyenne)}{money}{f'<ul>{answers}</ul>' if answers else ''}</li>"
    )


def _answers(dossier: Dossier, item: MaillonAction | MaillonObjectif) -> str:
    return "".join(f"<li>{_answer(dossier, line)}</li>" for line in item.indicateurs)


def _answer(dossier: Dossier, line) -> str:
    indicateur = line.attendu.indicateur
    if line.reponse == SANS_REPONSE:
        said = "pas de réponse" if line.attendu.is_entered else "donné par les statistiques"
    elif indicateur.nature in ("texte", "oui_non"):
        said = safe(write_answer(line.realisation, indicateur))
    else:
        said = figure_cell(disclose_line(line, dossier.cadre.regles.seuil_personnes).figures.realise)
    return f"{safe(indicateur.libelle)}\u00a0: {said}"


def _breaks(dossier: Dossier, chain: list[MaillonObjectif], annee: int) -> str:
    """The contract's own breaks, then those that entering data would mend."""
    breaks = list_breaks(chain)
    total = sum(len(items) for items in breaks.values())
    if not total:
        return ""
    blocks = []
    for genre, items in sorted(breaks.items(), key=lambda pair: pair[0] in ENTREE):
        lines = "".join(
            f"<li>{safe(item.texte)} <small>({safe(object_title(dossier.cadre, item.objet))})</small></li>" for item in items
        )
        blocks.append(f"<details><summary>{RUPTURES[genre]} ({len(items)})</summary><ul>{lines}</ul></details>")
    count = plural(total, "rupture", "ruptures")
    return f'<div class="oz-vide"><strong>{count} dans la chaîne en {annee}</strong>{"".join(blocks)}</div>'
