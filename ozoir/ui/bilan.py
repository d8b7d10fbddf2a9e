"""The yearly report as the project team reads it before the steering committee: sections, texts, what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from ozoir.catalogue.bilan import DECRET
from ozoir.catalogue.saisies import STATUTS_ACTION, Besoin, Decision, Modification, Paragraphe, Proposition
from ozoir.charts.words import cell_text, figure_text
from ozoir.indicators.publication import Publication
from ozoir.numbers import plural
from ozoir.suivi.bilan import (
    Bilan,
    LigneRealisation,
    Observation,
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
from ozoir.ui.saisie import ask_author, editing, entry_form, show_answer, warn_if_older
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
    signature,
    status_html,
)
from ozoir.ui.texts import label, safe

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
        parts.append(f"{safe(DECRET)}, {numbers}")
    return " · ".join(parts)


def show_paragraph(dossier: Dossier, annee: int, item: SectionRedigee) -> None:
    """What the team wrote, and the field to write it; each version is kept."""
    section = item.section
    if item.texte.strip():
        st.html(f'<div class="oz-texte-libre">{safe(item.texte)}</div><p class="oz-source">{signature(item.paragraphe)}</p>')
    elif section.obligatoire:
        empty(f"Texte à rédiger. {section.consigne}")
    cible = f"paragraphe-{annee}-{section.id}"
    show_answer(cible, dossier)
    if st.toggle(label(f"Rédiger : {section.titre}"), key=f"ouvrir-{cible}"):
        ask_author_once(cible)
        opened = editing(cible, dossier)
        warn_if_older(opened, dossier)
        entry_form(cible, section.consigne, lambda: _write(opened, annee, section.id), dossier)


def ask_author_once(cible: str) -> None:
    """Several paragraphs may be open at once: the name is asked in the first only."""
    if st.session_state.get("suivi-redige") in (None, cible):
        st.session_state["suivi-redige"] = cible
        ask_author()


def _write(opened: Dossier, annee: int, section: str):
    version = opened.version(Paragraphe, annee, section)
    text = st.text_area(
        "Texte", value=version.saisie.texte if version else "", height=200, key=f"texte-{annee}-{section}-{opened.etat}",
        label_visibility="collapsed",
    ).strip()  # fmt: skip
    entry = Paragraphe(annee, section, text)
    current = version.saisie if version else Paragraphe(annee, section)
    return ([Modification(entry, version.id if version else 0)] if entry != current else []), []


def _show_missing(missing: list, annee: int) -> None:
    heading(f"Ce qui manque au bilan {annee}", plural(len(missing), "élément"))
    if not missing:
        empty("Rien ne manque : le bilan peut être présenté.")
    for sender, items in by_sender(missing).items():
        lines = "".join(f"<li>{safe(item.quoi)}</li>" for item in items)
        st.html(f"<details><summary>{safe(sender)} ({len(items)})</summary><ul>{lines}</ul></details>")


def _show_orientations(dossier: Dossier, bilan: Bilan) -> None:
    blocks = "".join(
        f"<li><strong>{safe(pilier.titre)}</strong><ul>{''.join(f'<li>{safe(o.titre)}</li>' for o in pilier.orientations)}</ul></li>"
        for pilier in dossier.cadre.contrat.piliers
    )
    st.html(f"<details><summary>Les orientations, pilier par pilier</summary><ul>{blocks}</ul></details>")


def _show_observation(dossier: Dossier, bilan: Bilan) -> None:
    show_observations(bilan.observation, bilan.annee)


def show_observations(observations: tuple[Observation, ...], annee: int) -> None:
    """The main indicators at the end of the year, their gap, what changed since the initial state; then by sex."""
    known = [item for item in observations if item.point]
    if not known:
        empty(f"Aucun indicateur principal n’a de valeur au 31/12/{annee} ou avant. La page «\u00a0Données\u00a0» dit quels fichiers charger.")
        return
    rows = [
        (
            safe(item.result.indicateur.titre),
            safe(item.point.periode),
            cell_text(item.point.qpv),
            cell_text(item.point.reste if item.point.comparateur == "reste" else item.point.commune),
            cell_text(item.point.ecart, sign=True),
            _evolution(item),
        )
        for item in known
    ]
    heads = ("Indicateur", "Date", "Quartier", "Reste ou commune", "Écart", "Évolution observée")
    show_table("Éléments d’observation", heads, rows, "")
    absent = [safe(item.result.indicateur.titre) for item in observations if not item.point]
    if absent:
        st.html(f'<p class="oz-source">Sans valeur connue\u00a0: {", ".join(absent)}.</p>')
    _show_by_sex([item for item in known if item.by_sex], annee)


def _evolution(item: Observation) -> str:
    change = item.evolution
    if change is None or not change.qpv.is_shown:
        return VIDE
    verdict = "" if change.is_significant else " n.s."
    return f"{figure_text(change.qpv, sign=True)}{verdict} <small>({change.debut.year}–{change.fin.year})</small>"


def _show_by_sex(observations: list[Observation], annee: int) -> None:
    rows = []
    for item in observations:
        for serie in item.by_sex.series[1:]:
            points = [point for point in serie.points if point.date_reference.year <= annee]
            if points:
                rows.append((safe(item.result.indicateur.titre), safe(serie.libelle), safe(points[-1].periode),
                             cell_text(points[-1].qpv), cell_text(points[-1].ecart, sign=True)))  # fmt: skip
    if rows:
        st.html('<h3 class="oz-message">Par sexe</h3>')
        show_table("Éléments d’observation par sexe", ("Indicateur", "Sexe", "Date", "Quartier", "Écart"), rows, "")


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
            f'<li><a href="{action_link(f.action.id, annee)}" target="_self">{safe(f.action.titre)}</a>\u00a0: {status_html(f.statut)}, '
            f"{percent(f.avancement)}{_comments(f)}</li>"
            for f in objectif.fiches
        )
        answers = "".join(f"<li>{_answer(line)}</li>" for line in objectif.realisations if line.ligne.reponse != "vide")
        shown = f"<p>Indicateurs</p><ul>{answers}</ul>" if answers else '<p class="oz-source">Aucun indicateur renseigné.</p>'
        parts.append(
            f"<h3>{objectif.objectif.numero}. {safe(objectif.objectif.titre)} <small>({progress_text(objectif.avancement)})</small></h3>"
            f"<ul>{actions}</ul>{shown}"
        )
    st.html(f'<details><summary>{safe(item.pilier.titre)}\u00a0: action par action</summary><div class="oz-fiche">{"".join(parts)}</div></details>')


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
    return f"{safe(indicateur.libelle)}\u00a0: {figure_cell(line.figures.realise)}" + (f" ({', '.join(beside)})" if beside else "")


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
