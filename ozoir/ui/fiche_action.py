"""The sheet of one action: one screen, one A4; its form, and its history."""

from __future__ import annotations

import streamlit as st

from ozoir.catalogue.diffusions import RESTREINTE
from ozoir.catalogue.saisies import (
    NATURES_CREDIT,
    STATUTS_ACTION,
    TYPES_COMMENTAIRE,
    Commentaire,
    Credit,
    EtatAction,
    Realisation,
    Saisie,
    Version,
)
from ozoir.catalogue.suivi import Attendu, Cadre
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import MANQUANT, MASQUE, SIGNES
from ozoir.numbers import NBSP, format_amount
from ozoir.suivi.actions import FicheAction, action_history, action_sheet
from ozoir.suivi.bilan import disclose_line
from ozoir.suivi.brouillons import lay_over
from ozoir.suivi.diffusion import COMMENTAIRES_PUBLICS, disclose
from ozoir.suivi.dossier import Dossier
from ozoir.suivi.reponses import write_answer, write_number
from ozoir.suivi.tableaux import changes, read_indicators
from ozoir.ui.contrats import link_to
from ozoir.ui.diffusion import current_diffusion
from ozoir.ui.reprise import Brouillon
from ozoir.ui.saisie import ask_author, editing, entry_form, is_open, warn_if_older
from ozoir.ui.saisie_tableau import HELP, indicator_columns, indicator_frame
from ozoir.ui.session import current_store
from ozoir.ui.suivi import VIDE, figure_cell, percent, pick_year, signature, status_html
from ozoir.ui.tables import signs_legend, table_html
from ozoir.ui.texts import raw, safe


