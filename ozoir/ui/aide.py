"""« Mode d’emploi »: a first visit in five steps for each role, tasks with their picture, and where people get stuck."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st

from ozoir.access.actes import PORTEES, ROLES
from ozoir.access.identites import current_identity
from ozoir.catalogue.toml_reading import build, read_toml
from ozoir.ui.contrats import link_to
from ozoir.ui.filters import pick
from ozoir.ui.session import recall, remember
from ozoir.ui.suivi import heading
from ozoir.ui.texts import raw, safe

PICTURES = Path(__file__).with_name("captures")
GUIDE_SEEN = "premiere-visite"


@dataclass(frozen=True)
class Etape:
    texte: str
    page: str


@dataclass(frozen=True)
class Guide:
    """The first visit of a role."""

    id: str
    etapes: tuple[Etape, ...]


@dataclass(frozen=True)
class Pas:
    """One task. montre: texts the page shows, checked before it is photographed; ancre: what the picture starts from."""

    id: str
    titre: str
    page: str
    montre: tuple[str, ...]
    texte: str
    ancre: str = ""


@dataclass(frozen=True)
class Conseil:
    titre: str
    texte: str


@dataclass(frozen=True)
class Aide:
    pas: tuple[Pas, ...]
    roles: tuple[Guide, ...]
    conseils: tuple[Conseil, ...]


@lru_cache(maxsize=1)
def load_help() -> Aide:
    path = Path(__file__).with_name("aide.toml")
    return build(Aide, read_toml(path), path)


def show_help() -> None:
    """Guide, tasks, advice."""
    _show_guide()
    heading("Pas à pas")
    for item in load_help().pas:
        _show_task(item)
    heading("Là où l’on bute")
    items = "".join(f"<dt><b>{safe(item.titre)}</b></dt><dd>{safe(item.texte)}</dd>" for item in load_help().conseils)
    st.html(f"<dl>{items}</dl>")


def _show_guide() -> None:
    heading("Votre première visite, en cinq étapes")
    guides = {item.id: item for item in load_help().roles}
    ordered = sorted(guides, key=lambda role: role not in current_identity().roles)
    with st.columns(2)[0]:
        role = pick("role", "Vous êtes", {name: ROLES[name] for name in ordered})
    steps = "".join(
        f'<li><a href="{raw(link_to(item.page or "./"))}" target="_self">{safe(item.texte)}</a></li>'
        for item in guides[role].etapes
    )
    st.html(f"<p>{safe(PORTEES[role])}</p><ol>{steps}</ol>")
    is_hidden = recall(GUIDE_SEEN) == "vue"
    st.toggle(
        "Rappeler cette visite dans le menu",
        value=not is_hidden,
        key="visite-rappel",
        on_change=lambda: remember(GUIDE_SEEN, "" if st.session_state["visite-rappel"] else "vue"),
    )


def _show_task(item: Pas) -> None:
    link = f'<a href="{raw(link_to(item.page or "./"))}" target="_self">Ouvrir cette page</a>'
    st.html(f'<h3 class="oz-message">{safe(item.titre)}</h3><p>{safe(item.texte)} {link}.</p>{_picture(item)}')


def _picture(item: Pas) -> str:
    path = PICTURES / f"{item.id}.png"
    if not path.exists():
        return ""
    data = base64.b64encode(path.read_bytes()).decode()
    alt = f"Capture d’écran : {item.titre}, données fictives"
    return f'<img class="oz-apercu" alt="{safe(alt)}" src="data:image/png;base64,{data}">'


def remind_first_visit() -> None:
    """One line in the side bar, until this person says that they have seen enough of it."""
    if recall(GUIDE_SEEN) == "vue":
        return
    link = f'<a href="{raw(link_to("aide"))}" target="_self">cinq étapes</a>'
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="rappel"):
        st.html(f'<p class="oz-rappel">Première visite\u00a0: {link}</p>', width="content")
        st.button("Masquer", key="visite-fermer", type="tertiary", on_click=lambda: remember(GUIDE_SEEN, "vue"))
