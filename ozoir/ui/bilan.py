"""The yearly report as the project team reads it before the steering committee: sections, texts, what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from ozoir.catalogue.bilan import DECRET
from ozoir.catalogue.saisies import STATUTS_ACTION, Besoin, Decision, Proposition
from ozoir.indicators.publication import Publication
from ozoir.numbers import plural
from ozoir.suivi.bilan import (
    Bilan,
    LigneRealisation,
    PilierRealise,
    SectionRedigee,
    build_bilan,
    women_share,
)
from ozoir.suivi.completude import by_sender, list_missing
from ozoir.suivi.couverture import build_matrix
from ozoir.suivi.dossier import Dossier
from ozoir.suivi.reponses import write_answer
from ozoir.ui.actions import action_link
from ozoir.ui.credits import show_credit_tables
from ozoir.ui.evaluation import show_evaluation
from ozoir.ui.filters import pick
from ozoir.ui.gouvernance import followed_rows, opinion_row
from ozoir.ui.observations import show_observations
from ozoir.ui.paragraphes import show_paragraph
from ozoir.ui.suivi import (
    VIDE,
    empty,
    figure_cell,
    heading,
    open_dossier,
    percent,
    pick_year,
    progress_text,
    show_table,
    status_html,
)
from ozoir.ui.texts import capitalise, safe

VUES = {"bilan": "Bilan de l’année", "manques": "Ce qui manque", "evaluation": "Évaluation sur plusieurs années"}


def show_report(publication: Publication) -> None:
    dossier = open_dossier(publication)
    left, right = st.columns(2)
    with left:
        annee = pick_year(dossier)
    with right:
        vue = pick("vue", "Afficher", VUES)
    if vue == "evaluation":
        show_evaluation(publication, dossier, annee)
        return
    bilan = build_bilan(publication, dossier, annee)
    missing = list_missing(bilan, build_matrix(publication, dossier, date.today()), dossier.cadre)
    if vue == "manques":
        _show_missing(missing, annee)
        return
    _show_summary(bilan, len(missing))
    for rank, section in enumerate(bilan.sections, 1):
        _show_section(dossier, bilan, section, rank, sum(item.section == section.section.id for item in missing))


def _show_summary(bilan: Bilan, missing: int) -> None:
    written = sum(bool(item.texte.strip()) for item in bilan.sections)
    state = "rien ne manque" if not missing else plural(missing, "élément manquant", "éléments manquants")
    st.html(
        f'<p class="oz-chapeau">Bilan {bilan.annee}\u00a0: {plural(written, "texte rédigé", "textes rédigés")} sur '
        f"{len(bilan.sections)}, {state}.</p>"
    )


def _show_section(dossier: Dossier, bilan: Bilan, item: SectionRedigee, rank: int, missing: int) -> None:
    section = item.section
    heading(f"{rank}. {section.titre}", f"{plural(missing, 'élément manquant', 'éléments manquants')}" if missing else "")
    st.html(f'<p class="oz-source">{_answers_to(dossier, item)}</p>')
    show_paragraph(dossier, bilan.annee, item)
    if section.contenu:
        CONTENUS[section.contenu](dossier, bilan)


def _answers_to(dossier: Dossier, item: SectionRedigee) -> str:
    """Which clause of the contract and which items of the decree."""
    clauses = {clause.id: clause.titre for clause in dossier.cadre.contrat.suivi.clauses_bilan}
    parts = [f"Contrat\u00a0: {safe(clauses[item.section.clause])}"] if item.section.clause else []
    if item.section.decret:
        numbers = " et ".join(f"{number}°" for number in item.section.decret)
        parts.append(f"{safe(capitalise(DECRET))}, {numbers}")
    return " · ".join(parts)


def _show_missing(missing: list, annee: int) -> None:
    heading(f"Ce qui manque au bilan {annee}", plural(len(missing), "élément"))
    if not missing:
        empty("Rien ne manque : le bilan peut être présenté.")
    for sender, items in by_sender(missing).items():
        lines = "".join(f"<li>{safe(item.quoi)}</li>" for item in items)
        st.html(f"<details><summary>{safe(sender)} ({len(items)})</summary><ul>{lines}</ul></details>")


def _show_orientations(dossier: Dossier, bilan: Bilan) -> None:
    blocks = "".join(
        f"<li><strong>{safe(pilier.titre)}</strong><ul>"
        + "".join(f"<li>{safe(orientation.titre)}</li>" for orientation in pilier.orientations)
        + "</ul></li>"
        for pilier in dossier.cadre.contrat.piliers
    )
    st.html(f"<details><summary>Les orientations, pilier par pilier</summary><ul>{blocks}</ul></details>")


def _show_observation(dossier: Dossier, bilan: Bilan) -> None:
    show_observations(bilan.observation, bilan.annee)


def _show_actions(dossier: Dossier, bilan: Bilan) -> None:
    rows = [
        (safe(p.pilier.titre), *(str(p.avancement.par_statut[s] or VIDE) for s in STATUTS_ACTION),
         str(p.avancement.actions - p.avancement.renseignees or VIDE), progress_text(p.avancement))
        for p in bilan.piliers
    ]  # fmt: skip
    show_table(f"Actions en {bilan.annee}", ("Pilier", *STATUTS_ACTION.values(), "Non renseigné", "Avancement moyen"), rows, "")
    for pilier in bilan.piliers:
        _show_pillar(pilier, bilan.annee)
    _show_beneficiaries(bilan)


def _show_pillar(item: PilierRealise, annee: int) -> None:
    """Objective by objective, folded: actions and their status, indicators and their values."""
    parts = []
    for objectif in item.objectifs:
        actions = "".join(
            f'<li><a href="{action_link(f.action.id, annee)}" target="_self">{safe(f.action.titre)}</a>\u00a0: '
            f"{status_html(f.statut)}, {percent(f.avancement)}{_comments(f)}</li>"
            for f in objectif.fiches
        )
        answers = "".join(f"<li>{_answer(line)}</li>" for line in objectif.realisations if line.ligne.reponse != "vide")
        shown = f"<p>Indicateurs</p><ul>{answers}</ul>" if answers else '<p class="oz-source">Aucun indicateur renseigné.</p>'
        parts.append(
            f"<h3>{objectif.objectif.numero}. {safe(objectif.objectif.titre)} "
            f"<small>({progress_text(objectif.avancement)})</small></h3><ul>{actions}</ul>{shown}"
        )
    body = f'<div class="oz-fiche">{"".join(parts)}</div>'
    st.html(f"<details><summary>{safe(item.pilier.titre)}\u00a0: action par action</summary>{body}</details>")


def _comments(fiche) -> str:
    texts = [version.saisie.texte for version in fiche.commentaires.values() if version.saisie.texte]
    return f'<br><small class="oz-source">{safe(" – ".join(texts))}</small>' if texts else ""


def _answer(line: LigneRealisation) -> str:
    """« Participants : 30 (cible 40 ; année précédente 25) »."""
    indicateur = line.ligne.attendu.indicateur
    if indicateur.nature in ("texte", "oui_non"):
        return f"{safe(indicateur.libelle)}\u00a0: {safe(write_answer(line.ligne.realisation, indicateur))}"
    beside = [
        f"{name} {figure_cell(figure)}"
        for name, figure in (("cible", line.figures.cible), ("année précédente", line.precedente.realise))
        if figure.is_shown
    ]
    context = f" ({', '.join(beside)})" if beside else ""
    return f"{safe(indicateur.libelle)}\u00a0: {figure_cell(line.figures.realise)}{context}"


def _show_beneficiaries(bilan: Bilan) -> None:
    """Data by sex, as the decree asks."""
    rows = []
    for pilier in bilan.piliers:
        for objectif in pilier.objectifs:
            for line in objectif.realisations:
                figures = line.figures
                if line.ligne.realisation and line.ligne.realisation.beneficiaires is not None:
                    cells = (figures.beneficiaires, figures.dont_qpv, figures.femmes, figures.hommes, women_share(figures))
                    rows.append((safe(line.ligne.attendu.indicateur.libelle), *(figure_cell(figure) for figure in cells)))
    if rows:
        st.html('<h3 class="oz-message">Bénéficiaires, par sexe</h3>')
        heads = ("Indicateur", "Bénéficiaires", "dont QPV", "Femmes", "Hommes", "Part des femmes")
        show_table("Bénéficiaires par sexe", heads, rows, "")
        st.html('<p class="oz-signes"><b>s</b>\u00a0: moins de cinq personnes, ou valeur qui permettrait de le retrouver.</p>')


def _show_adjustments(dossier: Dossier, bilan: Bilan) -> None:
    _show_memory(dossier, bilan, Proposition, "Propositions")
    _show_memory(dossier, bilan, Decision, "Décisions")
    st.html(f'<h3 class="oz-message">Programme {bilan.annee + 1}</h3>')
    if not bilan.programme:
        empty("Aucune proposition n’est inscrite au programme. Cochez «\u00a0programme\u00a0» dans la page Gouvernance.")
        return
    show_table(f"Programme {bilan.annee + 1}", *followed_rows(dossier, Proposition, bilan.programme, date.today()))


def _show_needs(dossier: Dossier, bilan: Bilan) -> None:
    _show_memory(dossier, bilan, Besoin, "Besoins")


def _show_memory(dossier: Dossier, bilan: Bilan, kind, titre: str) -> None:
    """This year's, those still open, and what became of those closed this year."""
    memory = bilan.memoire[kind]
    for subtitle, items in (
        (f"{titre} {bilan.annee}", memory.nouvelles),
        (f"{titre} des années précédentes, encore à suivre", memory.reports.ouverts),
        (f"{titre} des années précédentes, closes cette année", memory.reports.clos),
    ):
        if items:
            st.html(f'<h3 class="oz-message">{safe(subtitle)}</h3>')
            show_table(subtitle, *followed_rows(dossier, kind, items, date.today()))
    if not (memory.nouvelles or memory.reports.ouverts or memory.reports.clos):
        empty(f"{titre} : rien n’est saisi. La page Gouvernance permet d’en ajouter.")


def _show_credits(dossier: Dossier, bilan: Bilan) -> None:
    if not bilan.credits.total.lignes:
        empty(f"Aucun crédit n’est saisi pour {bilan.annee}. La page Crédits permet d’en ajouter.")
        return
    show_credit_tables(bilan.credits, dossier.cadre)


def _show_opinions(dossier: Dossier, bilan: Bilan) -> None:
    if not bilan.avis:
        empty("Aucun avis n’est saisi. La page Gouvernance permet d’en ajouter.")
        return
    rows = [opinion_row(version.saisie) for version in bilan.avis]
    show_table("Avis", ("Instance", "Transmis le", "Rendu le", "Avis", "Texte"), rows)


CONTENUS: dict[str, Callable[[Dossier, Bilan], None]] = {
    "orientations": _show_orientations,
    "observation": _show_observation,
    "actions": _show_actions,
    "ajustements": _show_adjustments,
    "credits": _show_credits,
    "besoins": _show_needs,
    "avis": _show_opinions,
}
