"""Entering: who is entering, what they had under the eyes, what became of their save; a conflict never loses a word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed, require
from ozoir.catalogue.saisies import Conflit, Modification, Saisie
from ozoir.numbers import plural
from ozoir.suivi.brouillons import over_first_seen
from ozoir.suivi.dossier import Dossier
from ozoir.suivi.enregistrement import Finding, Reponse, describe_conflict, has_blocking, save
from ozoir.ui.connexion import admit
from ozoir.ui.frame import failure_shown
from ozoir.ui.reprise import Brouillon, drop_draft, drop_drafts, keep_draft, pending, say_taken_up, take_up
from ozoir.ui.session import current_store
from ozoir.ui.texts import raw, safe

_AUTEUR, _OUVERT, _REPONSE = "suivi-auteur", "suivi-ouvert", "suivi-reponse"


def auteur_courant() -> str:
    """Who writes: the person signed in; without sign-in, what this person said of themselves in this session."""
    identity = current_identity()
    return (st.session_state.get(_AUTEUR) if identity.is_local else "") or identity.auteur


def ask_author(place: str = "") -> None:
    """Asked where one enters, kept while one goes from page to page; needless for somebody signed in."""
    if not current_identity().is_local:
        return
    st.columns([2, 3])[0].text_input(
        "Qui saisit\u202f?",
        value=st.session_state.get(_AUTEUR, ""),
        placeholder="Service ou fonction, par exemple\u00a0: Espace social",
        key=f"{_AUTEUR}-{place}",
        max_chars=80,
        on_change=lambda: st.session_state.update({_AUTEUR: st.session_state[f"{_AUTEUR}-{place}"].strip()}),
    )


def editing(cible: str, dossier: Dossier, is_shown: bool = True) -> Dossier:
    """The dossier as it was when this person opened `cible`: what their entries are compared with.

    Kept through reruns, so that somebody else's save in between shows as a conflict instead of being overwritten.
    is_shown: False when its fields were not on screen just before, so that the latest may be taken without loss.
    """
    require(current_identity(), "saisie")  # what is typed is shown unmasked
    opened = st.session_state.setdefault(_OUVERT, {})
    if not is_shown:
        opened[cible] = dossier
    return opened.setdefault(cible, dossier)


def forget(cible: str) -> None:
    """The next opening of `cible` starts from what is saved by then."""
    st.session_state.get(_OUVERT, {}).pop(cible, None)


def is_open(titre: str, cible: str) -> bool:
    """A toggle that unfolds a form, for those who may enter; unfolded from the start when they left something unsaved in it."""
    if is_allowed(current_identity(), "saisie") and st.toggle(titre, value=bool(pending(cible)), key=f"ouvrir-{cible}"):
        return True
    forget(cible)
    return False


def warn_if_older(cible: str, opened: Dossier, dossier: Dossier, watch: Callable[[Dossier], object]) -> None:
    """Says that what is being edited has been saved by somebody since, and offers to start again from it."""
    if watch(opened) != watch(dossier):
        st.html('<p class="oz-vide">Quelqu’un a enregistré une autre version depuis que vous avez ouvert cette saisie.</p>')
        if st.button("Recharger (ce que vous n’avez pas enregistré sera perdu)", key=f"recharger-{cible}"):
            forget(cible)
            drop_drafts(cible)
            st.rerun()


def submit(
    cible: str,
    dossier: Dossier,
    modifications: Sequence[Modification],
    findings: Iterable[Finding] = (),
    unsaved: Sequence[Modification] = (),
    brouillon: str = "",
) -> None:
    """Save, then show the page again with what became of it; what is refused stays on screen to be corrected.

    brouillon: the draft to forget once saved; unsaved: what of it is not shown now, hence not saved, and stays a draft.
    """
    findings = list(findings)
    if has_blocking(findings):
        show_findings("Rien n’a été enregistré. À corriger\u00a0:", findings)
        return
    if not modifications:
        st.html('<p class="oz-vide">Rien n’a changé\u00a0: il n’y a rien à enregistrer.</p>')
        return
    answer = save(current_store(), dossier.cadre, modifications, auteur_courant())
    if answer.is_refused:
        show_findings("Rien n’a été enregistré. À corriger\u00a0:", answer.constats)
        return
    st.session_state[_REPONSE] = (cible, answer)
    forget(cible)
    if brouillon and not answer.enregistrement.conflits:
        drop_draft(brouillon)
        keep_draft(brouillon, unsaved)
    st.rerun()


def show_findings(titre: str, findings: Iterable[Finding]) -> None:
    items = "".join(f"<li>{safe(finding.sentence())}</li>" for finding in findings)
    st.html(f'<div class="oz-probleme" role="alert"><strong>{safe(titre)}</strong><ul>{items}</ul></div>')


def show_answer(cible: str, dossier: Dossier) -> None:
    """What became of the last save made here; conflicts stay until they are settled."""
    kept = st.session_state.get(_REPONSE)
    if kept is None or kept[0] != cible:
        return
    answer: Reponse = kept[1]
    count = len(answer.enregistrement.ecrites)
    if count:
        st.html(f'<p class="oz-faite" role="status">{plural(count, "saisie enregistrée", "saisies enregistrées")}.</p>')
    if answer.constats:
        show_findings("Enregistré, mais à vérifier\u00a0:", answer.constats)
    conflicts = answer.enregistrement.conflits
    if not conflicts:
        del st.session_state[_REPONSE]
        return
    for rank, conflict in enumerate(conflicts):
        _show_conflict(cible, dossier, answer, conflict, rank)


def _show_conflict(cible: str, dossier: Dossier, answer: Reponse, conflict: Conflit, rank: int) -> None:
    """Both versions side by side, and the choice."""
    rows = "".join(
        f"<tr><th scope='row'>{raw(name)}</th><td>{raw(theirs)}</td><td>{raw(mine)}</td></tr>"
        for name, theirs, mine in differences(conflict.actuelle.saisie, conflict.refusee.saisie)
    )
    st.html(
        f'<div class="oz-probleme" role="alert"><strong>Deux personnes ont modifié la même saisie.</strong>'
        f"<p>{safe(describe_conflict(dossier.cadre, conflict))} Votre version n’est pas perdue\u00a0: choisissez.</p>"
        '<div class="oz-table oz-texte"><table><thead><tr><th scope="col">Champ</th><th scope="col">Version enregistrée</th>'
        f'<th scope="col">Votre version</th></tr></thead><tbody>{rows}</tbody></table></div></div>'
    )
    left, right = st.columns(2)
    if left.button("Garder la version enregistrée", key=f"conflit-garder-{rank}", width="stretch"):
        _settle(cible, answer, conflict)
        st.rerun()
    if right.button("Enregistrer la mienne par-dessus", key=f"conflit-remplacer-{rank}", width="stretch"):
        _settle(cible, answer, conflict)
        submit(cible, dossier, [Modification(conflict.refusee.saisie, conflict.actuelle.id)])


def _settle(cible: str, answer: Reponse, conflict: Conflit) -> None:
    rest = tuple(other for other in answer.enregistrement.conflits if other is not conflict)
    left = replace(answer.enregistrement, ecrites=(), conflits=rest)
    st.session_state[_REPONSE] = (cible, Reponse((), left))
    if not rest:
        drop_drafts(cible)


def differences(theirs: Saisie, mine: Saisie) -> list[tuple[str, str, str]]:
    """Field, saved value, own value, where the two differ."""
    return [
        (item.name.replace("_", " "), _shown(getattr(theirs, item.name)), _shown(getattr(mine, item.name)))
        for item in fields(theirs)
        if getattr(theirs, item.name) != getattr(mine, item.name)
    ]


def _shown(value: object) -> str:
    return {None: "(vide)", "": "(vide)", True: "oui", False: "non"}.get(value, str(value)) if _is_plain(value) else str(value)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | bool)


Fill = Callable[[Brouillon], tuple[Sequence[Modification], Sequence[Finding]]]


def entry_form(
    cible: str,
    titre: str,
    fill: Fill,
    dossier: Dossier,
    element: str = "",
    vue: str = "",
    is_in_view: Callable[[Saisie], bool] = lambda entry: True,
) -> None:
    """Fields drawn by `fill`, which says what they change beside what is saved, and the button which saves it.

    Not a form of Streamlit's: it would keep what is typed in the browser until its button, and lose it with the page.
    A fragment: typing draws these fields again, not the page. What became of the save is said under the button.
    element: what of `cible` is filled in; vue: which rows are shown, and is_in_view whether an entry is among them.
    """

    @st.fragment
    def draw() -> None:
        with failure_shown():
            admit()
            button = f"enregistrer-{cible}-{element}-{vue}"
            brouillon = take_up(cible, element, button in st.session_state)
            hidden = [item for item in brouillon.modifications if not is_in_view(item.saisie)]
            with st.container(border=bool(titre)):
                if titre:
                    st.html(f"<strong>{safe(titre)}</strong>")
                say_taken_up(brouillon)
                filled, findings = fill(brouillon)
                is_sent = st.button("Enregistrer", type="primary", key=button)
            modifications = over_first_seen(filled, brouillon.modifications)
            show_answer(cible, dossier)
            if is_sent:
                submit(cible, dossier, modifications, findings, hidden, brouillon.nom)
            keep_draft(brouillon.nom, [*hidden, *modifications])

    draw()
