"""The administrator's page: people and roles, settings, backups, health, names of those who left."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ozoir.access.actes import ACTES, PORTEES, ROLES
from ozoir.access.comptes import Comptes
from ozoir.access.identites import current_identity, require
from ozoir.catalogue.contrats import contract_folders, has_several_contracts
from ozoir.errors import OzoirError
from ozoir.exploitation.personnes import erase_identity, give_roles, known_agents, list_people, remove_person
from ozoir.exploitation.sante import examine
from ozoir.exploitation.sauvegardes import back_up_now, kept_backups, reason_of
from ozoir.numbers import format_date, format_size, plural
from ozoir.ui.frame import show_failure
from ozoir.ui.reglages import show_settings
from ozoir.ui.session import current_store
from ozoir.ui.tables import table_html
from ozoir.ui.texts import safe

_DONE = "administration-faite"


def show_administration() -> None:
    require(current_identity(), "personnes")
    if text := st.session_state.pop(_DONE, ""):
        st.html(f'<p class="oz-faite" role="status">{safe(text)}</p>')
    _show_people()
    show_settings(_do)
    _show_backups()
    _show_health()
    _show_agents()


def _heading(text: str, small: str = "") -> None:
    st.html(f'<h2 class="oz-theme">{safe(text)}<small>{safe(small)}</small></h2>')


def _do(text: str, act: Callable[[], object], is_sure: bool = True) -> None:
    """Run an act; what it refuses is said in place, else the page is shown again with what was done.

    is_sure: whether the person ticked the confirmation of what cannot be undone.
    """
    if not is_sure:
        show_failure(OzoirError("Rien n’a été changé.", "Cochez d’abord la confirmation."))
        return
    try:
        with st.spinner("En cours…"):
            act()
    except OzoirError as error:
        show_failure(error)
        return
    st.session_state[_DONE] = text
    st.rerun()


def _show_people() -> None:
    people = list_people(current_store())
    _heading("Personnes et rôles", plural(len(people.personnes), "personne"))
    if current_identity().is_local:
        st.html(
            '<p class="oz-vide">Ce poste fonctionne sans connexion\u00a0: son utilisateur a tous les rôles. '
            "Les personnes ci-dessous compteront quand la connexion sera configurée.</p>"
        )
    rows = [
        (safe(item.courriel or item.identifiant), safe(item.nom or "–"), safe(_roles(item.roles, item.contrats)))
        for item in people.personnes
    ]
    rows += [
        (
            safe(f"Toute personne dont «\u00a0{item.nom}\u00a0» contient «\u00a0{item.valeur}\u00a0»"),
            "–",
            safe(_roles(item.roles, item.contrats)),
        )
        for item in people.revendications
    ]
    if rows:
        st.html(table_html("Personnes et rôles", ["Personne", "Nom", "Rôles"], rows, "oz-texte"))
    left, right = st.columns(2)
    with left:
        _form_to_give()
    with right:
        _form_to_remove(people)
    with st.expander("Ce que permet chaque rôle"):
        st.html(_table_of_acts())


def _form_to_give() -> None:
    with st.form("donner-roles", clear_on_submit=False):
        courriel = st.text_input("Adresse électronique", max_chars=120)
        nom = st.text_input("Nom à montrer", max_chars=80)
        roles = st.multiselect("Rôles", list(ROLES), format_func=ROLES.get, placeholder="Choisir")
        contrats = _pick_contracts()
        if st.form_submit_button("Donner ces rôles", type="primary"):
            _do(f"Rôles donnés à {courriel}.", lambda: give_roles(current_store(), courriel, nom, roles, contrats))


def _pick_contracts() -> list[str]:
    """None stands for all of them: what a base of one contract needs."""
    if not has_several_contracts():
        return []
    return st.multiselect("Contrats (aucun choisi : tous)", list(contract_folders()), placeholder="Tous")


def _form_to_remove(people: Comptes) -> None:
    if not people.personnes:
        return
    with st.form("retirer-personne"):
        rank = st.selectbox(
            "Personne à retirer",
            range(len(people.personnes)),
            format_func=lambda rank: people.personnes[rank].courriel or people.personnes[rank].identifiant,
        )
        is_sure = st.checkbox("Je confirme\u00a0: ses rôles lui seront retirés, son accès s’arrête.")
        if st.form_submit_button("Retirer"):
            person = people.personnes[rank]
            _do(
                "Personne retirée\u00a0: son accès s’arrête à son prochain clic.",
                lambda: remove_person(current_store(), person.courriel, person.identifiant),
                is_sure,
            )


def _roles(roles: frozenset[str], contrats: frozenset[str]) -> str:
    held = ", ".join(titre for role, titre in ROLES.items() if role in roles) or "aucun"
    return f"{held} ({', '.join(sorted(contrats))} seulement)" if contrats else held


def _table_of_acts() -> str:
    asked = [acte for acte in ACTES.values() if not acte.is_automatic]
    rows = [(safe(acte.titre), *("✓" if role in acte.roles else "–" for role in ROLES)) for acte in asked]
    scope = "".join(f"<li><strong>{safe(ROLES[role])}</strong>\u00a0: {safe(text)}</li>" for role, text in PORTEES.items())
    return f'<ul class="oz-cle">{scope}</ul>' + table_html("Actes et rôles", ["Acte", *ROLES.values()], rows, "oz-texte")


def _show_backups() -> None:
    backups = kept_backups(current_store())
    _heading("Sauvegardes", f"{plural(len(backups), 'sauvegarde gardée', 'sauvegardes gardées')}")
    if st.button("Sauvegarder maintenant"):
        _do("Sauvegarde écrite et relue.", lambda: back_up_now(current_store()))
    if not backups:
        st.html('<p class="oz-vide">Aucune sauvegarde\u00a0: la première se fait avant le prochain import.</p>')
        return
    rows = [
        (
            safe(f"{format_date(item.faite_le)} à {item.faite_le:%H:%M} (UTC)"),
            safe(reason_of(item)),
            format_size(item.taille),
            safe(item.path.name),
        )
        for item in backups
    ]
    st.html(table_html("Sauvegardes", ["Faite le", "Pourquoi", "Taille", "Fichier"], rows, "oz-texte"))
    st.html(
        '<p class="oz-vide">Pour restaurer\u00a0: arrêtez l’application, puis <code>python -m ozoir '
        "restaurer FICHIER</code>.</p>"
    )


def _show_health() -> None:
    health = examine(current_store())
    _heading(
        "État de l’installation",
        "tout va bien" if not health.problemes else plural(len(health.problemes), "point à regarder", "points à regarder"),
    )
    if health.problemes:
        items = "".join(f"<li>{safe(text)}</li>" for text in health.problemes)
        st.html(f'<div class="oz-probleme"><strong>À regarder</strong><ul>{items}</ul></div>')
    st.html(
        table_html(
            "État de l’installation",
            ["Élément", "Valeur"],
            [(safe(name), safe(value)) for name, value in health.rows()],
            "oz-texte",
        )
    )


def _show_agents() -> None:
    agents = [agent for agent in known_agents(current_store()) if agent.efface_le is None]
    if not agents:
        return
    _heading("Noms des agents", plural(len(agents), "nom"))
    with st.form("effacer-identite"):
        st.html(
            '<p class="oz-vide">Quand un agent est parti\u00a0: son nom disparaît de la base et des sauvegardes, '
            "ce qu’il a fait reste sous une référence.</p>"
        )
        rank = st.selectbox(
            "Agent", range(len(agents)), format_func=lambda rank: agents[rank].nom or agents[rank].courriel or agents[rank].id
        )
        is_sure = st.checkbox("Je confirme\u00a0: un nom effacé ne revient pas.")
        if st.form_submit_button("Effacer ce nom"):
            _do("Nom effacé.", lambda: erase_identity(current_store(), agents[rank].id), is_sure)
