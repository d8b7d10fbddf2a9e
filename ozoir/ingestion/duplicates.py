"""One fact per key: what is said twice alike is read once, what is said twice otherwise stops the load."""

from __future__ import annotations

import numpy as np

from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, INFORMATION, Finding, name_cells
from ozoir.ingestion.facts import Facts

EPCI = "epci"
_SHOWN = 50_000


def check_duplicates(facts: Facts) -> tuple[Facts, list[Finding]]:
    """The facts without their repetitions, and what is said of these."""
    if not len(facts):
        return facts, []
    first = _first_of_key(facts)
    rank = np.arange(len(facts))
    is_repeated = first != rank
    if not is_repeated.any():
        return facts, []
    is_blank = np.isnan(facts.valeur) & np.isnan(facts.valeur[first])
    is_same = (facts.statut == facts.statut[first]) & ((facts.valeur == facts.valeur[first]) | is_blank)
    is_other_perimeter = is_repeated & ~is_same & _is_epci_of_another_sheet(facts, first)
    is_wrong = is_repeated & ~is_same & ~is_other_perimeter
    is_double = is_repeated & is_same
    is_kept = ~is_repeated
    is_kept[first[is_other_perimeter]] = False
    is_kept[is_other_perimeter] = True
    findings = [
        *_by_sheet(
            facts,
            is_wrong | np.isin(rank, first[is_wrong]),
            BLOQUANT,
            f"Plusieurs valeurs différentes pour les mêmes territoire, date et ventilation ({int(is_wrong.sum())} cas) : "
            "une ligne par personne, ou une colonne de ventilation inconnue ?",
        ),
        *_by_sheet(
            facts,
            is_other_perimeter,
            AVERTISSEMENT,
            "EPCI dont le périmètre diffère d’une feuille à l’autre : les valeurs de cette feuille, la dernière, sont gardées.",
        ),
        *_by_sheet(facts, is_double, INFORMATION, f"Valeurs répétées à l’identique, lues une fois ({int(is_double.sum())})."),
    ]
    return facts.keep(is_kept), findings


def _first_of_key(facts: Facts) -> np.ndarray:
    """For each fact, the rank of the first fact with its key."""
    sources = {context.source: None for context in facts.contextes}
    numbers = {source: number for number, source in enumerate(sources)}
    source = np.array([numbers[context.source] for context in facts.contextes])[facts.contexte]
    days, day = np.unique(facts.jour, return_inverse=True)
    key = (facts.cle.astype(np.int64) * len(facts.territoires) + facts.territoire) * len(days) + day
    _, firsts, inverse = np.unique(key * len(numbers) + source, return_index=True, return_inverse=True)
    return firsts[inverse]


def _is_epci_of_another_sheet(facts: Facts, first: np.ndarray) -> np.ndarray:
    """National files give the EPCI in two perimeters, a sheet each, under one code."""
    is_epci = np.array([territory.zonage == EPCI for territory in facts.territoires])[facts.territoire]
    names = list(dict.fromkeys(context.feuille for context in facts.contextes))
    sheet = np.array([names.index(context.feuille) for context in facts.contextes])[facts.contexte]
    return is_epci & (sheet != sheet[first])


def _by_sheet(facts: Facts, is_told: np.ndarray, gravite: str, message: str) -> list[Finding]:
    places: dict[str, list[tuple[int, int]]] = {}
    for rank in np.flatnonzero(is_told)[:_SHOWN].tolist():
        sheet = facts.contextes[facts.contexte[rank]].feuille
        places.setdefault(sheet, []).append((int(facts.ligne[rank]), int(facts.colonne[rank])))
    return [Finding(gravite, message, sheet, name_cells(cells)) for sheet, cells in places.items()]
