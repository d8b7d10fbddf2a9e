"""Imports after the fact: who, when, what; what each one feeds; withdrawing, restoring, comparing, doubting a figure."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.atelier.contestation import Contestation, contest_fact, contested_facts, fact_key, lift_contestation
from ozoir.atelier.correspondances import list_correspondances, withdraw
from ozoir.atelier.historique import compare_two, fed_results, find_cell, read_original, restore_import, withdraw_import
from ozoir.atelier.libelles import describe_territory, describe_value
from ozoir.catalogue.libelles import describe_cle
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle
from ozoir.indicators.publication import Publication
from ozoir.numbers import NBSP, format_date, format_number, plural
from ozoir.ui.contrats import current_contrat, link_to
from ozoir.ui.import_case import show_asked_cell
from ozoir.ui.import_ecarts import show_comparison
from ozoir.ui.origines import link_to_cell
from ozoir.ui.saisie import auteur_courant
from ozoir.ui.session import current_store
from ozoir.ui.suivi import empty, heading, show_table
from ozoir.ui.telechargements import reserve
from ozoir.ui.texts import raw, safe, typeset

_SHOWN = 200


def show_history(publication: Publication, catalogue: Catalogue) -> None:
    """The list, one import in detail, two compared, doubts in progress."""
    imports = publication.imports()
    heading("Les imports", plural(len(imports), "import"))
    if not imports:
        empty("Aucun fichier n’a encore été chargé. Déposez-en un dans « Déposer des fichiers ».")
        return
    show_table("Imports", _HEADS, [_row(item, catalogue) for item in imports])
    titles = {item.id: typeset(f"n° {item.id} – {item.fichier}, chargé le {format_date(item.charge_le)}") for item in imports}
    asked = st.query_params.get("numero", "")
    numbers = list(titles)
    rank = numbers.index(int(asked)) if asked.isdecimal() and int(asked) in titles else 0
    number = st.selectbox("Voir un import", numbers, index=rank, format_func=titles.__getitem__, key="import-choisi")
    chosen = next(item for item in imports if item.id == number)
    _show_one(publication, catalogue, chosen)
    _show_two(catalogue, titles)
    _show_doubts(catalogue)
    _show_layouts()


_HEADS = ["Import", "Fichier", "Reconnu comme", "Édition", "Chargé le", "Par", "Faits", "Constats", "État", "Empreinte"]


def _row(item, catalogue: Catalogue) -> tuple[str, ...]:
    source = catalogue.sources.get(item.layout)
    return (
        f"n°{NBSP}{item.id}",
        raw(item.fichier),
        safe(source.titre if source else item.layout),
        safe(item.edition or "–"),
        f"{format_date(item.charge_le)} à {item.charge_le:%H:%M} (UTC)",
        safe(item.auteur),
        format_number(item.faits),
        format_number(len(item.constats)),
        "Retiré" if item.statut == "retire" else "Chargé",
        f"<code>{raw(item.empreinte[:12])}</code>",
    )


def _show_one(publication: Publication, catalogue: Catalogue, item) -> None:
    with st.container(border=True, key="import-detail"):
        st.html(f'<h3 class="oz-message">Import n°{NBSP}{item.id}, {raw(item.fichier)}</h3>')
        show_asked_cell(catalogue, item)
        _show_dates(item)
        fed = fed_results(publication.results(), item.id)
        names = "".join(
            f'<li><a href="{raw(link_to(f"pilier?pilier={result.indicateur.pilier}#{result.indicateur.id}"))}" target="_self">{safe(result.indicateur.titre)}</a></li>'
            for result in fed
        )
        st.html(
            f'<p><strong>Indicateurs alimentés</strong> ({len(fed)})</p><ul class="oz-alimentes">{names}</ul>'
            if fed
            else "<p>Aucun indicateur affiché ne vient de cet import.</p>"
        )
        _show_facts(publication, catalogue, item)
        _show_undoing(item)


def _show_dates(item) -> None:
    rows = [
        (safe(bloc), safe(", ".join(f"{day[8:]}/{day[5:7]}/{day[:4]}" for day in days))) for bloc, days in item.dates.items()
    ]
    if rows:
        show_table("Dates par bloc", ["Bloc", "Date des données"], rows)


def _show_facts(publication: Publication, catalogue: Catalogue, item) -> None:
    """Published facts of the contract's territories that come from this import: value, cell; one of them may be doubted."""
    facts = publication.faits()
    facts = facts[facts["import_id"] == item.id].head(_SHOWN).to_dict("records")
    with st.expander(f"Ses faits, quartier et commune ({len(facts)})"):
        if not facts:
            st.html("<p>Aucun fait en vigueur\u00a0: une édition plus récente les a remplacés, ou l’import est retiré.</p>")
            return
        doubts = contested_facts(current_store())
        show_table(
            "Faits de l’import",
            ["Chiffre", "Territoire", "Date", "Valeur", "Feuille et case", "Contesté"],
            [_fact_row(catalogue, fact, doubts) for fact in facts],
        )
        if not is_allowed(current_identity(), "contestation"):
            return
        names = {rank: typeset(_fact_name(catalogue, fact)) for rank, fact in enumerate(facts)}
        rank = st.selectbox("Contester un chiffre", list(names), format_func=names.__getitem__, key=f"contester-{item.id}")
        note = st.text_input(
            "Pourquoi\u202f? (la note s’affiche partout où ce chiffre sert)", key=f"contester-note-{item.id}", max_chars=500
        )
        if st.button("Marquer comme contesté", key=f"contester-bouton-{item.id}", disabled=not note.strip()):
            contest_fact(current_store(), fact_key(facts[rank]), note, auteur_courant())
            st.rerun()


