"""The cell a figure comes from, shown where it stands in the file which was received."""

from __future__ import annotations

import re

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.atelier.historique import Import, read_around
from ozoir.catalogue.loading import Catalogue
from ozoir.errors import OzoirError
from ozoir.ui.constats import on_screen
from ozoir.ui.import_apercu import cell_html
from ozoir.ui.session import current_store
from ozoir.ui.texts import raw, safe

_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def show_asked_cell(catalogue: Catalogue, item: Import) -> None:
    """The cell named in the address, if any."""
    cellule = _CELL.fullmatch(st.query_params.get("cellule", ""))
    if st.query_params.get("numero") != str(item.id) or not cellule:
        return
    feuille = st.query_params.get("feuille", "")
    where = f"{feuille}, {cellule[0]}" if feuille else cellule[0]
    st.html(f'<h4 id="case">La case d’où vient le chiffre\u00a0: {raw(where)}</h4>')
    if not is_allowed(current_identity(), "import"):
        st.html("<p>Voir le fichier d’origine demande le rôle d’analyste.</p>")
        return
    try:
        with st.spinner("Lecture du fichier d’origine…"):
            sheet = _sheet(catalogue, item, feuille, int(cellule[2]))
    except OzoirError as error:
        st.html(f'<p class="oz-vide">{safe(error.title)} {safe(on_screen(error.message))}</p>')
        return
    if sheet is None:
        st.html("<p>Le fichier d’origine n’est pas gardé, ou ne se montre pas\u00a0: seuls ses chiffres le sont.</p>")
        return
    st.html(cell_html(sheet, int(cellule[2]), _number(cellule[1])))


def _sheet(catalogue: Catalogue, item: Import, feuille: str, line: int):
    """Read once for one cell asked."""
    asked = (item.empreinte, feuille, line)
    kept = st.session_state.get("import-case")
    if kept is None or kept[0] != asked:
        sheet = read_around(current_store(), catalogue, item, feuille, line)
        kept = st.session_state["import-case"] = (asked, sheet)
    return kept[1]


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number
