"""Attack one's own publication: every fact, every figure of every Result, then linear programming on what is masked.

Also measures what masking costs: the share of cells kept, against masking small counts alone and whole families.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from ozoir.indicators.attack import Cell, Constraint, Disclosure, attack
from ozoir.indicators.cells import read_cells
from ozoir.indicators.grouping import apply_groupings
from ozoir.indicators.masking import Masks, find_masks
from ozoir.indicators.publication import Publication
from ozoir.indicators.relations import COMMUNE, QPV, RESTE
from ozoir.indicators.results import Figure, Point, Result, Serie
from ozoir.numbers import NARROW, NBSP, format_number, plural

SEX_AND_AGE = ("sexe", "age")


@dataclass(frozen=True)
class AuditReport:
    """`kept`: rule → share of publishable cells kept, in %; `masked` and `cells` count cells of sources masked here."""

    disclosures: tuple[Disclosure, ...]
    cells: int
    masked: int
    constraints: int
    kept: dict[str, float]

    def summary(self) -> dict:
        return {
            "divulgations": [disclosure.sentence() for disclosure in self.disclosures],
            "cellules": self.cells,
            "masquees": self.masked,
            "valeurs_derivees_lues": self.constraints,
            "part_conservee": self.kept,
        }

    def text(self) -> str:
        if not self.cells:
            return f"Aucune source locale n’est chargée{NBSP}: les producteurs ont protégé leurs données."
        lines = [
            f"{plural(self.cells, 'cellule')} de sources locales (quartier, reste, commune), {plural(self.masked, 'masquée')}, "
            f"{plural(self.constraints, 'valeur dérivée lue', 'valeurs dérivées lues')}.",
            *(f"Part conservée, {rule}{NBSP}: {format_number(share, 1)}{NARROW}%" for rule, share in self.kept.items()),
        ]
        if self.disclosures:
            lines += [
                f"{plural(len(self.disclosures), 'divulgation')}{NBSP}:",
                *(f"– {found.sentence()}" for found in self.disclosures),
            ]
        else:
            lines.append("Aucune divulgation\u00a0: chaque cellule masquée peut encore varier d’au moins son seuil.")
        return "\n".join(lines)


def audit(publication: Publication) -> AuditReport:
    """The report on one publication."""
    catalogue, masks = publication.catalogue, publication.masks
    facts = apply_groupings(publication.confidential_facts(), masks.groupings)
    tables = read_cells(facts, catalogue)
    constraints = [constraint for result in all_results(publication) for constraint in read_constraints(result)]
    disclosures = attack(tables, catalogue, lambda cell: hides(masks, cell), constraints)
    cells = [
        Cell(values.source, day, cle, territory)
        for day, variants in tables.items()
        for values in variants
        for cle, given in values.cells.items()
        for territory, value in given.items()
        if value is not None
    ]
    primary = find_masks(facts, catalogue, protections=("seuil", "reste"))
    families = {(cell.source, cell.day, cell.cle.mesure, tuple(cell.cle.breakdown)) for cell in cells if hides(primary, cell)}
    kept = {
        "telle que publiée": [not hides(masks, cell) for cell in cells],
        "en ne masquant que les petits effectifs (retrouvables)": [not hides(primary, cell) for cell in cells],
        "en masquant toute famille qui en contient un": [
            (cell.source, cell.day, cell.cle.mesure, tuple(cell.cle.breakdown)) not in families for cell in cells
        ],
    }
    return AuditReport(
        disclosures=tuple(disclosures),
        cells=len(cells),
        masked=sum(hides(masks, cell) for cell in cells),
        constraints=len(constraints),
        kept={rule: 100 * sum(flags) / len(flags) if flags else 100.0 for rule, flags in kept.items()},
    )


def hides(masks: Masks, cell: Cell) -> bool:
    return masks.hides(cell.source, cell.day, cell.cle, cell.territory)


def all_results(publication: Publication) -> Iterator[Result]:
    """Every Result that a reader can ask for: each breakdown, under each filter of sex and of age."""
    catalogue = publication.catalogue
    for indicateur in catalogue.indicateurs.values():
        filters = [{}]
        for dimension in set(SEX_AND_AGE) & set(indicateur.decoupages):
            filters += [{dimension: modality} for modality in catalogue.dimensions[dimension].modalites]
        for decoupage, chosen in product(("", *indicateur.decoupages), filters):
            if decoupage not in chosen:
                yield publication.result(indicateur.id, decoupage, chosen)


def read_constraints(result: Result) -> Iterator[Constraint]:
    """What the shown figures say of cells, within the rounding with which they are shown."""
    for serie in result.series:
        for point in serie.points:
            yield from _point_constraints(serie, point)


def _point_constraints(serie: Serie, point: Point) -> Iterator[Constraint]:
    for territory, figure in ((QPV, point.qpv), (RESTE, point.reste), (COMMUNE, point.commune)):
        if not figure.is_shown:
            continue
        cell = Cell(point.source, point.date_reference, serie.cle, territory)
        low, high = _rounding(figure)
        if serie.cle_denominateur is None:
            yield Constraint({cell: 1.0}, low, high)
            continue
        below = Cell(point.source_denominateur, point.date_denominateur, serie.cle_denominateur, territory)
        if figure.numerateur is not None:
            yield Constraint({cell: 1.0}, figure.numerateur, figure.numerateur)
            yield Constraint({below: 1.0}, figure.denominateur, figure.denominateur)
        yield Constraint({cell: 100.0, below: -high}, float("-inf"), 0.0)
        yield Constraint({cell: 100.0, below: -low}, 0.0, float("inf"))
    if point.part.is_shown:
        qpv, commune = (Cell(point.source, point.date_reference, serie.cle, name) for name in (QPV, COMMUNE))
        low, high = _rounding(point.part)
        yield Constraint({qpv: 100.0, commune: -high}, float("-inf"), 0.0)
        yield Constraint({qpv: 100.0, commune: -low}, 0.0, float("inf"))


def _rounding(figure: Figure) -> tuple[float, float]:
    half = 0.5 * 10**-figure.decimales
    return figure.valeur - half, figure.valeur + half
