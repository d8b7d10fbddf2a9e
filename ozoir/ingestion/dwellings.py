"""A table of one row per dwelling becomes counts and amounts; the rows themselves are never returned.

Counted apart: the quartier and, when the file also lists dwellings outside it, the whole stock of the commune.
An amount (rents, arrears) borne by fewer dwellings than the source's threshold is withheld here, since below it the
sum is the affair of identifiable households; so are the modalities from which it could be found by difference.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from ozoir.catalogue.model import STATUTS, Bloc, Cle, ReglesLogements, parse_cle
from ozoir.errors import OzoirError, did_you_mean
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, INFORMATION, Finding
from ozoir.ingestion.dwelling_columns import QUARTIER, RESTE, DwellingColumns, is_none, read_columns
from ozoir.ingestion.facts import Context, day_number
from ozoir.ingestion.recognition import Recognised
from ozoir.ingestion.sheets import Job
from ozoir.ingestion.territories import QUARTIER as QUARTIER_TOKEN
from ozoir.ingestion.territories import Territory
from ozoir.ingestion.vintages import Period
from ozoir.numbers import format_number, plural

LONG_VACANCY_MONTHS = 3  # « depuis plus de trois mois »: strictly more, for vacancy as for arrears
LONG_ARREARS_MONTHS = 3
POOR_DPE = ("E", "F", "G")
AGGREGATES = (
    *("logements", "proposes", "loues", "occupes", "vacants", "vides"),
    *("vacants_longue_duree", "departs", "emmenagements", "accessibles", "dpe_connus", "energivores"),
    *("loyers_connus", "loyers", "loyer_moyen", "loyer_m2", "surfaces_louees"),
    *("occupants", "occupation_connue", "suroccupes", "suroccupes_lourds", "sousoccupes", "sousoccupes_lourds"),
    *("impayes_connus", "menages_impayes", "impayes", "menages_impayes_longs"),
)


@dataclass(frozen=True)
class Aggregate:
    """One thing counted: on which dwellings, and of what.

    role: the column it comes from. is_counted: which dwellings. added: what is summed (None: the dwellings themselves).
    divided: the sum is divided by the sum of this (a mean when it is all ones).
    """

    role: str
    is_counted: np.ndarray
    added: np.ndarray | None = None
    divided: np.ndarray | None = None


def extract_dwellings(job: Job, sheet: Recognised, period: Period) -> None:
    """Facts of one recognised table of dwellings; a blocking finding leaves none."""
    job.is_row_level = True
    columns = read_columns(sheet, job.catalogue.territoire)
    job.count(sheet.grid, **columns.lecture)
    if not any(finding.gravite == BLOQUANT for finding in columns.findings):
        for bloc in sheet.layout.tableau.blocs:
            day, is_readable = job.find_date(bloc, period, sheet)
            if is_readable and day:
                _load_block(job, sheet, columns, bloc, day, period.edition)
    job.findings += columns.findings


def _load_block(job: Job, sheet: Recognised, columns: DwellingColumns, bloc: Bloc, day: date, edition: str) -> None:
    tableau, source = sheet.layout.tableau, sheet.layout.source
    aggregates = build_aggregates(columns, tableau.logements, day)
    job.dates.setdefault(bloc.nom, set()).add(day)
    number = day_number(day)
    quartier = job.territory_rank(Territory(QUARTIER_TOKEN, ""), day)
    territories = {QUARTIER: quartier, RESTE: job.builder.territoires.rank(job.commune())}
    for name, aggregate in _declared(bloc, aggregates, columns, sheet.grid.name).items():
        column = columns.places[aggregate.role]
        context = Context(bloc.source, edition, sheet.grid.name, sheet.header_text(column))
        for cle, population, value, statut in count(parse_cle(bloc.colonnes[name]), aggregate, columns, source.seuil):
            rank = job.builder.cles.rank(cle)
            job.builder.add(
                rank, territories[population], number, value, STATUTS.index(statut), context, sheet.header.line, column
            )
    _report(columns, aggregates, sheet, day)


def build_aggregates(columns: DwellingColumns, rules: ReglesLogements, day: date) -> dict[str, Aggregate]:
    """Everything that the columns present allow to count, by the names that a layout's blocks use."""
    etat, values = columns.etat, columns.values
    is_let = etat == "loue"
    is_occupied = is_let | (etat == "association") | (etat == "occupe")
    is_vacant = etat == "vacant"
    everything = np.ones(len(etat), bool)
    found = {
        "logements": Aggregate("etat", everything),
        "proposes": Aggregate("etat", is_let | is_vacant),
        "loues": Aggregate("etat", is_let),
        "occupes": Aggregate("etat", is_occupied),
        "vacants": Aggregate("etat", is_vacant),
        "vides": Aggregate("etat", etat == "vide"),
    }
    if "depart" in values:
        is_long_ago = values["depart"] < _months_before(day, LONG_VACANCY_MONTHS)
        found["vacants_longue_duree"] = Aggregate("depart", is_vacant & is_long_ago)
        found["departs"] = Aggregate("depart", _is_within_a_year(values["depart"], day))
    if "entree" in values:
        found["emmenagements"] = Aggregate("entree", is_let & _is_within_a_year(values["entree"], day))
    if "accessible" in values:
        found["accessibles"] = Aggregate("accessible", values["accessible"] == "oui")
    if "dpe" in values:
        found["dpe_connus"] = Aggregate("dpe", ~is_none(values["dpe"]))
        found["energivores"] = Aggregate("dpe", np.isin(values["dpe"].astype(str), POOR_DPE))
    if "loyer" in values:
        found |= _rents(is_let, values)
    if "occupants" in values:
        is_known = is_occupied & ~np.isnan(values["occupants"])
        found["occupants"] = Aggregate("occupants", is_known, added=values["occupants"])
        if "pieces" in values:
            found |= _occupation(is_occupied, values, rules)
    if "impayes" in values:
        found |= _arrears(is_let, values)
    return found


