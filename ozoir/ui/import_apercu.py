"""A sheet as it stands, with what each of its columns was taken for."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ozoir.ui.texts import raw, safe

_ROLES = {"territoire": "territoire", "ventilation": "ventilation", "valeur": "valeur"}
_TARGETED = "La case est encadrée ; la ligne d’en-tête est reprise au-dessus."
_AFTER, _FACTS, _COLUMNS, _BESIDE = 8, 8, 30, 4


def show_previews(apercus: Sequence, key: str) -> None:
    """One sheet at a time when there are several."""
    if not apercus:
        return
    names = {rank: sheet.nom or "Texte" for rank, sheet in enumerate(apercus)}
    with st.expander("Aperçu du fichier, cases lues", expanded=True):
        rank = st.selectbox("Feuille", list(names), format_func=names.__getitem__, key=f"apercu-{key}") if len(names) > 1 else 0
        st.html(preview_html(apercus[rank]))


def preview_html(sheet) -> str:
    """The header's neighbourhood, then rows which gave facts; the role of each column is written above it."""
    return _table_html(sheet, _chosen_lines(sheet), _chosen_columns(sheet), _explain(sheet))


def cell_html(sheet, line: int, column: int) -> str:
    """One cell, marked, in its neighbourhood: the header, a few lines, the columns beside it and those which say what it is."""
    known = [number for number, _ in sheet.lignes]
    lines = [number for number in known if number == sheet.entete or abs(number - line) <= _BESIDE]
    said = {number for number, role in sheet.roles if role != "valeur"}
    columns = sorted({number for number in range(1, sheet.largeur + 1) if number in said or abs(number - column) <= _BESIDE})
    table = _table_html(sheet, lines, columns, _TARGETED, (line, column))
    return f'<div class="oz-serre">{table}</div>'


def _table_html(sheet, lines: Sequence[int], columns: Sequence[int], explained: str, target: tuple[int, int] = (0, 0)) -> str:
    roles = dict(sheet.roles)
    heads = "".join(f'<th scope="col">{_letters(column)}</th>' for column in columns)
    words = "".join(f"<th>{_role_word(sheet, roles, column)}</th>" for column in columns)
    body, previous = [], 0
    for line in lines:
        if previous and line > previous + 1:
            body.append(f'<tr class="oz-saut"><th scope="row">⋮</th><td colspan="{len(columns)}"></td></tr>')
        body.append(_row(sheet, line, columns, roles, target))
        previous = line
    return (
        f'<p class="oz-signes">{safe(explained)}</p><div class="oz-table oz-grille" tabindex="0" role="group" '
        f'aria-label="Aperçu de la feuille {raw(sheet.nom)}"><table><thead><tr><th></th>{heads}</tr>'
        f'<tr class="oz-roles"><th scope="row">Lu comme</th>{words}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
    )


def _explain(sheet) -> str:
    size = f"{sheet.hauteur} lignes, {sheet.largeur} colonnes"
    if sheet.entete:
        return f"{size} ; en-tête reconnu à la ligne {sheet.entete} : {sheet.tableau}. Les premières lignes, puis des lignes chargées."
    return f"{size} ; aucun en-tête reconnu."


def _chosen_lines(sheet) -> list[int]:
    known = [line for line, _ in sheet.lignes]
    top = sheet.entete or 1
    near = [line for line in known if line <= top + _AFTER and line >= top - 6]
    others = [line for line in known if line > 300][:_FACTS]
    return [*near, *others] if others else near


def _chosen_columns(sheet) -> list[int]:
    width = min(sheet.largeur, 200)
    marked = [column for column, _ in sheet.roles if column <= width]
    first = (
        marked[:_COLUMNS] if len(marked) > _COLUMNS else sorted({*marked, *range(1, min(width, _COLUMNS) + 1)})[: _COLUMNS + 10]
    )
    return first or list(range(1, min(width, _COLUMNS) + 1))


def _role_word(sheet, roles: dict[int, str], column: int) -> str:
    return _ROLES.get(roles.get(column, ""), "non lue" if sheet.entete else "?")


def _row(sheet, line: int, columns: Sequence[int], roles: dict[int, str], target: tuple[int, int]) -> str:
    texts = sheet.rows[line]
    kind = "entete" if line == sheet.entete else ""
    cells = []
    for column in columns:
        text = texts[column - 1] if column <= len(texts) else ""
        mark = kind or (roles.get(column, "") if sheet.entete and line > sheet.entete else "")
        if (line, column) == target:
            cells.append(f'<td class="oz-c-cible" aria-current="true">{raw(text)}</td>')
            continue
        cells.append(f'<td class="oz-c-{mark}">{raw(text)}</td>' if mark else f"<td>{raw(text)}</td>")
    return f'<tr><th scope="row">{line}</th>{"".join(cells)}</tr>'


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
