"""A first description of an unknown sheet, for the analyst to correct: from its cells, or from the layout it is near."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ozoir.catalogue.libelles import describe_cle
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import parse_cle
from ozoir.ingestion.dates import mark_periods, replace_periods
from ozoir.ingestion.headers import PERIOD, normalise
from ozoir.ingestion.mapping import (
    COMMUNE,
    DATE,
    DE_LA_FEUILLE,
    DEPARTEMENT,
    DES_ENTETES,
    DIMENSION,
    DU_FICHIER,
    EN_LIGNE,
    EPCI,
    FRANCE,
    IGNORER,
    LIBELLE,
    LIEUX,
    MESURE,
    QUARTIER,
    REGION,
    TERRITOIRE,
    Colonne,
    Description,
    describe_source,
    source_id,
)
from ozoir.ingestion.mapping_suggestions import (
    Proposal,
    guess_header,
    list_keys,
    match_modalities,
    propose,
    read_headers,
    suggest_key,
)
from ozoir.ingestion.previews import SheetPreview
from ozoir.ingestion.territories import is_aggregate

# The pages do not know ingestion: what they need of its mappings comes through here.
__all__ = [
    "COMMUNE",
    "DATE",
    "DEPARTEMENT",
    "DES_ENTETES",
    "DE_LA_FEUILLE",
    "DIMENSION",
    "DU_FICHIER",
    "EN_LIGNE",
    "EPCI",
    "FRANCE",
    "IGNORER",
    "LIBELLE",
    "LIEUX",
    "MESURE",
    "QUARTIER",
    "REGION",
    "TERRITOIRE",
    "Brouillon",
    "Colonne",
    "Description",
    "Proposal",
    "describe_content",
    "draft",
    "group_by_period",
    "is_place",
    "list_keys",
    "match_modalities",
    "name_group",
    "source_id",
    "suggest_key",
]

_CODE = re.compile(r"Q[PN]\w{6}|\d{5}|2[AB]\d{3}|\d{9}")
_SURE = 45.0  # below, a suggestion is offered but not taken


@dataclass(frozen=True)
class Brouillon:
    """What is proposed before anybody has chosen. connues: header → what the nearest layout says of it."""

    ligne: int
    is_nested: bool
    statistique: str
    titre: str
    periode: str
    proposals: tuple[Proposal, ...]
    connues: dict[str, Colonne] = field(default_factory=dict)
    lignes: dict[str, str] = field(default_factory=dict)
    jour: str = "12-31"
    vide: str = "manquant"
    intitule: str = ""
    zonage: str = ""

    def contenu(self, proposal: Proposal) -> str:
        """What is taken unless the analyst says otherwise."""
        if proposal.entete in self.connues:
            return self.connues[proposal.entete].contenu
        best = proposal.suggestions[0] if proposal.suggestions else None
        return best.contenu if best and best.score >= _SURE and not self.connues else IGNORER

    def valeurs(self, proposal: Proposal) -> dict[str, str]:
        """Known meanings of its words."""
        return self.connues[proposal.entete].valeurs if proposal.entete in self.connues else {}


def draft(
    catalogue: Catalogue, sheet: SheetPreview, ligne: int = 0, is_nested: bool | None = None, statistique: str = ""
) -> Brouillon:
    """The proposals for a sheet; what is not given is guessed."""
    near = catalogue.sources.get(sheet.proche)
    line = ligne or _near_header(sheet) or guess_header(sheet)
    nested = _looks_nested(sheet, line) if is_nested is None else is_nested
    chosen = statistique or (
        near.tableaux[0].blocs[0].source if near and near.tableaux[0].blocs else _guess_producer(catalogue, sheet, line, nested)
    )
    proposals = tuple(propose(sheet, line, nested, catalogue, chosen))
    known = {}
    rows: dict[str, str] = {}
    if near and near.tableaux[0].forme in ("tableau", "transpose"):
        known = describe_source(near, [item.entete for item in proposals], dict(sheet.suggestions))
        if near.tableaux[0].forme == "transpose":
            rows = {name: cle for bloc in near.tableaux[0].blocs for name, cle in bloc.colonnes.items()}
    contents = [
        known[item.entete].contenu if item.entete in known else (item.suggestions[0].contenu if item.suggestions else "")
        for item in proposals
    ]
    rule = near.tableaux[0].blocs[0].millesime if near and near.tableaux[0].blocs else None
    return Brouillon(
        ligne=line,
        is_nested=nested,
        statistique=chosen,
        titre=f"{near.titre} (nouvelle présentation)" if near else "",
        periode=_guess_period(sheet, proposals, contents),
        proposals=proposals,
        connues=known,
        lignes=rows,
        jour=rule.jour if rule else "12-31",
        vide=near.vide if near else "manquant",
        intitule=_guess_title(sheet, line, proposals),
        zonage=_guess_zoning(proposals),
    )


def _guess_period(sheet: SheetPreview, proposals: Sequence[Proposal], contents: Sequence[str]) -> str:
    """Where the dates stand: a column, the headers (two of them differ by their date only), the sheet's name, or nowhere."""
    if DATE in contents:
        return EN_LIGNE
    groups = group_by_period([item.entete for item in proposals])
    if any(len(names) > 1 for names in groups.values()):
        return DES_ENTETES
    return DE_LA_FEUILLE if mark_periods(sheet.nom, PERIOD) != sheet.nom else DU_FICHIER


