"""One sheet of a collection workbook → entries, each row compared with the copy kept when it was made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ozoir.catalogue.classeur import (
    CLE_CREDIT,
    CREDITS,
    FERMEE,
    INDICATEURS,
    LIBELLE,
    RAPPEL,
    SAISIE,
    TEXTE,
    Colonne,
    Entete,
    Feuille,
    Valeur,
    choices,
    financeurs_of,
    indicator_natures,
    objets_of,
    split_key,
)
from ozoir.catalogue.saisies import TYPES_COMMENTAIRE, Commentaire, Credit, EtatAction, Realisation, Saisie
from ozoir.catalogue.suivi import Cadre
from ozoir.ingestion.collecte_cells import Lecture, find_person, read_cell, read_copy, shown_text
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, Finding, cell_name
from ozoir.ingestion.grids import Cell, Grid
from ozoir.ingestion.headers import normalise, read_text
from ozoir.ingestion.saisies import Lieu, check_entry

_YEAR = re.compile(r"\b(20\d\d)\b")
_SHOWN = 60
_FOREIGN = "Une ligne ne se copie pas d’un classeur à l’autre\u00a0: remplissez-la dans le sien."


@dataclass(frozen=True)
class Reponse:
    """What the workbook held about one key when it was made, and what it holds now; lieu: its cells."""

    avant: Saisie
    lue: Saisie
    lieu: Lieu


class SheetReader:
    """Reads one sheet. copies: key → field → text as generated."""

    def __init__(
        self, grid: Grid, feuille: Feuille, entete: Entete, cadre: Cadre, copies: Mapping[str, Mapping[str, str]]
    ) -> None:
        self.grid, self.feuille, self.entete, self.cadre, self.copies = grid, feuille, entete, cadre, copies
        self.choices = choices(objets_of(cadre, entete.pilote), financeurs_of(cadre))
        self.indicateurs = {item.id: item for item in cadre.contrat.indicateurs}
        self.findings: list[Finding] = []
        self.reponses: list[Reponse] = []
        self.ranks: dict[str, int] = {}

    def read(self) -> None:
        """Fills `reponses` and `findings`."""
        header = self._find_headers()
        if header is None:
            return
        seen: dict[str, int] = {}
        for line in range(header + 1, len(self.grid.rows) + 1):
            if any(read_text(self._cell(line, column)) or self._error(line, column) for column in self.feuille.colonnes):
                self._read_row(line, seen)
        for cle in self.copies:
            if cle not in seen:
                self._refuse(
                    f"la ligne «\u00a0{self._label(self.copies[cle])}\u00a0» a été supprimée. Reprenez le classeur d’origine."
                )

    def _find_headers(self) -> int | None:
        """The line of the headers, once all of them are found; what is wrong becomes findings."""
        technical = self.feuille.colonnes[0].titre
        line = next((rank for rank, row in enumerate(self.grid.rows, 1) if technical in map(read_text, row)), None)
        if line is None:
            self._refuse("la ligne des titres de colonnes, ou la première colonne (masquée), a été supprimée.")
            return None
        found = {normalise(read_text(cell)): rank for rank, cell in reversed(list(enumerate(self.grid.rows[line - 1], 1)))}
        expected = {normalise(column.entete(self.entete.annee)) for column in self.feuille.colonnes}
        for rank, column in enumerate(self.feuille.colonnes, 1):
            title = column.entete(self.entete.annee)
            if (place := found.get(normalise(title))) is not None:
                self.ranks[column.champ] = place
                continue
            read = read_text(self.grid.rows[line - 1][rank - 1]) if rank <= self.grid.width else ""
            if normalise(read) in expected:
                read = ""
            elif read:
                self.ranks[column.champ] = rank  # only its words have changed: the rows are read, to say everything at once
            self._refuse_header(title, read, cell_name(line, rank))
        return line if len(self.ranks) == len(self.feuille.colonnes) else None

    def _refuse_header(self, title: str, read: str, cell: str) -> None:
        years, wanted = set(_YEAR.findall(read)), set(_YEAR.findall(title))
        if years and years != wanted and normalise(_YEAR.sub("", read)) == normalise(_YEAR.sub("", title)):
            message = f"mauvaise année\u00a0: ce classeur porte sur {self.entete.annee}."
        elif read:
            message = "le titre de cette colonne a été modifié."
        else:
            message = "le titre de cette colonne a disparu."
        self._refuse(message, cell, read, title)

    def _read_row(self, line: int, seen: dict[str, int]) -> None:
        cle = read_text(self._cell(line, self.feuille.colonnes[0]))
        if not cle and self.feuille is CREDITS:
            if any(self._text(line, column) for column in self.feuille.colonnes if column.role == SAISIE):
                self._read_new_credit(line, seen)
            return
        place = cell_name(line, self.ranks["cle"]) if cle else self._first_cell(line)
        if cle in seen:
            self._refuse(
                f"ligne en double\u00a0: elle figure déjà à la ligne {seen[cle]}. Supprimez la copie.",
                place,
                self._row_label(line),
            )
        elif cle not in self.copies:
            self._refuse(self._explain_foreign(cle, line), place, self._row_label(line))
        else:
            seen[cle] = line
            self._read_known_row(line, cle)

    def _read_known_row(self, line: int, cle: str) -> None:
        copy, natures = self.copies[cle], self._natures(cle)
        if natures is None:
            message = "cet indicateur n’est plus suivi. Téléchargez un nouveau classeur."
            self._refuse(message, self._first_cell(line), self._row_label(line))
            return
        for column in self.feuille.colonnes:
            if column.role in (LIBELLE, RAPPEL) or natures[column.champ] == FERMEE:
                self._compare_locked(line, column, copy[column.champ])
        before = {
            column.champ: read_copy(copy[column.champ], natures[column.champ], self.choices.get(column.liste, {}))
            for column in self.feuille.colonnes
            if column.role == SAISIE and natures[column.champ] != FERMEE
        }
        values = self._read_values(line, natures)
        if values is not None:
            self._answer(line, self._entries(cle, before), self._entries(cle, values))

    def _read_new_credit(self, line: int, seen: dict[str, int]) -> None:
        values = self._read_values(line, {column.champ: column.nature for column in self.feuille.colonnes})
        if values is None:
            return
        cle = "|".join(str(part) for part in (self.entete.annee, *(values[name] for name in CLE_CREDIT)))
        if cle in self.copies or cle in seen:
            where = f"à la ligne {seen[cle]}" if cle in seen else "plus haut"
            self._refuse(
                f"cette ligne de crédits existe déjà {where}\u00a0: même action, même financeur, même nature. Corrigez "
                "l’autre, ou donnez un intitulé à celle-ci.",
                self._first_cell(line),
                self._row_label(line),
            )
            return
        seen[cle] = line
        if all(values[name] is None for name in ("prevu", "engage", "paye")):
            message = "ligne sans montant\u00a0: elle n’est pas enregistrée. Écrivez 0 si le montant est nul."
            self.findings.append(Finding(AVERTISSEMENT, message, self.feuille.titre, self._first_cell(line)))
            return
        empty = dict.fromkeys(values, None) | {"commentaire": ""}
        self._answer(line, self._entries(cle, empty), self._entries(cle, values))

    def _read_values(self, line: int, natures: Mapping[str, str]) -> dict[str, Valeur] | None:
        """The row's cells to fill, or None when one of them cannot be read."""
        values, is_readable = {}, True
        for column in self.feuille.colonnes:
            nature = natures[column.champ]
            if column.role != SAISIE or nature == FERMEE:
                continue
            place = cell_name(line, self.ranks[column.champ])
            if error := self._error(line, column):
                self._refuse(
                    f"la case contient une erreur ou une formule sans résultat enregistré ({error}). Écrivez la valeur.", place
                )
                is_readable = False
                continue
            read = read_cell(self._cell(line, column), nature, self.choices.get(column.liste, {}))
            if read.message:
                shown = shown_text(self._cell(line, column))[:_SHOWN]
                self._report(read, place, shown)
                is_readable &= read.is_warning
            elif nature == TEXTE and (person := find_person(read.valeur)):
                self._report(person, place)
                is_readable &= person.is_warning
            values[column.champ] = read.valeur
        return values if is_readable else None

    def _answer(self, line: int, before: list[Saisie], after: list[Saisie]) -> None:
        lieu = Lieu(self.feuille.titre, {champ: cell_name(line, rank) for champ, rank in self.ranks.items()})
        for former, read in zip(before, after, strict=True):
            self.reponses.append(Reponse(former, read, lieu))
            if former != read:
                self.findings += check_entry(self.cadre, read, lieu)

    def _entries(self, cle: str, values: Mapping[str, Valeur]) -> list[Saisie]:
        annee, objet, *rest = split_key(cle)
        if self.feuille is CREDITS:
            financeur, nature, ligne = rest
            amounts = {name: values[name] for name in ("prevu", "engage", "paye")}
            return [Credit(objet, financeur, int(annee), nature, ligne, **amounts, commentaire=values["commentaire"])]
        if self.feuille is INDICATEURS:
            return [_realisation(objet, rest[0], int(annee), values)]
        comments = [Commentaire(objet, int(annee), kind, values[kind]) for kind in TYPES_COMMENTAIRE]
        return [EtatAction(objet, int(annee), values["statut"], values["avancement"]), *comments]

    def _natures(self, cle: str) -> dict[str, str] | None:
        """Field → what its cell accepts; None when the row's indicator is no longer declared."""
        natures = {column.champ: column.nature for column in self.feuille.colonnes}
        if self.feuille is CREDITS:
            return natures | dict.fromkeys(CLE_CREDIT, FERMEE)
        if self.feuille is INDICATEURS:
            indicateur = self.indicateurs.get(split_key(cle)[2])
            return natures | indicator_natures(indicateur) if indicateur else None
        return natures

    def _compare_locked(self, line: int, column: Colonne, expected: str) -> None:
        text = self._text(line, column)
        if normalise(text) == normalise(expected):
            return
        place = cell_name(line, self.ranks[column.champ])
        if column.role == RAPPEL:
            message = (
                "cette valeur de l’année précédente ne se corrige pas ici\u00a0: le changement est ignoré. "
                "Corrigez-la dans l’application."
            )
            self.findings.append(Finding(AVERTISSEMENT, message, self.feuille.titre, place, text[:_SHOWN], expected[:_SHOWN]))
            return
        message = "cette case verrouillée a été modifiée."
        if owner := self._owner_of(text):
            message += f" Ce libellé est celui d’une action pilotée par {owner}. {_FOREIGN}"
        self._refuse(message, place, text[:_SHOWN], expected)

    def _explain_foreign(self, cle: str, line: int) -> str:
        annee, objet, *_ = [*split_key(cle), ""]
        if annee.isdigit() and int(annee) != self.entete.annee:
            years = f"cette ligne vient d’un classeur de {annee}, celui-ci porte sur {self.entete.annee}"
            return f"mauvaise année\u00a0: {years}. {_FOREIGN}"
        owner = self._pilots_of(objet) or self._owner_of(self._row_label(line))
        if owner:
            return f"cette ligne vient d’un autre classeur\u00a0: {owner} pilote cette action. {_FOREIGN}"
        return "cette ligne n’appartient pas à ce classeur\u00a0: la feuille n’accepte pas de ligne nouvelle."

    def _pilots_of(self, objet: str) -> str:
        items = {item.id: item.pilotes for item in (*self.cadre.contrat.objectifs, *self.cadre.contrat.actions)}
        return ", ".join(items.get(objet, ()))

    def _owner_of(self, label: str) -> str:
        """The pilots of the action that has this title, when it is not in this workbook."""
        own = self.choices["objets"]
        titles = {normalise(action.titre): action for action in self.cadre.contrat.actions if action.id not in own}
        action = titles.get(normalise(label))
        return ", ".join(action.pilotes) if action else ""

    def _label(self, copy: Mapping[str, str]) -> str:
        names = [column.champ for column in self.feuille.colonnes if column.role == LIBELLE or column.champ in CLE_CREDIT]
        return ", ".join(copy[name] for name in names[:2])

    def _row_label(self, line: int) -> str:
        """The text that names the row to its reader: the action, the indicator."""
        return self._text(line, self.feuille.colonnes[1 if self.feuille is CREDITS else 2])[:_SHOWN]

    def _first_cell(self, line: int) -> str:
        ranks = [self.ranks[column.champ] for column in self.feuille.colonnes[1:] if self._text(line, column)]
        return cell_name(line, min(ranks, default=2))

    def _cell(self, line: int, column: Colonne) -> Cell:
        return self.grid.rows[line - 1][self.ranks[column.champ] - 1]

    def _text(self, line: int, column: Colonne) -> str:
        return shown_text(self._cell(line, column))

    def _error(self, line: int, column: Colonne) -> str:
        return self.grid.errors.get((line, self.ranks[column.champ]), "")

    def _report(self, read: Lecture, cell: str, value: str = "") -> None:
        gravite = AVERTISSEMENT if read.is_warning else BLOQUANT
        self.findings.append(Finding(gravite, read.message, self.feuille.titre, cell, value, read.suggestion))

    def _refuse(self, message: str, cell: str = "", value: str = "", suggestion: str = "") -> None:
        self.findings.append(Finding(BLOQUANT, message, self.feuille.titre, cell, value, suggestion))


def _realisation(objet: str, indicateur: str, annee: int, values: Mapping[str, Valeur]) -> Realisation:
    counts = {name: values[name] for name in ("beneficiaires", "dont_qpv", "femmes", "hommes")}
    numbers = {name: _as_number(values.get(name)) for name in ("realise", "cible")}
    return Realisation(objet, indicateur, annee, bool(values["non_concerne"]), **numbers, **counts, texte=values["texte"])


def _as_number(value: Valeur) -> float | None:
    """A yes is 1, a no is 0."""
    if value in (None, ""):
        return None
    return {"oui": 1.0, "non": 0.0}[value] if isinstance(value, str) else float(value)
