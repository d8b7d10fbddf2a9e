"""A filled collection workbook becomes entries, before and after its pilot; everything that is wrong becomes findings.

The hidden sheet says who was asked what, and keeps each row as it was written: a missing, repeated or foreign row, a changed
label or header show by comparing with it. One blocking finding, and nothing will be saved.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from ozoir.catalogue.classeur import CONSIGNES, FEUILLES, LISTES, SCHEMA, TECHNIQUE, Entete, pilots, workbook_digest
from ozoir.catalogue.suivi import Cadre
from ozoir.errors import OzoirError, did_you_mean
from ozoir.ingestion.collecte_rows import Reponse, SheetReader
from ozoir.ingestion.collecte_worker import receive_grids
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, Finding
from ozoir.ingestion.grids import Grid, GridFile
from ozoir.ingestion.headers import read_text
from ozoir.ingestion.personal_data import find_personal_data

_WANTED = (
    "On attend le classeur préparé par l’application pour un pilote et une année. Téléchargez-le sur la page "
    "«\u00a0Classeurs de collecte\u00a0», remplissez-le et renvoyez-le sans changer ses feuilles."
)


@dataclass(frozen=True)
class Collecte:
    """A workbook, understood. reponses: one per key asked; those of unreadable rows are missing and have a finding."""

    fichier: str
    empreinte: str
    taille: int
    entete: Entete
    reponses: tuple[Reponse, ...]
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.gravite == BLOQUANT]

    @property
    def filled(self) -> list[Reponse]:
        """What its pilot changed."""
        return [reponse for reponse in self.reponses if reponse.lue != reponse.avant]


def receive_collecte(data: bytes, name: str, cadre: Cadre, annee: int) -> Collecte:
    """An uploaded workbook, opened by a limited process; OzoirError when it is no collection workbook, or not an intact one."""
    return read_collecte(receive_grids(data, name), data, name, cadre, annee)


def read_collecte(file: GridFile, data: bytes, name: str, cadre: Cadre, annee: int) -> Collecte:
    """The same from cells already read. annee: the year being collected, the only one accepted."""
    sheets = {grid.name: grid for grid in file.grids}
    if TECHNIQUE not in sheets:
        raise OzoirError("Ce fichier n’est pas un classeur de collecte.", f"«\u00a0{name}\u00a0»\u00a0: {_WANTED}")
    entete, rows = _read_copy(sheets[TECHNIQUE])
    findings = [*_check_header(entete, cadre, annee), *_about_file(file)]
    reponses: list[Reponse] = []
    for feuille in () if any(item.gravite == BLOQUANT for item in findings) else FEUILLES:
        if feuille.titre not in sheets:
            near = did_you_mean(feuille.titre, [grid.name for grid in file.grids if not grid.is_hidden])
            findings.append(Finding(BLOQUANT, f"cette feuille a été supprimée ou renommée.{near} {_WANTED}", feuille.titre))
            continue
        champs = [column.champ for column in feuille.colonnes]
        copies = {row[1]: dict(zip(champs, row[1:], strict=True)) for row in rows if row[0] == feuille.id}
        reader = SheetReader(sheets[feuille.titre], feuille, entete, cadre, copies)
        reader.read()
        findings += reader.findings
        reponses += reader.reponses
    return Collecte(name, hashlib.sha256(data).hexdigest(), len(data), entete, tuple(reponses), tuple(findings))


def _read_copy(grid: Grid) -> tuple[Entete, list[list[str]]]:
    """The hidden sheet: « name | value » lines, a blank line, then the rows as generated; its print must hold."""
    lines = [[str(cell) if isinstance(cell, str) else read_text(cell) for cell in row] for row in grid.rows]
    blank = next((rank for rank, line in enumerate(lines) if not any(line)), len(lines))
    header = {line[0]: line[1] for line in lines[:blank] if len(line) > 1}
    widths = {feuille.id: len(feuille.colonnes) + 1 for feuille in FEUILLES}
    padding = [""] * max(widths.values())  # a sheet is as wide as its last filled cell
    rows = [(line + padding)[: widths[line[0]]] for line in lines[blank:] if line and line[0] in widths]
    if header.pop("empreinte", "") != workbook_digest(header, rows):
        raise OzoirError(
            "Classeur de collecte altéré.",
            f"Sa feuille technique (masquée) «\u00a0{TECHNIQUE}\u00a0» a été modifiée\u00a0: on ne sait plus à qui ni à "
            "quelle année il se rapporte. Téléchargez un nouveau classeur et recopiez-y les réponses.",
        )
    if header["schema"] != SCHEMA:
        raise OzoirError(
            "Classeur préparé par une autre version de l’application.",
            f"Il est au schéma {header['schema']}, cette version lit le schéma {SCHEMA}. Téléchargez un nouveau classeur.",
        )
    entete = Entete(
        header["contrat"],
        header["pilote"],
        int(header["annee"]),
        date.fromisoformat(header["genere_le"]),
        header["fictif"] == "True",
    )
    return entete, rows


def _check_header(entete: Entete, cadre: Cadre, annee: int) -> list[Finding]:
    problems = []
    if entete.contrat != cadre.contrat.id:
        problems.append(
            Finding(
                BLOQUANT, "ce classeur porte sur un autre contrat de ville.", TECHNIQUE, "", entete.contrat, cadre.contrat.id
            )
        )
    elif entete.pilote not in pilots(cadre):
        problems.append(
            Finding(
                BLOQUANT, "ce pilote n’est plus nommé par le contrat. Téléchargez un nouveau classeur.", valeur=entete.pilote
            )
        )
    if entete.annee != annee:
        message = (
            f"mauvaise année\u00a0: ce classeur porte sur {entete.annee}, la collecte choisie est celle de {annee}. "
            "Changez l’année en haut de la page, ou demandez le bon classeur."
        )
        problems.append(Finding(BLOQUANT, message, valeur=str(entete.annee), suggestion=str(annee)))
    return problems


def _about_file(file: GridFile) -> list[Finding]:
    """What the guards say, less what is ours: our hidden sheets, and error cells, which get their own findings."""
    ours = {TECHNIQUE, LISTES, CONSIGNES, *(feuille.titre for feuille in FEUILLES)}
    kept = [item for item in file.findings if item.gravite == BLOQUANT or item.feuille not in ours]
    extra = [grid.name for grid in file.grids if grid.name not in ours]
    kept += find_personal_data(file.grids, ())
    return kept + [Finding(AVERTISSEMENT, "feuille ajoutée\u00a0: elle n’est pas lue.", name) for name in extra]