def show_sheet(publication: Publication, dossier: Dossier, action_id: str) -> None:
    """The sheet, then what modifies it, then what it was."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.html(f'<p class="oz-sans-impression"><a href="{raw(link_to("actions"))}" target="_self">Toutes les actions</a></p>')
    with right:
        annee = pick_year(dossier)
    sheet = action_sheet(dossier, action_id, annee)
    cible = f"fiche-{action_id}-{annee}"
    st.html(sheet_html(sheet, dossier.cadre))
    with st.container(key="fiche-saisie"):
        if is_open("Modifier cette fiche", cible):
            ask_author(cible)
            opened = editing(cible, dossier)
            warn_if_older(cible, opened, dossier, lambda it: _watched(action_sheet(it, action_id, annee)))
            entry_form(cible, f"État en {annee}", lambda draft: _fill(opened, action_id, annee, draft), dossier)
        _show_history(dossier.cadre, action_id)


def sheet_html(sheet: FicheAction, cadre: Cadre) -> str:
    """Everything to print, in the order one reads it."""
    action = sheet.action
    details = "".join(f"<li>{safe(text)}</li>" for text in action.details)
    notes = "".join(f"<li>{safe(note.titre)}. {safe(note.texte)}</li>" for note in sheet.notes)
    return (
        '<div class="oz-fiche">'
        f'<p class="oz-fil">{safe(sheet.pilier.titre_court)} › {safe(sheet.orientation.titre)} › '
        f"{sheet.objectif.numero}.{NBSP}{safe(sheet.objectif.titre)}</p>"
        f"<h2>{safe(action.titre)}</h2><blockquote>{safe(action.texte)}{f'<ul>{details}</ul>' if details else ''}</blockquote>"
        f"{_frame(sheet, cadre)}{_state(sheet)}{_indicators(sheet, cadre)}{_credits(sheet, cadre)}{_memory(sheet)}"
        + (f'<h3>À savoir sur le contrat</h3><ul class="oz-notes">{notes}</ul>' if notes else "")
        + "</div>"
    )


def _frame(sheet: FicheAction, cadre: Cadre) -> str:
    """Who, with whom, by what means, for whom, when: what the contract says."""
    action = sheet.action
    axes = [axe.titre for axe in cadre.contrat.axes if axe.id in action.axes]
    entries = (
        ("Pilotes", action.pilotes or ("Aucun pilote désigné",)),
        ("Partenaires", action.partenaires),
        ("Moyens", action.moyens),
        ("Calendrier", (action.calendrier,)),
        ("Publics", action.publics),
        ("Dispositifs", action.dispositifs),
        ("Axes", axes),
    )
    items = "".join(f"<dt>{name}</dt><dd>{safe(', '.join(values))}</dd>" for name, values in entries if any(values))
    return f"<dl>{items}</dl>"


def _state(sheet: FicheAction) -> str:
    trace = f' <small class="oz-source">({signature(sheet.etat)})</small>' if sheet.etat else ""
    comments = "".join(
        f'<dt>{TYPES_COMMENTAIRE[kind]}</dt><dd class="oz-texte-libre">{safe(version.saisie.texte)}</dd>'
        for kind, version in sheet.commentaires.items()
        if version.saisie.texte and (kind in COMMENTAIRES_PUBLICS or current_diffusion() == RESTREINTE)
    )
    return (
        f"<h3>État en {sheet.annee}</h3><dl><dt>Statut</dt><dd>{status_html(sheet.statut)}{trace}</dd>"
        f"<dt>Avancement</dt><dd>{percent(sheet.avancement)}</dd>{comments}</dl>"
    )


def _indicators(sheet: FicheAction, cadre: Cadre) -> str:
    if not sheet.indicateurs:
        return '<h3>Indicateurs</h3><p class="oz-vide">Le contrat ne prévoit aucun indicateur pour cette action.</p>'
    rows, signs = [], set()
    computed = [line.attendu for line in sheet.indicateurs if not line.attendu.is_entered and line.reponse == "vide"]
    for line in sheet.indicateurs:
        item = line.attendu
        if item in computed:
            continue
        shown = disclose_line(line, cadre.regles.seuil_personnes)
        figures = shown.figures
        label = safe(item.indicateur.libelle) + ("" if item.action else " <small>(objectif)</small>")
        values = (figures.realise, figures.cible, figures.beneficiaires, figures.dont_qpv, figures.femmes, figures.hommes)
        signs |= {figure.signe for figure in values if figure.signe in (SIGNES[MASQUE], SIGNES[MANQUANT])}
        answer = figure_cell(figures.realise)
        if item.indicateur.nature in ("texte", "oui_non") and line.realisation:
            answer = safe(write_answer(line.realisation, item.indicateur)) or "…"
        rows.append((label, figure_cell(shown.precedente.realise), answer, *(figure_cell(figure) for figure in values[1:])))
    heads = ("Indicateur", f"{sheet.annee - 1}", f"{sheet.annee}", "Cible", "Bénéficiaires", "dont QPV", "Femmes", "Hommes")
    legend = signs_legend(signs)
    table = table_html("Indicateurs de l’action", heads, rows) if rows else ""
    signs = f'<p class="oz-signes">{legend}{" · " if legend else ""}<b>nc</b>{NBSP}: non concerné</p>' if rows else ""
    return f"<h3>Indicateurs</h3>{table}{signs}{_computed(computed)}"


def _computed(attendus: list[Attendu]) -> str:
    """Indicators that partner statistics feed, with the way to them."""
    links = [
        f'<a href="{raw(link_to(f"pilier?pilier={item.objectif.pilier}#{item.indicateur.observation[0]}"))}" target="_self">'
        f"{safe(item.indicateur.libelle)}</a>"
        for item in attendus
    ]
    return f'<p class="oz-source">Suivis par les fichiers des partenaires{NBSP}: {", ".join(links)}.</p>' if links else ""


def _credits(sheet: FicheAction, cadre: Cadre) -> str:
    rows = [
        (
            safe(cadre.financements.financeurs[line.financeur].titre + (f" – {line.ligne}" if line.ligne else "")),
            safe(NATURES_CREDIT[line.nature]),
            *(VIDE if amount is None else format_amount(amount) for amount in (line.prevu, line.engage, line.paye)),
        )
        for line in sheet.credits
        if (line.prevu, line.engage, line.paye) != (None, None, None)
    ]
    if not rows:
        return f"<h3>Crédits {sheet.annee}</h3><p>Aucun montant saisi.</p>"
    heads = ("Financeur", "Nature", "Prévu", "Engagé", "Payé")
    return f"<h3>Crédits {sheet.annee}</h3>{table_html('Crédits de l’action', heads, rows)}"


def _memory(sheet: FicheAction) -> str:
    items = [
        f"<li>{raw(entry.reference)}{NBSP}: {safe(entry.texte)}{f' ({safe(entry.suite)})' if entry.suite else ''}</li>"
        for entry in (*sheet.decisions, *sheet.propositions)
    ]
    return f"<h3>Décisions et propositions</h3><ul>{''.join(items)}</ul>" if items else ""


def _watched(sheet: FicheAction) -> tuple:
    return sheet.etat, sheet.commentaires, [line.version for line in sheet.indicateurs]


def _fill(opened: Dossier, action_id: str, annee: int, brouillon: Brouillon):
    """The fields, and what they change."""
    shown = lay_over(opened, brouillon.modifications)
    sheet = action_sheet(shown, action_id, annee)
    key = f"{action_id}-{annee}-{opened.etat}-{brouillon.quand}"
    left, right = st.columns(2)
    statut = left.selectbox(
        "Statut", ["", *STATUTS_ACTION], index=["", *STATUTS_ACTION].index(sheet.statut),
        format_func=lambda id: STATUTS_ACTION.get(id, "Non renseigné"), key=f"statut-{key}",
    )  # fmt: skip
    progress = right.number_input(
        "Avancement (en\u202f%)", min_value=0, max_value=100, step=5, value=sheet.avancement, key=f"avancement-{key}"
    )
    entries: list[Saisie] = [EtatAction(action_id, annee, statut, progress)]
    for place, (kind, label) in zip([*st.columns(2), *st.columns(2)], TYPES_COMMENTAIRE.items(), strict=True):
        known = sheet.commentaires.get(kind)
        text = place.text_area(label, value=known.saisie.texte if known else "", key=f"{kind}-{key}", height=90)
        entries.append(Commentaire(action_id, annee, kind, text.strip()))
    modifications = changes(opened, entries)
    attendus = [line.attendu for line in sheet.indicateurs if line.attendu.is_entered]
    if not attendus:
        return modifications, []
    st.caption(HELP)
    frame = indicator_frame(shown, attendus, annee)
    columns = indicator_columns(annee)
    edited = st.data_editor(
        frame, column_config=columns, column_order=list(columns), hide_index=True, placeholder="", key=f"indicateurs-{key}"
    )
    rows = edited.astype(object).to_dict("records")
    answers, findings = read_indicators(opened, annee, rows)
    return [*modifications, *answers], findings


def _show_history(cadre: Cadre, action_id: str) -> None:
    versions = action_history(current_store(), action_id)
    rows = []
    for version in versions:
        what, said = tell(cadre, version)
        rows.append((signature(version), safe(what), safe(said) + _withdrawn(version)))
    body = "<p>Rien n’a encore été saisi.</p>"
    if rows:
        body = table_html("Historique de l’action", ("Saisi par", "Quoi", "Version"), rows, "oz-texte")
    st.html(f'<details class="oz-sans-impression"><summary>Historique ({len(versions)})</summary>{body}</details>')


def _withdrawn(version: Version) -> str:
    return "" if version.is_counted else " <small>(classeur retiré)</small>"


def tell(cadre: Cadre, version: Version) -> tuple[str, str]:
    """What a version is about, and what it says, in words."""
    entry = version.saisie
    if isinstance(entry, EtatAction):
        return f"État {entry.annee}", f"{STATUTS_ACTION.get(entry.statut, 'non renseigné')}, {percent(entry.avancement)}"
    if isinstance(entry, Commentaire):
        return f"{TYPES_COMMENTAIRE[entry.type]} {entry.annee}", entry.texte or "(retiré)"
    if isinstance(entry, Realisation):
        return f"{cadre.contrat.indicateur(entry.indicateur).libelle} {entry.annee}", tell_answer(cadre, entry)
    return f"Crédits {entry.annee}, {cadre.financements.financeurs[entry.financeur].titre}", _tell_credit(entry)


def tell_answer(cadre: Cadre, entry: Realisation) -> str:
    """The answer as it may be shown: small counts of persons stay masked in the history too."""
    indicateur = cadre.contrat.indicateur(entry.indicateur)
    figure = disclose(entry, indicateur, cadre.regles.seuil_personnes).realise
    answer = figure.signe if figure.statut == MASQUE else write_answer(entry, indicateur) or "pas de réponse"
    return f"{answer}, cible {write_number(entry.cible)}" if entry.cible is not None else answer


def _tell_credit(entry: Credit) -> str:
    parts = (("prévu", entry.prevu), ("engagé", entry.engage), ("payé", entry.paye))
    return ", ".join(f"{name} {format_amount(amount)}" for name, amount in parts if amount is not None) or "(ligne retirée)"