def _fact_name(catalogue: Catalogue, fact: dict) -> str:
    cle = Cle(fact["mesure"], fact["sexe"], fact["age"], fact["detail"])
    return f"{describe_cle(catalogue, cle)}, {describe_territory(catalogue, fact['territoire'], fact['zonage'])}, {format_date(fact['date_reference'])}"


def _fact_row(catalogue: Catalogue, fact: dict, doubts: dict) -> tuple[str, ...]:
    doubt = doubts.get(fact_key(fact))
    is_masked = fact["statut"] == "masque"
    cellule = "" if is_masked else find_cell(fact)
    return (
        safe(describe_cle(catalogue, Cle(fact["mesure"], fact["sexe"], fact["age"], fact["detail"]))),
        safe(describe_territory(catalogue, fact["territoire"], fact["zonage"])),
        format_date(fact["date_reference"]),
        "s" if is_masked else safe(describe_value(catalogue, fact["mesure"], fact["valeur"], fact["statut"])),
        f"{raw('' if is_masked else fact['feuille'])} {link_to_cell(fact['import_id'], fact['feuille'], cellule)}",
        safe(doubt.note) if doubt else "–",
    )


def _show_undoing(item) -> None:
    columns = st.columns(2)
    if is_allowed(current_identity(), "import") and (original := read_original(current_store(), item)):
        columns[1].download_button(
            "Télécharger le fichier d’origine",
            data=reserve("import", original[1], current_contrat()),
            file_name=original[0],
            on_click="ignore",
            key=f"original-{item.id}",
            width="stretch",
        )
    elif not item.conserve:
        columns[1].html("<p>Le fichier d’origine n’est pas gardé\u00a0: seuls ses totaux le sont.</p>")
    if item.statut == "retire":
        if not is_allowed(current_identity(), "rétablissement d’import"):
            return
        if columns[0].button("Rétablir cet import", key=f"retablir-{item.id}", width="stretch"):
            with st.spinner("Rétablissement en cours…"):
                restore_import(current_store(), item.id, auteur_courant())
            st.rerun()
        return
    if not is_allowed(current_identity(), "retrait d’import"):
        return
    motif = columns[0].text_input("Motif du retrait", key=f"motif-retrait-{item.id}", max_chars=200)
    if columns[0].button("Retirer cet import", key=f"retirer-{item.id}", disabled=not motif.strip(), width="stretch"):
        with st.spinner("Retrait en cours…"):
            withdraw_import(current_store(), item.id, auteur_courant(), motif.strip())
        st.rerun()


