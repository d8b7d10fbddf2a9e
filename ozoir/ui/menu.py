"""The menu, made from the files of `pages/`: number = place and group, first line of the docstring = label."""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.catalogue.loading import Catalogue
from ozoir.paths import PAGES, ROOT
from ozoir.ui.apparence import town_mark
from ozoir.ui.contrats import draw_contract_place, kept_address
from ozoir.ui.texts import label, safe

GROUPS = {"1": "Observer", "2": "Suivre le contrat", "3": "Données et méthode", "4": "Exploitation"}
# Pages which ask for an act that not everybody may do.
ASKED = {"administration": "personnes", "journal": "lecture du journal"}
OTHERS = "Autres pages"
HOME, ACCUEIL = ROOT / "app.py", "accueil"
SEARCH, QUESTION = "recherche", "q"


@dataclass(frozen=True)
class Entry:
    """One page file. name: the file's name without its number. texte: what the page says of itself."""

    path: Path
    name: str
    titre: str
    group: str
    texte: str = ""


def _of_pillars(catalogue: Catalogue) -> list[tuple[str, dict[str, str]]]:
    ordered = sorted(catalogue.contrat.piliers, key=lambda pilier: pilier.ordre)
    return [(pilier.titre_court, {"pilier": pilier.id}) for pilier in ordered]


# Pages which appear once per item of the catalogue: name → (label, address) of each.
REPEATED: dict[str, Callable[[Catalogue], list[tuple[str, dict[str, str]]]]] = {"pilier": _of_pillars}


@lru_cache(maxsize=4)
def find_entries(folder: Path = PAGES) -> tuple[Entry, ...]:
    """Every page, in order of number; a file without number or docstring is not a page of the menu."""
    return tuple(entry for path in sorted(folder.glob("[0-9][0-9]_*.py")) if (entry := _entry(path)))


def _entry(path: Path) -> Entry | None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstring = ast.get_docstring(tree)
    number, _, name = path.stem.partition("_")
    if not docstring:
        return None
    said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return Entry(
        path, name, docstring.splitlines()[0].rstrip("."), GROUPS.get(number[0], OTHERS), max(said[1:], key=len, default="")
    )


def page_path(name: str) -> Path:
    """The file of a page, by its name without number: « donnees »."""
    return next(entry.path for entry in find_entries() if entry.name == name)


def draw_menu(catalogue: Catalogue, here: str) -> None:
    """The side bar: where one is (`here`: a page's name), where one may go."""
    contrat = catalogue.contrat
    with st.sidebar:
        st.html(
            f"{town_mark(contrat)}"
            f'<p class="oz-contrat"><strong>Contrat de ville</strong><br>{safe(_quartier(catalogue))}<br>'
            f"{safe(contrat.commune)}, {contrat.periode.debut}–{contrat.periode.fin}</p>"
        )
        draw_contract_place(catalogue, current_identity())
        _draw_search_box()
        with st.container(key="menu", gap=None):
            _draw_link(HOME, "Accueil", {}, here == ACCUEIL)
            for group, entries in groupby(offered_entries(), key=lambda entry: entry.group):
                st.html(f'<p class="oz-groupe">{safe(group)}</p>')
                for entry in entries:
                    _draw_links(entry, catalogue, here)


def _quartier(catalogue: Catalogue) -> str:
    territoire = catalogue.territoire
    return f"Quartier {territoire.nom_quartier}" if len(catalogue.territoires) < 2 else territoire.nom_quartier


def _draw_search_box() -> None:
    """On every page, reached before the menu; the answers are a page of their own, with their own address."""
    with st.form("chercher", border=False, clear_on_submit=True):
        typed = st.text_input(
            "Mots à chercher",
            type="search",
            placeholder="Mot, sigle ou référence",
            max_chars=120,
            key="chercher-mots",
            label_visibility="collapsed",
        )
        is_sent = st.form_submit_button("Chercher", width="stretch")
    if is_sent and typed.strip():
        st.switch_page(page_path(SEARCH), query_params={QUESTION: typed.strip(), **kept_address()})


def offered_entries() -> list[Entry]:
    """Those this person may open. Hiding is a kindness: the pages themselves refuse."""
    identite = current_identity()
    return [entry for entry in find_entries() if entry.name not in ASKED or is_allowed(identite, ASKED[entry.name])]


def _draw_links(entry: Entry, catalogue: Catalogue, here: str) -> None:
    items = REPEATED[entry.name](catalogue) if entry.name in REPEATED else [(entry.titre, {})]
    for titre, address in items:
        is_here = entry.name == here and all(st.query_params.get(name) == value for name, value in address.items())
        _draw_link(entry.path, titre, address, is_here)


def _draw_link(path: Path, titre: str, address: dict[str, str], is_here: bool) -> None:
    """Streamlit marks a page as current whatever its address: the box around the link tells which one really is."""
    with st.container(key="menu-ici") if is_here else nullcontext():
        st.page_link(path, label=label(titre), query_params={**address, **kept_address()} or None, width="stretch")
