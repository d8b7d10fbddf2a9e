"""The attacker of a contract of several quartiers: holds what is published of each of them, and of all together.

A disclosure is a masked cell which says something of a few persons (a small count, a whole group on one side), bounded
more closely than its threshold. A large count masked for a neighbour's sake only, or a zero under a shown zero, is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import pandas as pd

from ozoir.catalogue.loading import Catalogue, load_catalogue
from ozoir.catalogue.model import Territoire
from ozoir.indicators.attack import Cell, Constraint, Disclosure, Knowledge, find_shown
from ozoir.indicators.audit import AuditReport, Told, all_results, check_documents, values_of
from ozoir.indicators.cells import Values, read_cells
from ozoir.indicators.ensembles import facts_of, views_of
from ozoir.indicators.grouping import apply_groupings
from ozoir.indicators.masking import Masks
from ozoir.indicators.publication import publish
from ozoir.indicators.reading import Reading, read_constraints
from ozoir.indicators.relations import COMMUNE, QPV, RESTE
from ozoir.indicators.results import Result
from ozoir.store.base import Store
from ozoir.store.facts import current_facts, history_facts

Tables = dict[str, Mapping[date, list[Values]]]


@dataclass(frozen=True)
class Held:
    """What else readers may hold of one quartier: the Results of editions handed out before, and its documents read back
    (lines of lists of figures, then numbers which are no shown figure)."""

    frozen: tuple[Result, ...] = ()
    readings: tuple[Reading, ...] = ()
    strays: tuple[tuple[str, float], ...] = ()


def attack_together(
    facts: pd.DataFrame,
    catalogue: Catalogue,
    masks: Masks,
    results: Mapping[str, Iterable[Result]] | None = None,
    frozen: Mapping[str, Iterable[Result]] | None = None,
) -> list[Disclosure]:
    """Every disclosure of one version of the facts. results: what each quartier's pages show, by its id; frozen: what
    earlier editions showed of it, which stays known and may be about values corrected since."""
    views = views_of(catalogue)
    tables = {view.id: _read(facts, view, catalogue, masks) for view in views}
    whole = views[-1].id
    knowledge, found = Knowledge(catalogue), []
    told = [Told(shown, lambda cell, name=name: named(cell, name, whole)) for name, shown in (frozen or {}).items()]

    def is_hidden(cell: Cell) -> bool:
        return masks.hides(cell.source, cell.day, cell.cle, cell.territory)

    def is_unknown(view: str, cell: Cell) -> bool:
        own = replace(cell, territory=place(view, cell.territory, whole))
        return is_hidden(cell) and not any(item.gives(own, knowledge.truth) for item in told)

    # The unknowns of all the views first, so that each equation knows which of its cells are masked.
    for _ in range(2):
        knowledge.rows.clear()
        knowledge.groups.clear()
        for view in views:
            knowledge.read(
                tables[view.id],
                partial(is_unknown, view.id),
                lambda name, view=view: place(view.id, name, whole),
                is_telling_only=True,
            )
    for row in _sums(knowledge, [view.id for view in views[:-1]], whole):
        knowledge.add_equation(row)
    for name, shown in (results or {}).items():
        for constraint in _constraints(shown, name, whole, knowledge):
            knowledge.add_constraint(constraint)
    for item in told:
        for constraint in item.true_of(knowledge.truth):
            knowledge.add_constraint(constraint)
    for view in views:
        found += find_shown(tables[view.id], catalogue, is_hidden)
    return list(dict.fromkeys([*found, *knowledge.groups, *knowledge.find_disclosures()]))


def audit_together(store: Store, catalogue: Catalogue, diffusion: str, held: Mapping[str, Held] | None = None) -> AuditReport:
    """The report on all that is published of a contract's quartiers, on the present values and on each import's own.

    held: what else is held of each, by its id.
    """
    store = store.of_contract(catalogue.contrat.id)
    territoires = [item for item in catalogue.territoires if item.code_commune == catalogue.territoire.code_commune]
    shown = {
        item.id: publish(store, load_catalogue(contrat=catalogue.contrat.id, quartier=item.id), diffusion)
        for item in territoires
    }
    publication = shown[catalogue.territoire.id]
    masks, declared = publication.masks, publication.catalogue
    codes = declared.territoire.codes_lus
    facts, history = current_facts(store, list(codes)), history_facts(store, codes)
    results = {name: list(all_results(item)) for name, item in shown.items()}
    frozen = {name: item.frozen for name, item in (held or {}).items()}
    found = attack_together(facts, declared, masks, results, frozen)
    for _, version in history.groupby("import_id"):
        found += attack_together(version, declared, masks, frozen=frozen)
    for name, item in (held or {}).items():
        view = shown[name].catalogue
        values = values_of(_read(facts, view.territoire, view, masks))
        found += check_documents(shown[name], values, item.readings, item.strays)
    cells = [
        (view.id, Cell(values.source, day, cle, territory))
        for view in views_of(declared)
        for day, variants in _read(facts, view, declared, masks).items()
        for values in variants
        for cle, given in values.cells.items()
        for territory in given
    ]
    hidden = sum(masks.hides(cell.source, cell.day, cell.cle, cell.territory) for _, cell in cells)
    count = sum(1 for shown in results.values() for result in shown for _ in read_constraints(result))
    kept = {"telle que publiée": 100 * (len(cells) - hidden) / len(cells)} if cells else {}
    return AuditReport(tuple(dict.fromkeys(found)), len(cells), hidden, count, kept)


def _read(facts: pd.DataFrame, view: Territoire, catalogue: Catalogue, masks: Masks) -> Mapping[date, list[Values]]:
    seen = apply_groupings(facts_of(facts, view, catalogue), masks.groupings)
    days = pd.to_datetime(seen["date_reference"]).dt.date
    is_other = [masks.hides_other_zoning(*row) for row in zip(seen["source"], days, seen["zonage"], strict=True)]
    is_quartier = seen["territoire"].isin(view.codes_quartier)
    return read_cells(
        seen[~(is_quartier & pd.Series(is_other, index=seen.index, dtype=bool))], replace(catalogue, territoire=view)
    )


def place(view: str, territory: str, whole: str) -> str:
    """One name per place, whatever the page: a quartier alone leaves its neighbours beside the rest."""
    if territory == COMMUNE:
        return COMMUNE
    if territory == QPV:
        return view
    return RESTE if view == whole else f"hors {view}"


def _sums(knowledge: Knowledge, quartiers: list[str], whole: str) -> Iterator[dict[Cell, float]]:
    """Σ quartiers = the whole of them, wherever all are given."""
    for cell in list(knowledge.truth):
        if isinstance(cell, Cell) and cell.territory == whole:
            parts = [replace(cell, territory=name) for name in quartiers]
            if all(part in knowledge.truth for part in parts):
                yield {**dict.fromkeys(parts, 1.0), cell: -1.0}


def _constraints(results: Iterable[Result], view: str, whole: str, knowledge: Knowledge) -> Iterator[Constraint]:
    """What one quartier's pages say."""

    def known(cell: Cell) -> float | None:
        own = named(cell, view, whole)
        return None if own in knowledge.seuils else knowledge.truth.get(own)

    for result in results:
        for constraint in read_constraints(result, known):
            cells = {named(cell, view, whole): weight for cell, weight in constraint.coefficients.items()}
            yield replace(constraint, coefficients=cells)


def named(cell: Cell, view: str, whole: str) -> Cell:
    """A cell that a quartier's page speaks of; the rest shown there leaves its neighbours out."""
    return replace(cell, territory=RESTE if cell.territory == RESTE else place(view, cell.territory, whole))
