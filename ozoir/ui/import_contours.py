"""Giving the outlines of the map: one GeoJSON file, checked before it is kept."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ozoir.atelier.contours import drawn_codes, known_contours, receive_contours
from ozoir.catalogue.loading import Catalogue
from ozoir.errors import OzoirError
from ozoir.ui.frame import show_failure
from ozoir.ui.saisie import auteur_courant
from ozoir.ui.session import current_store
from ozoir.ui.televersement import let_go
from ozoir.ui.texts import raw, safe

_ROUND, _DONE = "contours-tour", "contours-faits"
HELP = (
    "GeoJSON en degrés (WGS 84)\u00a0: la commune, le quartier de 2015, celui de 2024, ensemble ou séparément. Chaque forme "
    "est reconnue par le code que portent ses propriétés."
)


def show_contours(catalogue: Catalogue) -> None:
    """Folded: it serves once in the life of a contract."""
    with st.expander("Carte du quartier\u00a0: donner les périmètres (GeoJSON)", expanded=_ROUND in st.session_state):
        known, problems = known_contours(current_store(), catalogue)
        waiting = [code for code in drawn_codes(catalogue) if code not in known]
        lines = [f"{raw(code)}\u00a0: {raw(contour.fichier)}" for code, contour in known.items()]
        lines += [f"{raw(code)}\u00a0: pas encore donné" for code in waiting]
        lines += [safe(text) for text in problems]
        st.html(f"<p>{safe(HELP)}</p><ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>")
        if done := st.session_state.pop(_DONE, ""):
            st.html(f'<p class="oz-faite" role="status">{safe(done)}</p>')
        tour = st.session_state.get(_ROUND, 0)
        file = st.file_uploader("Fichier de périmètres", type=["geojson", "json"], key=f"contours-{tour}", max_upload_size=20)
        if file and st.button("Garder ces périmètres", type="primary", key="contours-garder"):
            _keep(catalogue, file)


def _keep(catalogue: Catalogue, file: UploadedFile) -> None:
    try:
        contours = receive_contours(current_store(), catalogue, file.getvalue(), file.name, auteur_courant())
    except OzoirError as error:
        show_failure(error)
        return
    st.session_state[_DONE] = (
        f"Périmètres gardés\u00a0: {', '.join(item.code for item in contours)}. La carte est au portrait du quartier."
    )
    let_go(file, f"contours-{st.session_state.get(_ROUND, 0)}")
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()
