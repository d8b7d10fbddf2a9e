"""Which contract and which quartier a page is about: kept in the address, so that a link shows the same to someone else."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from ozoir.access.identites import Identite, is_allowed
from ozoir.catalogue.contrats import contract_folders, fixed_contrat, is_declared
from ozoir.catalogue.loading import Catalogue, load_catalogue
from ozoir.catalogue.toml_reading import read_toml
from ozoir.ui.texts import safe, typeset

CONTRAT, QUARTIER = "contrat", "quartier"
_CHOSEN = "contrat-choisi"  # for the reruns of a session whose address lost it
TITRE = "Choisir un contrat de ville"


def current_contrat() -> str:
    """The contract of this process, else the one the address asks for; empty when one is still to be chosen."""
    if fixed := fixed_contrat():
        return fixed
    asked = st.query_params.get(CONTRAT, "") or st.session_state.get(_CHOSEN, "")
    if not asked or not is_declared(asked):
        return ""
    st.session_state[_CHOSEN] = asked
    if st.query_params.get(CONTRAT) != asked:
        st.query_params[CONTRAT] = asked
    return asked


def current_catalogue() -> Catalogue:
    """What is declared for the contract and the quartier being looked at."""
    catalogue = load_catalogue(contrat=current_contrat())
    asked = st.query_params.get(QUARTIER, "")
    if asked in {item.id for item in catalogue.territoires[1:]}:
        return load_catalogue(contrat=current_contrat(), quartier=asked)
    return catalogue


def kept_address() -> dict[str, str]:
    """What every link of a page carries on."""
    kept = {} if fixed_contrat() else {CONTRAT: current_contrat()}
    if asked := st.query_params.get(QUARTIER, ""):
        kept[QUARTIER] = asked
    return kept


def link_to(address: str) -> str:
    """The same address (« page?a=b#place »), in the same contract and quartier."""
    kept = urlencode(kept_address())
    if not kept:
        return address
    page, mark, place = address.partition("#")
    return f"{page}{'&' if '?' in page else '?'}{kept}{mark}{place}"


def open_contracts(identite: Identite) -> list[str]:
    """The contracts this person may read, in order of name."""
    return [name for name in contract_folders() if is_allowed(identite.within(name), "consulter")]


def choose_contract(identite: Identite, style: Path) -> None:
    """The page where one chooses; a person of one contract goes straight to it. Nothing else runs."""
    names = open_contracts(identite)
    if len(names) == 1:
        _go_to(names[0])
    st.set_page_config(page_title=TITRE, layout="wide")
    st.html(style)
    asked = st.query_params.get(CONTRAT, "")
    refused = f"« {asked} » n’est pas un contrat qui vous est ouvert. " if asked else ""
    st.html(
        f'<h1 class="oz-titre">{TITRE}</h1><p class="oz-chapeau">{safe(refused)}'
        f"{safe(f'{len(names)} contrats vous sont ouverts.')}</p>"
    )
    chosen = st.selectbox(
        "Contrat de ville", names, index=None, placeholder="Taper un nom", format_func=lambda name: typeset(contract_title(name))
    )
    if chosen:
        _go_to(chosen)
    st.stop()


def _go_to(contrat: str) -> None:
    st.session_state[_CHOSEN] = contrat
    st.query_params.from_dict({CONTRAT: contrat})
    st.rerun()


@st.cache_data(show_spinner=False, max_entries=5000)
def contract_title(name: str) -> str:
    """As its own file says it: the one key read of a contract which is not shown."""
    return str(read_toml(contract_folders()[name] / "contrat.toml").get("titre", name))


def draw_contract_place(catalogue: Catalogue, identite: Identite) -> None:
    """In the side bar: the quartier, when the contract has several; the way to the other contracts, when there are any."""
    if len(catalogue.territoires) > 1:
        names = {item.id: item.nom_quartier for item in catalogue.territoires}
        key = f"quartier-{catalogue.contrat.id}"
        st.session_state[key] = catalogue.territoire.id
        st.selectbox(
            "Quartier",
            list(names),
            format_func=lambda name: typeset(names[name]),
            key=key,
            on_change=lambda: st.query_params.update({QUARTIER: st.session_state[key]}),
        )
    if not fixed_contrat() and len(_first_open(identite)) > 1 and st.button("Changer de contrat", key="changer-contrat"):
        st.session_state.pop(_CHOSEN, None)
        st.query_params.clear()
        st.rerun()


def _first_open(identite: Identite) -> list[str]:
    """Two at most: enough to know that there is another one, whatever the number declared."""
    found = []
    for name in contract_folders():
        if is_allowed(identite.within(name), "consulter"):
            found.append(name)
        if len(found) == 2:
            break
    return found