def _show_two(catalogue: Catalogue, titles: dict[int, str]) -> None:
    if len(titles) < 2 or not is_allowed(current_identity(), "import"):
        return
    with st.expander("Comparer deux imports"):
        left, right = st.columns(2)
        numbers = list(titles)
        first = left.selectbox("Le premier", numbers, index=1, format_func=titles.__getitem__, key="comparer-premier")
        second = right.selectbox("Le second", numbers, index=0, format_func=titles.__getitem__, key="comparer-second")
        if st.toggle("Montrer les différences", key="comparer"):
            with st.spinner("Comparaison en cours…"):
                compared = compare_two(current_store(), catalogue, first, second)
            show_comparison(compared, first, second)


def _show_doubts(catalogue: Catalogue) -> None:
    doubts = list(contested_facts(current_store()).values())
    heading("Les chiffres contestés", plural(len(doubts), "chiffre"))
    if not doubts:
        empty("Aucun chiffre n’est contesté.")
        return
    rows = [
        (safe(_doubt_name(catalogue, item)), safe(item.note), safe(item.auteur), format_date(item.saisi_le)) for item in doubts
    ]
    show_table("Chiffres contestés", ["Chiffre", "Note", "Par", "Le"], rows)
    if is_allowed(current_identity(), "levée de contestation"):
        with st.expander("Lever une contestation"):
            _lift(catalogue, doubts)


def _lift(catalogue: Catalogue, doubts: Sequence[Contestation]) -> None:
    names = {rank: typeset(_doubt_name(catalogue, item)) for rank, item in enumerate(doubts)}
    rank = st.selectbox("Chiffre contesté", list(names), format_func=names.__getitem__, key="lever-chiffre")
    note = st.text_input("Réponse obtenue", key="lever-note", max_chars=500)
    if st.button("Lever la contestation", key="lever-bouton", disabled=not note.strip()):
        lift_contestation(current_store(), doubts[rank].cle, note, auteur_courant())
        st.rerun()


def _doubt_name(catalogue: Catalogue, item: Contestation) -> str:
    _, mesure, territoire, zonage, day, sexe, age, detail = item.cle
    return f"{describe_cle(catalogue, Cle(mesure, sexe, age, detail))}, {describe_territory(catalogue, territoire, zonage)}, {format_date(day)}"


def _show_layouts() -> None:
    """Layouts described in the app: exported for review, or withdrawn."""
    saved = [item for item in list_correspondances(current_store()) if not item.retiree]
    heading("Les mises en page décrites ici", plural(len(saved), "mise en page", "mises en page"))
    if not saved:
        empty("Aucune\u00a0: seules celles livrées avec le programme sont reconnues.")
        return
    show_table(
        "Mises en page décrites ici",
        ["Mise en page", "Par", "Le"],
        [(safe(item.titre), safe(item.auteur), format_date(item.saisi_le)) for item in saved],
    )
    titles = {item.identifiant: item.titre for item in saved}
    columns = st.columns([2, 1, 1], vertical_alignment="bottom")
    chosen = columns[0].selectbox(
        "Mise en page", list(titles), format_func=lambda name: typeset(titles[name]), key="mise-en-page"
    )
    item = next(one for one in saved if one.identifiant == chosen)
    columns[1].download_button(
        "Exporter (.toml)",
        data=item.declaration,
        file_name=f"{item.identifiant}.toml",
        mime="application/toml",
        on_click="ignore",
        key="mise-en-page-exporter",
        width="stretch",
    )
    if not is_allowed(current_identity(), "correspondance"):
        return
    if columns[2].button("Ne plus la reconnaître", key="mise-en-page-retirer", width="stretch"):
        withdraw(current_store(), item, auteur_courant())
        st.rerun()
