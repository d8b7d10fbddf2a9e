"""The door: who is signed in, the screen of those who are not, and the session's place in the side bar."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from ozoir.access.actes import ROLES
from ozoir.access.comptes import accounts_path, read_accounts
from ozoir.access.identites import LOCAL, Identite, current_identity, is_allowed, resolve_with
from ozoir.exploitation.personnes import note_outside_change
from ozoir.exploitation.sessions import ANONYME, close_session, identify
from ozoir.paths import chosen_base
from ozoir.ui.contrats import choose_contract, current_contrat
from ozoir.ui.session import opened_store
from ozoir.ui.texts import label, safe

TOKEN = 43  # characters
STYLE = Path(__file__).with_name("style.css")
_PROVIDER_KEYS = {"client_id", "client_secret", "server_metadata_url"}


def is_configured() -> bool:
    """True when `.streamlit/secrets.toml` has an [auth] section. An unreadable file stops everybody."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def lengthen_tokens() -> None:
    """`state` and `nonce` of 43 characters: the library draws 30 and 20, ProConnect asks for 32 at least."""
    from authlib.common.security import generate_token
    from authlib.integrations.base_client import sync_app
    from authlib.oauth2 import client

    for module in (sync_app, client):
        module.generate_token = lambda length=TOKEN: generate_token(max(length, TOKEN))


def identity_of(claims: Mapping[str, Any]) -> Identite:
    """Who a valid cookie belongs to, now."""
    if not claims.get("is_logged_in"):
        return ANONYME
    store = opened_store()
    note_outside_change(store)
    niveaux = _asked_levels(str(claims.get("provider", "")))
    return identify(store, read_accounts(accounts_path(chosen_base())), claims, time.time(), niveaux)


def _asked_levels(provider: str) -> list[str]:
    """What `acr_values` asks of this provider: its own section, or the unnamed one."""
    auth = st.secrets["auth"]
    section = auth[provider] if provider in auth and hasattr(auth[provider], "keys") else auth
    return str(section.get("authorize_params", {}).get("acr_values", "")).split()


def _signed_in() -> Identite:
    """With the roles that the person has on the contract being looked at."""
    return identity_of(st.user.to_dict()).within(current_contrat()) if is_configured() else LOCAL


resolve_with(_signed_in)


def admit() -> None:
    """Lets in whoever may read this contract; the others choose another one, or sign in, and nothing else runs."""
    identite = current_identity()
    if current_contrat() and is_allowed(identite, "consulter"):
        return
    if is_allowed(identite.anywhere(), "consulter"):
        choose_contract(identite, STYLE)
    st.html(f'<h1 class="oz-titre">Contrat de ville</h1><p class="oz-chapeau">{safe(identite.motif)}</p>')
    if st.user.get("is_logged_in"):
        st.button("Se déconnecter", on_click=_sign_out, args=(identite,))
    else:
        _draw_sign_in()
    st.stop()


def _draw_sign_in() -> None:
    st.html(
        '<p class="oz-vide">Cette application est réservée aux personnes inscrites. '
        "Connectez-vous avec votre compte professionnel.</p>"
    )
    for provider in providers():
        titre = f"Se connecter avec {provider}" if provider else "Se connecter"
        st.button(
            label(titre), key=f"connexion-{provider}", type="primary", on_click=st.login, args=(provider,) if provider else ()
        )


def providers() -> list[str]:
    """The unnamed provider as "", then those which have their own section."""
    auth = st.secrets["auth"]
    named = [name for name in auth if hasattr(auth[name], "keys") and set(auth[name].keys()) >= _PROVIDER_KEYS]
    return ([""] if set(auth.keys()) >= _PROVIDER_KEYS else []) + named


def draw_session() -> None:
    """Under the menu: who is here, with which roles, and the way out."""
    identite = current_identity()
    with st.sidebar:
        if identite.is_local:
            st.html(
                '<p class="oz-session">Poste local, sans connexion\u00a0: tous les rôles. Rien '
                "n’est accessible depuis un autre poste.</p>"
            )
            return
        held = ", ".join(ROLES[role].lower() for role in ROLES if role in identite.roles)
        st.html(f'<p class="oz-session"><strong>{safe(identite.nom)}</strong><br>{safe(held)}</p>')
        st.button("Se déconnecter", key="deconnexion", on_click=_sign_out, args=(identite,))


def _sign_out(identite: Identite) -> None:
    """Here first, so that a copied cookie is worth nothing, then at the provider's."""
    if identite.auteur:
        close_session(opened_store(), identite, st.user.to_dict())
    st.logout()
