"""What the yearly report and the evaluation must hold: their sections, declared in bilan.toml."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from ozoir.catalogue.contrat import Contrat
from ozoir.catalogue.toml_reading import build, read_toml
from ozoir.paths import CATALOGUE

DECRET = "décret n° 2015-1118 du 3 septembre 2015"


@dataclass(frozen=True)
class Section:
    """One section. clause: id of the contract's clause it answers; decret: items of the decree.

    contenu: what the base puts there; consigne: what the team is asked to write; obligatoire: it must be written.
    """

    id: str
    titre: str
    consigne: str
    clause: str = ""
    decret: tuple[int, ...] = ()
    contenu: str = ""
    obligatoire: bool = False


@dataclass(frozen=True)
class Plan:
    """Sections of the yearly report, and of the evaluation over several years."""

    sections: tuple[Section, ...]
    evaluation: tuple[Section, ...]

    def sections_of(self, contrat: Contrat) -> tuple[Section, ...]:
        """The report's sections: each names a clause only where this contract has it; a clause of its own comes at the end."""
        clauses = contrat.suivi.clauses_bilan
        known, answered = {clause.id for clause in clauses}, {section.clause for section in self.sections}
        common = [section if section.clause in known else replace(section, clause="") for section in self.sections]
        own = [
            Section(f"clause-{clause.id}", clause.titre, clause.texte, clause=clause.id, obligatoire=True)
            for clause in clauses
            if clause.id not in answered
        ]
        return (*common, *own)


@lru_cache(maxsize=4)
def load_plan(folder: Path = CATALOGUE) -> Plan:
    path = folder / "bilan.toml"
    return build(Plan, read_toml(path), path)
