"""Attack one's own publication: every fact, every figure of every Result, then linear programming on what is masked.

Also measures what masking costs: the share of cells kept, against masking small counts alone and whole families.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import pandas as pd

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle
from ozoir.indicators.attack import Cell, Constraint, Disclosure, attack, is_true
from ozoir.indicators.cells import Values, read_cells
from ozoir.indicators.grouping import apply_groupings
from ozoir.indicators.masking import Masks, find_masks
from ozoir.indicators.publication import Publication
from ozoir.indicators.reading import Reading, find_strays, masked_rates, misread, read_constraints, shown_counts
from ozoir.indicators.relations import COMMUNE, QPV, RESTE
from ozoir.indicators.results import Result
from ozoir.numbers import NARROW, NBSP, format_number, plural

SEX_AND_AGE = ("sexe", "age")


@dataclass(frozen=True)
class AuditReport:
    """`kept`: rule → share of publishable cells kept, in %; `masked` and `cells` count cells of sources masked here.

    unread: documents that could not be read back.
    """

    disclosures: tuple[Disclosure, ...]
    cells: int
    masked: int
    constraints: int
    kept: dict[str, float]
    unread: tuple[str, ...] = ()

    def summary(self) -> dict:
        return {
            "divulgations": [disclosure.sentence() for disclosure in self.disclosures],
            "cellules": self.cells,
            "masquees": self.masked,
            "valeurs_derivees_lues": self.constraints,
            "part_conservee": self.kept,
            "documents_non_relus": self.unread,
        }

    def text(self) -> str:
        if not self.cells:
            return f"Aucune source locale n’est chargée{NBSP}: les producteurs ont protégé leurs données."
        lines = [
            f"{plural(self.cells, 'cellule')} de sources locales (quartier, reste, commune), {plural(self.masked, 'masquée')}, "
            f"{plural(self.constraints, 'valeur dérivée lue', 'valeurs dérivées lues')}.",
            *(f"Part conservée, {rule}{NBSP}: {format_number(share, 1)}{NARROW}%" for rule, share in self.kept.items()),
        ]
        if self.unread:
            lines.append(f"Non relus, faute de pdftotext (paquet poppler-utils){NBSP}: {', '.join(self.unread)}.")
        if self.disclosures:
            lines += [
                f"{plural(len(self.disclosures), 'divulgation')}{NBSP}:",
                *(f"– {found.sentence()}" for found in self.disclosures),
            ]
        else:
            lines.append("Aucune divulgation\u00a0: chaque cellule masquée peut encore varier d’au moins son seuil.")
        return "\n".join(lines)


def audit(
    publication: Publication,
    history: pd.DataFrame | None = None,
    frozen: Iterable[Result] = (),
    readings: Iterable[Reading] = (),
    strays: Iterable[tuple[str, float]] = (),
) -> AuditReport:
    """The report on one publication.

    `history`: every value ever loaded; `frozen`: the Results of editions handed out before; `readings`: what was read
    back from files; `strays`: numbers found there which are no shown figure. All that was ever shown is attacked
    together, on the present values and on each former version, by somebody who reads the producers' files too.
    """
    catalogue, masks = publication.catalogue, publication.masks
    facts = apply_groupings(publication.confidential_facts(), masks.groupings)
    tables = read_cells(facts, catalogue)
    values = values_of(tables)
    constraints = [
        constraint
        for result in all_results(publication)
        for constraint in read_constraints(result, lambda cell: None if hides(masks, cell) else values.get(cell))
    ]
    told, published = Told(frozen), find_published(facts, catalogue)

    def is_told(cell: Cell, own: Mapping[Cell, float]) -> bool:
        return told.gives(cell, own) or own.get(cell) in published.get((cell.day, cell.cle, cell.territory), ())

    def attack_version(version: Mapping[date, list[Values]], own: dict[Cell, float], shown=()) -> list[Disclosure]:
        known = [*shown, *told.true_of(own)]
        pinned = attack(version, catalogue, lambda cell: hides(masks, cell), known, lambda cell: is_told(cell, own))
        return [item for item in pinned if not _is_published(item, published)]

    found = attack_version(tables, values, constraints)
    for version in _versions(history, masks, catalogue, tables):
        found += attack_version(version, values_of(version))
    found += check_documents(publication, values, readings, strays)
    cells = list(values)
    return AuditReport(
        disclosures=tuple(dict.fromkeys(found)),
        cells=len(cells),
        masked=sum(hides(masks, cell) for cell in cells),
        constraints=len(constraints) + len(told.constraints),
        kept=_measure_utility(facts, catalogue, masks, cells),
    )


def find_published(facts: pd.DataFrame, catalogue: Catalogue) -> dict[tuple[date, Cle, str], set[float]]:
    """(date, key, territory) → the counts that producers publish, and what is left of the commune's without the quartier's.

    One that a partner's extract gives too is known to whoever reads both, masked here or not.
    """
    protected = [name for name, source in catalogue.statistiques.items() if source.protegee]
    chosen = facts[facts["source"].isin(protected) & facts["statut"].isin(("connu", "provisoire"))]
    territoire, found = catalogue.territoire, defaultdict(lambda: defaultdict(set))
    columns = ("date_reference", "mesure", "sexe", "age", "detail", "territoire", "valeur")
    for day, mesure, sexe, age, detail, code, value in zip(*(chosen[name] for name in columns), strict=True):
        cle = Cle(mesure, sexe, age, detail)
        if catalogue.mesures[mesure].is_counted and code in (*territoire.codes_quartier, territoire.code_commune):
            found[day.date(), cle][COMMUNE if code == territoire.code_commune else QPV].add(value)
    for places in found.values():
        places[RESTE] = {whole - part for whole in places.get(COMMUNE, ()) for part in places.get(QPV, ())}
    return {(*key, place): values for key, places in found.items() for place, values in places.items()}


def _is_published(found: Disclosure, published: Mapping[tuple[date, Cle, str], set[float]]) -> bool:
    """Whether what was found is what a producer publishes of that very cell, withheld in the partner's extract."""
    values = published.get((found.cell.day, found.cell.cle, found.cell.territory), ())
    return not found.reason and any(found.low - 0.5 < value < found.high + 0.5 for value in values)