def _months_before(day: date, months: int) -> np.datetime64:
    """The same day of an earlier month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return np.datetime64(date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1])))


def _is_within_a_year(days: np.ndarray, day: date) -> np.ndarray:
    """In the twelve months up to the day; « 12/2019 » reads as the first of the month, hence before 31/12/2019."""
    return (days > _months_before(day, 12)) & (days <= np.datetime64(day))


def _rents(is_let: np.ndarray, values: dict[str, np.ndarray]) -> dict[str, Aggregate]:
    rents = values["loyer"]
    is_known = is_let & ~np.isnan(rents)
    found = {
        "loyers_connus": Aggregate("loyer", is_known),
        "loyers": Aggregate("loyer", is_known, added=rents),
        "loyer_moyen": Aggregate("loyer", is_known, added=rents, divided=np.ones(len(rents))),
    }
    if "surface" in values:
        surfaces = values["surface"]
        is_measured = is_known & (surfaces > 0)
        found["loyer_m2"] = Aggregate("loyer", is_measured, added=rents, divided=surfaces)
        found["surfaces_louees"] = Aggregate("surface", is_measured, added=surfaces)
    return found


def _occupation(is_occupied: np.ndarray, values: dict[str, np.ndarray], rules: ReglesLogements) -> dict[str, Aggregate]:
    """Rooms compared with the declared norm for that many occupants, where both are known."""
    occupants, rooms = values["occupants"], values["pieces"]
    is_known = is_occupied & (occupants > 0) & (rooms > 0)
    norm = np.array(rules.pieces_normales, float)
    rank = np.clip(np.where(is_known, occupants, 1).astype(int), 1, len(norm)) - 1
    gap = np.where(is_known, rooms - norm[rank], 0)
    return {
        "occupation_connue": Aggregate("occupants", is_known),
        "suroccupes": Aggregate("occupants", gap < 0),
        "suroccupes_lourds": Aggregate("occupants", gap <= -rules.ecart_lourd),
        "sousoccupes": Aggregate("occupants", gap > 0),
        "sousoccupes_lourds": Aggregate("occupants", gap >= rules.ecart_lourd),
    }


def _arrears(is_let: np.ndarray, values: dict[str, np.ndarray]) -> dict[str, Aggregate]:
    amounts = values["impayes"]
    is_known = is_let & ~np.isnan(amounts)
    is_owing = is_let & (amounts > 0)
    found = {
        "impayes_connus": Aggregate("impayes", is_known),
        "menages_impayes": Aggregate("impayes", is_owing),
        "impayes": Aggregate("impayes", is_owing, added=amounts),
    }
    if "mois_impayes" in values:
        is_long = values["mois_impayes"] > LONG_ARREARS_MONTHS
        found["menages_impayes_longs"] = Aggregate("mois_impayes", is_owing & is_long)
    return found


def _declared(bloc: Bloc, aggregates: dict[str, Aggregate], columns: DwellingColumns, feuille: str) -> dict[str, Aggregate]:
    """The block's aggregates that this file allows; those it does not are said once."""
    for name in bloc.colonnes:
        if name not in AGGREGATES:
            raise OzoirError(
                "Agrégat de logements inconnu.",
                f"Bloc «\u00a0{bloc.nom}\u00a0»\u00a0: «\u00a0{name}\u00a0».{did_you_mean(name, AGGREGATES)} "
                f"Agrégats possibles\u00a0: {', '.join(AGGREGATES)}.",
            )
    absent = [name for name in bloc.colonnes if name not in aggregates]
    if absent:
        message = f"Colonnes absentes du fichier\u00a0: on ne peut pas calculer {', '.join(absent)}."
        columns.findings.append(Finding(AVERTISSEMENT, message, feuille))
    return {name: aggregates[name] for name in bloc.colonnes if name in aggregates}