def group_by_period(entetes: Iterable[str]) -> dict[str, list[str]]:
    """Headers which differ by their date only, under what they have in common: « ABC {date} » → « ABC 2020 », « ABC 2021 »."""
    groups: dict[str, list[str]] = {}
    for entete in entetes:
        groups.setdefault(mark_periods(entete, PERIOD), []).append(entete)
    return groups


def _guess_zoning(proposals: Sequence[Proposal]) -> str:
    """What the codes are, when their column says it."""
    for item in proposals:
        if item.suggestions and item.suggestions[0].contenu == TERRITOIRE:
            words = normalise(item.entete)
            if "epci" in words or all(re.fullmatch(r"2[04]\d{7}", cell) for cell in item.exemples):
                return EPCI
            found = re.search(r"\b(dep|reg)", words)
            return {"dep": DEPARTEMENT, "reg": REGION}[found[1]] if found else ""
    return ""


def name_group(entetes: Sequence[str]) -> str:
    """« ABC 2020 » and « ABC 2021 » → « ABC …, 2 dates de 2020 à 2021 »."""
    common, days = mark_periods(entetes[0], "…"), [replace_periods(entete, "")[1] for entete in entetes]
    return f"{common}, {len(entetes)}\u00a0dates de {days[0]} à {days[-1]}"


def _guess_title(sheet: SheetPreview, line: int, proposals: Sequence[Proposal]) -> str:
    """When headers are bare dates they say nothing of what is counted: the title above must, and is looked for next year."""
    if not any(mark_periods(item.entete, PERIOD).strip() == PERIOD for item in proposals):
        return ""
    above = [text for number, texts in sheet.lignes if number < line for text in texts if len(text) > 5]
    return mark_periods(above[0], "*") if above else ""


def _guess_producer(catalogue: Catalogue, sheet: SheetPreview, line: int, is_nested: bool) -> str:
    """The statistical source which counts most of what the columns probably hold, a local one at equality."""
    owners: dict[str, set[str]] = {}
    for source in catalogue.sources.values():
        for tableau in source.tableaux:
            for bloc in tableau.blocs:
                for cle in bloc.colonnes.values():
                    owners.setdefault(str(parse_cle(cle)), set()).add(bloc.source)
    votes = {name: 0.0 if item.protegee else 0.1 for name, item in catalogue.statistiques.items()}
    for proposal in propose(sheet, line, is_nested, catalogue, ""):
        best = proposal.suggestions[0].contenu if proposal.suggestions else ""
        for name in owners.get(best, ()):
            votes[name] += proposal.suggestions[0].score / 100
    return max(votes, key=lambda name: votes[name])


def _near_header(sheet: SheetPreview) -> int:
    """The line where the headers that the nearest layout does not know stand: its header."""
    wanted = {normalise(text) for text in sheet.inconnus}
    counts = {line: sum(normalise(text) in wanted for text in texts if text) for line, texts in sheet.lignes if line <= 30}
    best = max(counts, key=lambda line: counts[line], default=0)
    return best if counts.get(best, 0) else 0


def _looks_nested(sheet: SheetPreview, line: int) -> bool:
    """Headers under merged ones, which are not a title over the whole table."""
    width = len([text for text in read_headers(sheet, line, False) if text])
    return any(top == line - 1 and right > left and right - left + 1 < width for top, left, _, right in sheet.fusions)


def is_place(text: str) -> bool:
    """A code of quartier, commune or IRIS, or a total: nothing to ask."""
    return is_aggregate(text) or bool(_CODE.fullmatch(text.upper().replace(" ", "")))


def describe_content(catalogue: Catalogue, content: str) -> str:
    """A fact key or a dimension in words."""
    if content.startswith(DIMENSION):
        return f"Ventilation\u00a0: {catalogue.dimensions[content.removeprefix(DIMENSION)].titre}"
    return describe_cle(catalogue, parse_cle(content))