def check_documents(
    publication: Publication, values: Mapping[Cell, float], readings: Iterable[Reading], strays: Iterable[tuple[str, float]]
) -> Iterator[Disclosure]:
    """What documents write that the publication does not show."""
    yield from misread(readings, lambda name, decoupage: publication.result(name, decoupage))
    if strays := list(strays):
        yield from find_strays(strays, _masked_truth(publication, values))


def _masked_truth(publication: Publication, values: Mapping[Cell, float]) -> Iterator[tuple[Cell, float]]:
    """What each masked count, and each masked rate, would have said."""
    yield from ((cell, value) for cell, value in values.items() if hides(publication.masks, cell))
    for result in all_results(publication):
        for above, below in masked_rates(result):
            if above in values and values.get(below):
                yield above, 100 * values[above] / values[below]


def _measure_utility(facts: pd.DataFrame, catalogue: Catalogue, masks: Masks, cells: list[Cell]) -> dict[str, float]:
    """Rule → share of the cells that it would keep, in %."""
    primary = find_masks(facts, catalogue, protections=("seuil", "reste"))
    families = {_family(cell) for cell in cells if hides(primary, cell)}
    kept = {
        "telle que publiée": [not hides(masks, cell) for cell in cells],
        "en ne masquant que les petits effectifs (retrouvables)": [not hides(primary, cell) for cell in cells],
        "en masquant toute famille qui en contient un": [_family(cell) not in families for cell in cells],
    }
    return {rule: 100 * sum(flags) / len(flags) if flags else 100.0 for rule, flags in kept.items()}


def _family(cell: Cell) -> tuple:
    return cell.source, cell.day, cell.cle.mesure, tuple(cell.cle.breakdown)


def values_of(tables: Mapping[date, list[Values]]) -> dict[Cell, float]:
    return {
        Cell(values.source, day, cle, territory): value
        for day, variants in tables.items()
        for values in variants
        for cle, given in values.cells.items()
        for territory, value in given.items()
        if value is not None
    }


def _versions(
    history: pd.DataFrame | None, masks: Masks, catalogue: Catalogue, present: Mapping[date, list[Values]]
) -> Iterator[dict[date, list[Values]]]:
    """What each source said of each date before it was corrected: one version of each at a time."""
    if history is None:
        return
    past = read_cells(apply_groupings(history, masks.groupings), catalogue, by_import=True)
    former: dict[tuple[date, str], list[Values]] = defaultdict(list)
    for day, variants in past.items():
        for values in variants:
            if not any(values.is_within(other) for other in present.get(day, [])):
                former[day, values.source].append(values)
    for rank in range(max(map(len, former.values()), default=0)):
        version: dict[date, list[Values]] = defaultdict(list)
        for (day, _), variants in former.items():
            if rank < len(variants):
                version[day].append(variants[rank])
        yield version


class Told:
    """What earlier editions showed: it stays known, and may be about values corrected since.

    named: what to call a cell of these editions, when there are several points of view.
    """

    def __init__(self, frozen: Iterable[Result], named: Callable[[Cell], Cell] = lambda cell: cell) -> None:
        self.constraints: list[Constraint] = []
        self.counts: dict[Cell, set[float]] = defaultdict(set)
        for result in frozen:
            self.constraints += [
                replace(item, coefficients={named(cell): weight for cell, weight in item.coefficients.items()})
                for item in read_constraints(result)
            ]
            for cell, value in shown_counts(result):
                self.counts[named(cell)].add(value)

    def gives(self, cell: Cell, values: Mapping[Cell, float]) -> bool:
        """Whether an earlier edition showed this cell with this value."""
        return values.get(cell) in self.counts.get(cell, ())

    def true_of(self, values: Mapping[Cell, float]) -> list[Constraint]:
        return [constraint for constraint in self.constraints if is_true(constraint, values.get)]


def hides(masks: Masks, cell: Cell) -> bool:
    return masks.hides(cell.source, cell.day, cell.cle, cell.territory)


def all_results(publication: Publication) -> Iterator[Result]:
    """Every Result that a reader can ask for: each breakdown, under each filter of sex and of age."""
    catalogue = publication.catalogue
    for indicateur in catalogue.indicateurs.values():
        filters = [{}]
        for dimension in (name for name in SEX_AND_AGE if name in indicateur.decoupages):
            filters += [{dimension: modality} for modality in catalogue.dimensions[dimension].modalites]
        for decoupage, chosen in product(("", *indicateur.decoupages), filters):
            if decoupage not in chosen:
                yield publication.result(indicateur.id, decoupage, chosen)