def count(cle: Cle, aggregate: Aggregate, columns: DwellingColumns, threshold: int) -> Iterator[tuple[Cle, int, float, str]]:
    """(key, QUARTIER or RESTE for the commune, value, status): the total, then each modality of each dimension."""
    whole = np.zeros(len(columns.population), int)
    yield from _cross([cle], aggregate, columns.population, whole, threshold)
    for dimension, ranks in columns.modalities.items():
        keys = [cle.with_modality(dimension, label) for label in columns.labels[dimension]]
        yield from _cross(keys, aggregate, columns.population, ranks, threshold)


def _cross(keys: list[Cle], aggregate: Aggregate, population: np.ndarray, ranks: np.ndarray, threshold: int):
    """Population × modality sums; nothing for the commune when the file stays within the quartier."""
    size = len(keys)
    is_counted = aggregate.is_counted & (ranks >= 0)
    cells = population[is_counted] * size + ranks[is_counted]

    def total(weights: np.ndarray | None) -> np.ndarray:
        picked = None if weights is None else weights[is_counted]
        return np.bincount(cells, weights=picked, minlength=2 * size).reshape(2, size)

    dwellings = total(None)
    added = dwellings if aggregate.added is None else total(aggregate.added)
    divided = None if aggregate.divided is None else total(aggregate.divided)
    is_withheld = np.zeros((2, size), bool) if aggregate.added is None else find_withheld(dwellings, threshold)
    summed = {QUARTIER: [QUARTIER], RESTE: [QUARTIER, RESTE]} if (population == RESTE).any() else {QUARTIER: [QUARTIER]}
    for rank, key in enumerate(keys):
        for row, rows in summed.items():
            value, statut = _cell(added, divided, rows, rank)
            yield (key, row, float("nan"), "non_diffuse") if is_withheld[row, rank] else (key, row, value, statut)


def _cell(added: np.ndarray, divided: np.ndarray | None, rows: list[int], rank: int) -> tuple[float, str]:
    value = float(added[rows, rank].sum())
    if divided is None:
        return value, "connu"
    base = float(divided[rows, rank].sum())
    return (value / base, "connu") if base else (float("nan"), "sans_objet")


def find_withheld(dwellings: np.ndarray, threshold: int) -> np.ndarray:
    """Which amounts may not be kept, for (quartier, commune) × modality, from the dwellings of (quartier, reste).

    The commune's amount gives the rest's by difference: it is withheld when the rest is under the threshold. Within
    a breakdown a modality withheld for one is withheld for both, and the smallest of the others joins it until what
    the totals give by difference bears on enough dwellings.
    """
    is_small = (dwellings > 0) & (dwellings < threshold)
    if dwellings.shape[1] == 1:
        return is_small
    is_hidden = is_small.any(axis=0)
    while True:
        hidden = dwellings[:, is_hidden].sum(axis=1)
        if not ((hidden > 0) & (hidden < threshold)).any() or is_hidden.all():
            return np.vstack([is_hidden, is_hidden])
        sizes = np.where(is_hidden | (dwellings.sum(axis=0) == 0), np.inf, dwellings.sum(axis=0))
        if np.isinf(sizes).all():
            return np.vstack([is_hidden, is_hidden])
        is_hidden[int(np.argmin(sizes))] = True


def _report(columns: DwellingColumns, aggregates: dict[str, Aggregate], sheet: Recognised, day: date) -> None:
    """What was left unknown, so that a partial figure is never taken for a whole one."""

    def say(gravite: str, message: str) -> None:
        columns.findings.append(Finding(gravite, message, sheet.grid.name))

    is_let, is_vacant = columns.etat == "loue", columns.etat == "vacant"
    bases = {
        "loyer": is_let,
        "entree": is_let,
        "impayes": is_let,
        "depart": is_vacant,
        "occupants": aggregates["occupes"].is_counted,
    }
    for role, base in bases.items():
        if role not in columns.values:
            continue
        header, values = sheet.header_text(columns.places[role]), columns.values[role]
        unknown = int((base & (np.isnat(values) if values.dtype.kind == "M" else np.isnan(values))).sum())
        if unknown:
            share = format_number(100 * unknown / base.sum(), 1)
            who = f"{plural(unknown, 'logement')} ({share}\u202f%) sans «\u00a0{header}\u00a0»"
            say(AVERTISSEMENT, f"Valeur attendue et absente\u00a0: {who}, absents des chiffres qui en viennent.")
    for role in ("entree", "depart"):
        if role in columns.values and (later := int((columns.values[role] > np.datetime64(day)).sum())):
            header = sheet.header_text(columns.places[role])
            say(
                AVERTISSEMENT,
                f"Date du fichier à vérifier\u00a0: {plural(later, 'date')} après elle dans «\u00a0{header}\u00a0».",
            )
    if not (columns.population == RESTE).any():
        say(INFORMATION, "Tous les logements sont dans le quartier\u00a0: aucun chiffre n’est produit pour la commune.")
